import type { Tx } from '../database.ts'

/** Those of these contacts about which somebody has put a wish or a note on record. The contacts must be locked. */
export async function selectContactsOnRecord(tx: Tx, organizationId: string, contactIds: readonly string[]): Promise<Set<string>> {
  if (contactIds.length === 0) return new Set()
  const rows = await tx.$queryRaw<{ contactId: string }[]>`
    select k.id as "contactId" from unnest(${contactIds}::text[]) k(id)
    where exists (select from consent_records r where r.organization_id = ${organizationId} and r.contact_id = k.id)
      or exists (select from notes n where n.organization_id = ${organizationId} and n.contact_id = k.id)`
  return new Set(rows.map(({ contactId }) => contactId))
}
