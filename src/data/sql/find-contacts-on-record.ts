import type { Tx } from '../database.ts'

/**
 * Those of these contacts that have a consent record or a note. The contacts must be locked.
 * @param exceptSource the source of the records that do not count: what an import has recorded itself does not keep its contacts
 */
export async function selectContactsOnRecord(
  tx: Tx,
  organizationId: string,
  contactIds: readonly string[],
  exceptSource: string,
): Promise<Set<string>> {
  if (contactIds.length === 0) return new Set()
  const rows = await tx.$queryRaw<{ contactId: string }[]>`
    select k.id as "contactId" from unnest(${contactIds}::text[]) k(id)
    where exists (
        select from consent_records r
        where r.organization_id = ${organizationId} and r.contact_id = k.id and r.source <> ${exceptSource}
      )
      or exists (select from notes n where n.organization_id = ${organizationId} and n.contact_id = k.id)`
  return new Set(rows.map(({ contactId }) => contactId))
}
