import type { Tx } from '../../data/database.ts'
import type { Contact } from '../../data/generated/client.ts'
import { selectAddresses, type StoredAddress, writeAddresses } from '../../data/sql/contact-addresses.ts'
import { selectSurvivors } from '../../data/sql/find-survivors.ts'
import { lockContact } from '../../data/sql/lock-contact.ts'
import { insertContacts, setDeleted } from '../../data/sql/write-contacts.ts'
import { transaction } from '../../data/transaction.ts'
import type { EmailAddress } from '../../kernel/email.ts'
import { parseCountryCode } from '../../kernel/countries.ts'
import { NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { isJsonObject } from '../../kernel/json.ts'
import type { E164 } from '../../kernel/phone.ts'
import { audit, type Subject } from '../audit/commands.ts'
import { type Context, requireScope } from '../context.ts'
import { getOrganization } from '../organizations/queries.ts'
import { definitionsFor } from './attribute-values.ts'
import { saveContacts, settleAffected } from './change-many.ts'
import { addressChanges, type ContactPointsInput, type DecidedPoints, decidePoints, hasPoints } from './contact-points.ts'
import { storedContact } from './names.ts'
import { type Precondition, requireUnchanged } from './revision.ts'
import { changeContact } from './change-contact.ts'
import { changedFields, type ContactFields, type ContactInput, newContact } from './rules.ts'
import { refusingTaken, type WantedAddresses } from './taken.ts'

/**
 * Creates a contact. @returns its id
 * @throws InvalidInput, InvalidPhoneNumber, InvalidEmail, MissingRequiredField, ContactAlreadyExists
 */
export async function createContact(context: Context, input: ContactInput & ContactPointsInput): Promise<string> {
  requireScope(context, 'contacts:write')
  const { defaultCountry } = await getOrganization(context)
  const points = decidePoints([], input, countryOf(input) ?? defaultCountry)
  let wanted: WantedAddresses | null = null
  return refusingTaken(
    context,
    () => wanted,
    () =>
      transaction(context.db, async (tx) => {
        const fields = newContact(points.input, defaultCountry, await definitionsFor(tx, context, input))
        wanted = { id: newId('contact'), fields, points }
        return insert(tx, context, wanted)
      }),
  )
}

/** Writes a new contact, within a transaction. @returns its id */
export async function insert(tx: Tx, context: Context, { id, fields, points }: WantedAddresses): Promise<string> {
  const { organizationId } = context.actor
  const now = context.now()
  const row = storedContact({ id, ...fields }, [...points.lists.values()].flat())
  const written = await insertContacts(tx, organizationId, [row], { source: 'api', now, secretKeys: context.secretKeys })
  await writeAddresses(tx, organizationId, addressChanges(id, [], points), { now, secretKeys: context.secretKeys })
  await audit(tx, context, 'contact.created', [subject(id)])
  await settleAffected(tx, organizationId, written)
  return id
}

/** The country that an input names itself. */
export function countryOf({ countryCode }: ContactInput): string | null {
  return typeof countryCode === 'string' ? parseCountryCode(countryCode) : null
}

/** A change of a contact that depends on the addresses that it has. @param country reads phone numbers that have no country prefix */
type AddressEdit = (stored: readonly StoredAddress[], country: string | null) => ContactPointsInput

/**
 * Changes a contact; a change that changes nothing leaves no trace. @returns its id, which is another one if the contact was merged
 * @throws NotFound, RevisionConflict if a precondition does not hold, and like {@link createContact}
 */
export async function updateContact(
  context: Context,
  id: string,
  change: (ContactInput & ContactPointsInput) | AddressEdit,
  preconditions: readonly Precondition[] = [],
): Promise<string> {
  requireScope(context, 'contacts:write')
  const { defaultCountry } = await getOrganization(context)
  let wanted: WantedAddresses | null = null
  const write = () =>
    transaction(context.db, async (tx) => {
      const isEdit = typeof change === 'function'
      const definitions = isEdit ? [] : await definitionsFor(tx, context, change)
      const contact = await lockContact(tx, context.actor.organizationId, id)
      if (contact === null) throw new NotFound('contact', id)
      requireUnchanged(contact, preconditions)
      const stored = isEdit || hasPoints(change) ? await selectAddresses(tx, context.actor.organizationId, [contact.id]) : []
      const country = contact.countryCode ?? defaultCountry
      const input: ContactInput & ContactPointsInput = isEdit ? change(stored, country) : change
      const points = decidePoints(stored, input, countryOf(input) ?? country)
      const fields = changeContact(fieldsOf(contact), points.input, defaultCountry, definitions)
      wanted = { id: contact.id, fields, points }
      await save(tx, context, contact, { fields, points, stored })
      return contact.id
    })
  return refusingTaken(context, () => wanted, write)
}

/** What became of the contacts that were to be deleted. */
export interface ContactsDeleted {
  readonly deleted: readonly string[]
  /** Unknown, foreign or deleted before. */
  readonly notFound: readonly string[]
}

/**
 * Deletes contacts: they are gone from every read, free their phone and email, keep their history and can be restored. The id of a contact that was merged
 * stands for the one that it was merged into.
 */
export async function deleteContacts(context: Context, ids: readonly string[]): Promise<ContactsDeleted> {
  requireScope(context, 'contacts:write')
  await context.chargeRows?.(ids.length)
  const deleted = await transaction(context.db, async (tx) => {
    const found = await remove(tx, context, ids)
    const missing = ids.filter((id) => !found.has(id))
    const survivors = await selectSurvivors(tx, context.actor.organizationId, missing)
    if (survivors.size === 0) return found
    const others = await remove(tx, context, [...new Set(survivors.values())])
    return new Set([...found, ...[...survivors].flatMap(([id, survivor]) => (others.has(survivor) ? [id] : []))])
  })
  const asked = [...new Set(ids)]
  return { deleted: asked.filter((id) => deleted.has(id)), notFound: asked.filter((id) => !deleted.has(id)) }
}

/** Deletes one contact like {@link deleteContacts}. @throws NotFound, RevisionConflict if a precondition does not hold */
export async function deleteContact(context: Context, id: string, preconditions: readonly Precondition[] = []): Promise<void> {
  requireScope(context, 'contacts:write')
  await transaction(context.db, async (tx) => {
    if (preconditions.length > 0) {
      const contact = await lockContact(tx, context.actor.organizationId, id)
      if (contact !== null) requireUnchanged(contact, preconditions)
    }
    const deleted = await remove(tx, context, [id])
    if (!deleted.has(id)) throw new NotFound('contact', id)
  })
}

/** @returns the ids of the contacts that lived until now */
async function remove(tx: Tx, context: Context, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const now = context.now()
  const deleted = await setDeleted(tx, context.actor.organizationId, ids, now, now)
  await audit(tx, context, 'contact.deleted', deleted.map(subject))
  return new Set(deleted)
}

/** What callers decide about a contact, as it is stored now. */
export function fieldsOf(contact: Contact): ContactFields {
  const { phone, phoneExtension, phoneKey, email, emailKey, firstName, lastName, displayName, company, countryCode } = contact
  const { timezone, language, lifecycleStage, tags, tagKeys } = contact
  // proof: only addresses that were parsed are written to these columns
  const addresses = { phone: phone as E164 | null, email: email as EmailAddress | null }
  const named = { ...addresses, phoneExtension, phoneKey, emailKey, firstName, lastName, displayName, company, countryCode }
  const customAttributes = isJsonObject(contact.customAttributes) ? contact.customAttributes : {}
  return { ...named, timezone, language, lifecycleStage, tags, tagKeys, customAttributes }
}

/** What a contact becomes, and the addresses that it has now. */
interface Saved {
  readonly fields: ContactFields
  readonly points: DecidedPoints
  readonly stored: readonly StoredAddress[]
}

/** Writes a contact that the transaction has locked, if it changed, and records the change of its stage. @returns whether it changed */
export async function save(tx: Tx, context: Context, contact: Contact, { fields, points, stored }: Saved): Promise<boolean> {
  const { id, lifecycleStage: from } = contact
  const changed = [...changedFields(fieldsOf(contact), fields), ...points.changed]
  if (changed.length === 0) return false
  const { organizationId, name } = context.actor
  const now = context.now()
  await audit(tx, context, 'contact.updated', [subject(id)], changed)
  await writeAddresses(tx, organizationId, addressChanges(id, stored, points), { now, secretKeys: context.secretKeys })
  const keepsAddresses = !changed.some((field) => field === 'phone' || field === 'email')
  await saveContacts(tx, { organizationId, name, now, secretKeys: context.secretKeys }, [{ id, from, to: fields, keepsAddresses }])
  return true
}

function subject(id: string): Subject {
  return { id, contactId: id }
}
