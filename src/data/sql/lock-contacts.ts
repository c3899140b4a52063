import type { Tx } from '../database.ts'
import type { Contact } from '../generated/client.ts'
import { contactColumns } from './find-contacts.ts'

/** Contacts by their ids, the deleted ones too, kept from being changed by anyone else until the transaction ends. */
export async function lockContacts(tx: Tx, organizationId: string, ids: readonly string[]): Promise<Contact[]> {
  if (ids.length === 0) return []
  return tx.$queryRaw<Contact[]>`
    select ${contactColumns} from contacts c
    where c.organization_id = ${organizationId} and c.id = any(${ids}::text[])
    order by c.id
    for update`
}

/** What a contact can be found by. */
export interface ContactKeys {
  readonly phone: string | null
  readonly phoneExtension: string
  readonly emailKey: string | null
}

/** The living contacts that have any of these phone numbers or email addresses, kept from being changed like {@link lockContacts}. */
export async function lockContactsByKeys(tx: Tx, organizationId: string, keys: readonly ContactKeys[]): Promise<Contact[]> {
  const phones = keys.flatMap(({ phone, phoneExtension }) => (phone === null ? [] : [{ phone, phoneExtension }]))
  const emailKeys = keys.flatMap(({ emailKey }) => (emailKey === null ? [] : [emailKey]))
  // Sub-selects one at a time, because a union cannot be locked and an "or" is not looked up in two indexes.
  return tx.$queryRaw<Contact[]>`
    select ${contactColumns} from contacts c
    where c.organization_id = ${organizationId} and c.deleted_at is null and c.id in (
      select p.id from unnest(${phones.map(({ phone }) => phone)}::text[], ${phones.map(({ phoneExtension }) => phoneExtension)}::text[]) k(phone, extension)
      join contacts p on p.organization_id = ${organizationId} and p.deleted_at is null and p.phone = k.phone and p.phone_extension = k.extension
      union
      select e.id from unnest(${emailKeys}::text[]) k(email_key)
      join contacts e on e.organization_id = ${organizationId} and e.deleted_at is null and e.email_key = k.email_key
    )
    order by c.id
    for update`
}
