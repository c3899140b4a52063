import type { Tx } from '../database.ts'
import type { Contact } from '../generated/client.ts'
import { contactColumns } from './find-contacts.ts'
import { type ContactKeys, idsByKeys } from './find-contacts-by-keys.ts'

/** Contacts by their ids, the deleted ones too, kept from being changed by anyone else until the transaction ends. */
export async function lockContacts(tx: Tx, organizationId: string, ids: readonly string[]): Promise<Contact[]> {
  if (ids.length === 0) return []
  return tx.sql<Contact[]>`
    select ${contactColumns} from contacts c
    where c.organization_id = ${organizationId} and c.id = any(${ids}::text[])
    order by c.id
    for update`
}

/** The living contacts that have any of these phone numbers or email addresses, kept from being changed like {@link lockContacts}. */
export async function lockContactsByKeys(tx: Tx, organizationId: string, keys: readonly ContactKeys[]): Promise<Contact[]> {
  if (keys.length === 0) return []
  const found = await tx.sql<{ id: string }[]>`${idsByKeys(organizationId, keys)}`
  const ids = found.map(({ id }) => id)
  // Another request may have deleted one between the look and the lock.
  return (await lockContacts(tx, organizationId, ids)).filter(({ deletedAt }) => deletedAt === null)
}
