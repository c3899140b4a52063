import type { Tx } from '../database.ts'
import type { Contact } from '../generated/client.ts'
import { contactColumns } from './find-contacts.ts'
import { selectSurvivors } from './find-survivors.ts'

/**
 * A living contact, kept from being changed by anyone else until the transaction ends; null if there is none. The id of a contact that was merged stands
 * for the one that it was merged into.
 */
export async function lockContact(tx: Tx, organizationId: string, id: string): Promise<Contact | null> {
  const contact = await lock(tx, organizationId, id)
  if (contact !== null) return contact
  const survivor = (await selectSurvivors(tx, organizationId, [id])).get(id)
  return survivor === undefined ? null : lock(tx, organizationId, survivor)
}

async function lock(tx: Tx, organizationId: string, id: string): Promise<Contact | null> {
  const [contact] = await tx.sql<Contact[]>`
    select ${contactColumns} from contacts c
    where c.organization_id = ${organizationId} and c.id = ${id} and c.deleted_at is null
    for update`
  return contact ?? null
}
