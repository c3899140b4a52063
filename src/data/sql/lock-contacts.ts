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
  // Limits keep the planner at looking up key by key, whatever it believes of a table that has just grown.
  const found = await tx.$queryRaw<{ id: string }[]>`
    select p.id from unnest(${phones.map(({ phone }) => phone)}::text[], ${phones.map(({ phoneExtension }) => phoneExtension)}::text[]) k(phone, extension)
    cross join lateral (
      select c.id from contacts c
      where c.organization_id = ${organizationId} and c.deleted_at is null and c.phone = k.phone and c.phone_extension = k.extension
      limit 1
    ) p
    union
    select e.id from unnest(${emailKeys}::text[]) k(email_key)
    cross join lateral (
      select c.id from contacts c
      where c.organization_id = ${organizationId} and c.deleted_at is null and c.email_key = k.email_key
      limit 1
    ) e`
  const ids = found.map(({ id }) => id)
  // Somebody may have deleted one between the look and the lock.
  return (await lockContacts(tx, organizationId, ids)).filter(({ deletedAt }) => deletedAt === null)
}
