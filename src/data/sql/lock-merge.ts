import type { Tx } from '../database.ts'
import type { ContactMerge } from '../generated/client.ts'

/** A merge, kept from being taken back by another transaction until this one ends; null if there is none. */
export async function lockMerge(tx: Tx, organizationId: string, id: string): Promise<ContactMerge | null> {
  const [merge] = await tx.sql<ContactMerge[]>`
    select m.organization_id as "organizationId", m.id, m.into_id as "intoId", m.from_ids as "fromIds", m.before, m.after, m.summary,
      m.merged_at as "mergedAt", m.merged_by as "mergedBy", m.unmerged_at as "unmergedAt", m.unmerged_by as "unmergedBy"
    from contact_merges m
    where m.organization_id = ${organizationId} and m.id = ${id}
    for update`
  return merge ?? null
}
