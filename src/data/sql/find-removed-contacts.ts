import type { AddressKind } from '../generated/client.ts'
import type { ReadDb } from '../database.ts'
import { idArray } from './id-array.ts'

/** What is left of a contact that is deleted, merged or erased, by the name that a caller still uses for it. */
export interface GoneContact {
  /** The id or the key of the external id. */
  readonly name: string
  /** The contact that is left, living or deleted: of a merged one that which it was merged into. Null after an erasure. */
  readonly contactId: string | null
  /** The keys of the primary addresses that the named contact had. */
  readonly phoneKey: string | null
  readonly emailKey: string | null
  /** After an erasure, the hashes of its addresses. */
  readonly erased: readonly { readonly kind: AddressKind; readonly hash: string }[]
}

interface Row extends Omit<GoneContact, 'erased'> {
  readonly addresses: readonly string[]
}

/**
 * Contacts that are not found as living ones, by ids and by keys of external ids; names that no contact ever had are absent. One statement, and none for
 * no names.
 */
export async function selectRemovedContacts(
  db: Pick<ReadDb, 'sql'>,
  organizationId: string,
  { ids, externalKeys = [] }: { readonly ids: readonly string[]; readonly externalKeys?: readonly string[] },
): Promise<Map<string, GoneContact>> {
  if (ids.length === 0 && externalKeys.length === 0) return new Map()
  const rows = await db.sql<Row[]>`
    with recursive named as (
      select i.id as name, i.id from unnest(${idArray(ids)}) i(id)
      union
      select k.key, a.contact_id from unnest(${idArray(externalKeys)}) k(key)
      join contact_addresses a on a.organization_id = ${organizationId} and a.kind = 'external' and a.key = k.key
    ),
    chain as (
      select n.name, c.id, c.merged_into_id as next, coalesce(c.phone_key, c.phone) as phone, c.email_key as email from named n
      join contacts c on c.organization_id = ${organizationId} and c.id = n.id
      union
      select chain.name, c.id, c.merged_into_id, coalesce(chain.phone, c.phone_key, c.phone), coalesce(chain.email, c.email_key) from chain
      join contacts c on c.organization_id = ${organizationId} and c.id = chain.next
    )
    select chain.name, chain.id as "contactId", chain.phone as "phoneKey", chain.email as "emailKey", '{}'::text[] as addresses from chain
    where chain.next is null
    union all
    select n.name, null, null, null, e.addresses from named n
    join erasures e on e.organization_id = ${organizationId} and e.contact_id = n.id
    where not exists (select from contacts c where c.organization_id = ${organizationId} and c.id = n.id)`
  return new Map(rows.map(({ addresses, ...row }) => [row.name, { ...row, erased: addresses.map(hashedAddress) }]))
}

/** @param text the kind and the hash, with a space between */
function hashedAddress(text: string): { kind: AddressKind; hash: string } {
  const [kind = '', hash = ''] = text.split(' ')
  return { kind: kind as AddressKind, hash } // proof: erasures are written in this form
}
