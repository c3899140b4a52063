import { violatedUnique } from '../../data/prisma-errors.ts'
import type { Context } from '../context.ts'
import { ContactAlreadyExists } from './errors.ts'
import type { ContactFields } from './rules.ts'
import { visibleContacts } from './queries.ts'

type Reachable = Pick<ContactFields, 'phone' | 'phoneExtension' | 'emailKey'>

/**
 * Writes a contact, and says which other one has its phone or email if the database refuses. The database decides, not a look
 * beforehand: between looking and writing somebody else may write.
 * @param wanted what was to be written
 * @throws ContactAlreadyExists
 */
export async function refusingTaken<Result>(
  context: Context,
  wanted: () => Reachable | null,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    const index = violatedUnique(error)
    const contact = wanted()
    if (contact !== null && (index === 'contacts_living_phone' || index === 'contacts_living_email')) {
      const field = index === 'contacts_living_phone' ? 'phone' : 'email'
      const holder = await findHolder(context, contact, field)
      if (holder !== null) throw new ContactAlreadyExists(field, holder)
    }
    throw error
  }
}

async function findHolder(context: Context, contact: Reachable, field: 'phone' | 'email'): Promise<string | null> {
  const key = field === 'phone' ? { phone: contact.phone, phoneExtension: contact.phoneExtension } : { emailKey: contact.emailKey }
  const holder = await context.db.contact.findFirst({ where: { ...visibleContacts(context.actor), ...key }, select: { id: true } })
  return holder?.id ?? null
}
