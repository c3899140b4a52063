import { violatedUnique } from '../../data/prisma-errors.ts'
import { type ContactKeys, selectContactsByKeys } from '../../data/sql/find-contacts-by-keys.ts'
import type { Context } from '../context.ts'
import { ContactAlreadyExists } from './errors.ts'

/**
 * Writes a contact, and says which other one has its phone or email if the database refuses. The database decides, not a look
 * beforehand: between looking and writing another request may write.
 * @param wanted what was to be written
 * @throws ContactAlreadyExists
 */
export async function refusingTaken<Result>(
  context: Context,
  wanted: () => ContactKeys | null,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    const index = violatedUnique(error)
    const contact = wanted()
    if (contact !== null && (index === 'contacts_living_phone_key' || index === 'contacts_living_email')) {
      const field = index === 'contacts_living_phone_key' ? 'phone' : 'email'
      const holder = await findHolder(context, contact, field)
      if (holder !== null) throw new ContactAlreadyExists(field, holder)
    }
    throw error
  }
}

async function findHolder(context: Context, contact: ContactKeys, field: 'phone' | 'email'): Promise<string | null> {
  const keys = field === 'phone' ? { ...contact, emailKey: null } : { ...contact, phone: null }
  const [holder] = await selectContactsByKeys(context.db, context.actor.organizationId, [keys])
  return holder?.id ?? null
}
