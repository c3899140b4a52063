import type { Tx } from '../database.ts'
import { type Contact, Prisma } from '../generated/client.ts'
import type { AddressKey } from './contact-addresses.ts'

/** What contacts are named by: ids, keys of phone numbers with their extensions, keys of email addresses. */
export interface ContactNames {
  readonly ids: readonly string[]
  readonly phones: readonly { readonly key: string; readonly extension: string }[]
  readonly emailKeys: readonly string[]
  readonly externalKeys: readonly string[]
  readonly strength: LockStrength
}

/** `shared` lets others that record go on; `exclusive` lets only those go on that record with a shared lock. */
export type LockStrength = 'shared' | 'exclusive'

export interface ReferencedContact extends Pick<Contact, 'id' | 'phone' | 'phoneKey' | 'phoneExtension' | 'emailKey' | 'blockedAt'> {
  /** What else it is named by: its other addresses and its external ids. */
  readonly furtherKeys: readonly AddressKey[]
}

/**
 * The living contacts of these names. Until the transaction ends none of them can be blocked or unblocked: blocking takes the
 * lock that excludes this one. The lock is the one that a reference to a contact takes anyway, so that recording requests do not wait
 * for each other, and the rows are locked in the order of their ids, so that no deadlock occurs.
 */
export async function lockReferencedContacts(tx: Tx, organizationId: string, names: ContactNames): Promise<ReferencedContact[]> {
  const keys = names.phones.map((phone) => phone.key)
  const extensions = names.phones.map((phone) => phone.extension)
  const all = [
    ...names.phones.map(({ key, extension }) => ({ kind: 'phone', key, extension })),
    ...names.emailKeys.map((key) => ({ kind: 'email', key, extension: '' })),
    ...names.externalKeys.map((key) => ({ kind: 'external', key, extension: '' })),
  ]
  const kinds = all.map(({ kind }) => kind)
  return tx.sql<ReferencedContact[]>`
    select c.id, c.phone, c.phone_key as "phoneKey", c.phone_extension as "phoneExtension", c.email_key as "emailKey", c.blocked_at as "blockedAt",
      coalesce((
        select json_agg(json_build_object('kind', a.kind, 'key', a.key, 'extension', a.extension)) from contact_addresses a
        where a.organization_id = ${organizationId} and a.contact_id = c.id and not a.is_primary
      ), '[]') as "furtherKeys"
    from contacts c
    where c.organization_id = ${organizationId} and c.deleted_at is null and c.id in (
      select unnest(${names.ids}::text[])
      union
      select p.id from unnest(${keys}::text[], ${extensions}::text[]) wanted(key, extension)
      join contacts p on p.organization_id = ${organizationId} and coalesce(p.phone_key, p.phone) = wanted.key
        and p.phone_extension = wanted.extension and p.deleted_at is null
      union
      select e.id from contacts e
      where e.organization_id = ${organizationId} and e.email_key = any(${names.emailKeys}::text[]) and e.deleted_at is null
      union
      select a.contact_id from unnest(${kinds}::text[], ${all.map(({ key }) => key)}::text[], ${all.map(({ extension }) => extension)}::text[]) wanted(kind, key, extension)
      join contact_addresses a on a.organization_id = ${organizationId} and a.kind = wanted.kind::address_kind and a.key = wanted.key
        and a.extension = wanted.extension and a.is_living
    )
    order by c.id
    ${names.strength === 'shared' ? Prisma.sql`for key share of c` : Prisma.sql`for no key update of c`}`
}
