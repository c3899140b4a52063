import { violatedUnique } from '../../data/prisma-errors.ts'
import { selectHolders } from '../../data/sql/contact-addresses.ts'
import type { Context } from '../context.ts'
import { type DecidedPoints, pointsField, primaryPoints } from './contact-points.ts'
import { ContactAlreadyExists } from './errors.ts'
import { addressKeyOf } from './keys.ts'
import type { ContactFields } from './rules.ts'

/** The contact that was to be written, and its addresses. */
export interface WantedAddresses {
  readonly id: string
  readonly fields: ContactFields
  readonly points: DecidedPoints
}

/** The indexes that keep addresses unique among living contacts. */
const uniqueIndexes = ['contacts_living_phone_key', 'contacts_living_email', 'contact_addresses_living']

/**
 * Writes a contact, and says which other one has one of its addresses if the database refuses. The database decides, not a look
 * beforehand: between the look and the write another transaction may write.
 * @param wanted what was to be written
 * @throws ContactAlreadyExists
 */
export async function refusingTaken<Result>(
  context: Context,
  wanted: () => WantedAddresses | null,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    const contact = wanted()
    if (contact !== null && uniqueIndexes.includes(violatedUnique(error) ?? '')) {
      const taken = await findTaken(context, contact)
      if (taken !== null) throw taken
    }
    throw error
  }
}

async function findTaken(context: Context, { id, fields, points }: WantedAddresses): Promise<ContactAlreadyExists | null> {
  const primary = primaryPoints(fields)
  const further = [...points.lists.values()].flat()
  const holders = await selectHolders(context.db, context.actor.organizationId, [...primary, ...further])
  const taken = holders.find(({ contactId }) => contactId !== id)
  if (taken === undefined) return null
  const isPrimary = primary.some((point) => addressKeyOf(point) === addressKeyOf(taken))
  const field = isPrimary && taken.kind !== 'external' ? taken.kind : pointsField(taken.kind)
  return new ContactAlreadyExists(field, taken.contactId)
}
