import type { Tx } from '../database.ts'
import { Prisma } from '../generated/client.ts'

export interface Since {
  /** The source of the consent that does not count: what an import has recorded itself does not keep its contacts. */
  readonly exceptSource: string
  /** Those that were there before: of them only activities from this time on count. */
  readonly changed: readonly string[]
  readonly from: Date
}

/**
 * Those of these contacts that have an activity on record since an import has created or changed them, or, if it has created them, consent or a note.
 * The contacts must be locked.
 */
export async function selectContactsOnRecord(
  tx: Tx,
  organizationId: string,
  created: readonly string[],
  { exceptSource, changed, from }: Since,
): Promise<Set<string>> {
  if (created.length + changed.length === 0) return new Set()
  const activity = (since: Prisma.Sql) =>
    Prisma.join(
      ['messages', 'calls', 'tickets', 'events'].map(
        (table) => Prisma.sql`
          exists (select from ${Prisma.raw(table)} a where a.organization_id = ${organizationId} and a.contact_id = k.id ${since})`,
      ),
      ' or ',
    )
  const rows = await tx.sql<{ contactId: string }[]>`
    select k.id as "contactId" from unnest(${created}::text[]) k(id)
    where exists (
        select from consent_records r
        where r.organization_id = ${organizationId} and r.contact_id = k.id and r.source <> ${exceptSource}
      )
      or exists (select from notes n where n.organization_id = ${organizationId} and n.contact_id = k.id)
      or ${activity(Prisma.empty)}
    union all
    select k.id from unnest(${changed}::text[]) k(id) where ${activity(Prisma.sql`and a.occurred_at >= ${from}`)}`
  return new Set(rows.map(({ contactId }) => contactId))
}
