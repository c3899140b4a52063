import type { Tx } from '../database.ts'
import type { Contact } from '../generated/client.ts'
import { contactColumns } from './find-contacts.ts'

/** A living contact, kept from being changed by anyone else until the transaction ends; null if there is none. */
export async function lockContact(tx: Tx, organizationId: string, id: string): Promise<Contact | null> {
  const [contact] = await tx.$queryRaw<Contact[]>`
    select ${contactColumns} from contacts c
    where c.organization_id = ${organizationId} and c.id = ${id} and c.deleted_at is null
    for update`
  return contact ?? null
}
