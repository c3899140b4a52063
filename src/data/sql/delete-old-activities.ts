import type { Tx } from '../database.ts'
import { Prisma } from '../generated/client.ts'

/** The tables of activities. */
export const activityTableNames = ['messages', 'calls', 'tickets', 'events'] as const

/** How many activities a statement removes at most. */
export const activitiesAtOnce = 5000

/** The next contacts of an organization behind an id, deleted ones included. One statement. */
export async function selectContactIdsBehind(tx: Tx, organizationId: string, after: string, limit: number): Promise<string[]> {
  const rows = await tx.sql<{ id: string }[]>`
    select c.id from contacts c where c.organization_id = ${organizationId} and c.id > ${after} order by c.id limit ${limit}`
  return rows.map(({ id }) => id)
}

/**
 * The contacts of an organization that were deleted first, before a time. Merged ones are left: they go with the contact that they were merged into, and
 * that stays as long as one of its merges is younger than `mergedBefore`. One statement.
 */
export async function selectContactsDeletedBefore(
  tx: Tx,
  organizationId: string,
  { before, mergedBefore }: { readonly before: Date; readonly mergedBefore: Date },
  limit: number,
): Promise<string[]> {
  const rows = await tx.sql<{ id: string }[]>`
    select c.id from contacts c
    where c.organization_id = ${organizationId} and c.deleted_at is not null and c.deleted_at < ${before} and c.merged_into_id is null
      and not exists (
        select from contacts m where m.organization_id = ${organizationId} and m.merged_into_id = c.id and m.deleted_at >= ${mergedBefore})
    order by c.deleted_at limit ${limit}`
  return rows.map(({ id }) => id)
}

/** Removes activities of contacts that happened before a time; tickets only if they are solved or closed. One statement. @returns how many, at most 5,000 */
export async function deleteActivities(
  tx: Tx,
  organizationId: string,
  table: (typeof activityTableNames)[number],
  { contactIds, before }: { readonly contactIds: readonly string[]; readonly before: Date },
): Promise<number> {
  const name = Prisma.raw(table)
  const isOver = table === 'tickets' ? Prisma.sql`and d.status in ('solved', 'closed')` : Prisma.empty
  return tx.prisma.$executeRaw`
    delete from ${name} t
    where t.organization_id = ${organizationId} and t.ctid = any(array(
      select d.ctid from ${name} d
      where d.organization_id = ${organizationId} and d.contact_id = any(${contactIds}::text[]) and d.occurred_at < ${before} ${isOver}
      limit ${activitiesAtOnce}
    ))`
}
