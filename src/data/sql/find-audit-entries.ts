import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import { type AuditEntry, Prisma } from '../generated/client.ts'
import { keyset } from './keyset.ts'

export interface AuditSearch {
  readonly contactId?: string | null | undefined
  readonly subjectId?: string | null | undefined
  readonly actorId?: string | null | undefined
  readonly actions?: readonly string[] | null | undefined
  readonly from?: Date | null | undefined
  readonly to?: Date | null | undefined
}

/** One page of an organization's audit log, newest first, and how many entries there are if it was asked, in one statement. */
export async function selectAuditEntries(
  db: ReadDb,
  organizationId: string,
  search: AuditSearch,
  request: PageRequest,
): Promise<{ entries: AuditEntry[]; total: number | null }> {
  const page = keyset({ key: Prisma.sql`a.occurred_at`, id: Prisma.sql`a.id`, direction: 'desc' }, request)
  const where = Prisma.join(conditions(organizationId, search), ' and ')
  const total = request.total
    ? Prisma.sql`(select count(*)::int from (select from audit_entries a where ${where} limit ${maxTotal + 1}) m)`
    : Prisma.sql`null::int`
  const rows = await db.sql<(AuditEntry & { total: number | null })[]>`
    select counted.total, found.* from (select ${total} as total) counted left join (
      select a.organization_id as "organizationId", a.id, a.occurred_at as "occurredAt", a.action, a.subject_id as "subjectId",
        a.contact_id as "contactId", a.fields, a.actor_id as "actorId", a.actor_name as "actorName", a.request_id as "requestId"
      from audit_entries a
      where ${where} and ${page.condition}
      order by ${page.orderBy} limit ${page.limit}
    ) found on true`
  const entries = rows.filter((row) => row.id !== null).map(({ total: _total, ...entry }) => entry)
  return { entries, total: rows[0]?.total ?? null }
}

function conditions(organizationId: string, search: AuditSearch): Prisma.Sql[] {
  const { contactId, subjectId, actorId, actions, from, to } = search
  return [
    Prisma.sql`a.organization_id = ${organizationId}`,
    ...(contactId ? [Prisma.sql`a.contact_id = ${contactId}`] : []),
    ...(subjectId ? [Prisma.sql`a.subject_id = ${subjectId}`] : []),
    ...(actorId ? [Prisma.sql`a.actor_id = ${actorId}`] : []),
    ...(actions ? [Prisma.sql`a.action = any(${actions}::text[])`] : []),
    ...(from ? [Prisma.sql`a.occurred_at >= ${from}`] : []),
    ...(to ? [Prisma.sql`a.occurred_at < ${to}`] : []),
  ]
}
