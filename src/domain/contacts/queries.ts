import type { Contact, Prisma } from '../../data/generated/client.ts'
import type { Projection, Relation } from '../../data/sql/relations.ts'
import { addressRelations, selectAddresses, type StoredAddress } from '../../data/sql/contact-addresses.ts'
import { type FoundContact, selectContactsById } from '../../data/sql/find-contacts.ts'
import { selectSurvivors } from '../../data/sql/find-survivors.ts'
import { type ContactKeys, selectContactsByKeys } from '../../data/sql/find-contacts-by-keys.ts'
import { parseEmail } from '../../kernel/email.ts'
import { InvalidInput, NotFound } from '../../kernel/errors.ts'
import { idKind } from '../../kernel/ids.ts'
import { differentPhoneKey } from '../../kernel/phone-key.ts'
import { parsePhone } from '../../kernel/phone.ts'
import { type Actor, type ReadContext, requireScope } from '../context.ts'
import { getOrganization } from '../organizations/queries.ts'
import { type ExternalId, externalKey, parseExternalId } from './contact-points.ts'

/** The contacts that an actor can see: the living ones of its organization. */
export function visibleContacts(actor: Actor): Prisma.ContactWhereInput & { organizationId: string } {
  return { organizationId: actor.organizationId, deletedAt: null }
}

/** @throws NotFound */
export async function getContact(context: ReadContext, id: string): Promise<Contact> {
  requireScope(context, 'contacts:read')
  const contact = (await selectById(context, [id])).get(id)
  if (contact === undefined) throw new NotFound('contact', id)
  return contact
}

/** What a command has just written, for the caller who wrote it, whether or not it may read. @throws NotFound if it is gone by now */
export async function getWrittenContact(context: ReadContext, id: string): Promise<Contact> {
  const contact = (await selectById(context, [id])).get(id)
  if (contact === undefined) throw new NotFound('contact', id)
  return contact
}

/** The same, or null if it is deleted. */
export async function findWrittenContact(context: ReadContext, id: string): Promise<Contact | null> {
  return (await selectById(context, [id])).get(id) ?? null
}

/** The same; of a merged contact that which it was merged into. One statement, and two more if there is none. */
export async function findWrittenOrSurvivor(context: ReadContext, id: string): Promise<Contact | null> {
  const contact = await findWrittenContact(context, id)
  const survivor = contact === null ? await findSurvivor(context, id) : null
  return survivor === null ? contact : findWrittenContact(context, survivor)
}

/**
 * The visible contacts among these ids, with what the projection names. Default: every column. The id of a contact that was merged stands for the one that
 * it was merged into. One statement, however many, and two more where contacts are missing.
 */
export async function contactsById(
  context: ReadContext,
  ids: readonly string[],
  projection?: Projection,
): Promise<Map<string, FoundContact>> {
  requireScope(context, 'contacts:read')
  const found = await selectById(context, ids, projection)
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length === 0) return found
  const survivors = await selectSurvivors(context.db, context.actor.organizationId, missing)
  if (survivors.size === 0) return found
  const others = await selectById(context, [...new Set(survivors.values())], projection)
  for (const [id, survivor] of survivors) {
    const contact = others.get(survivor)
    if (contact !== undefined) found.set(id, contact)
  }
  return found
}

/** The contact that a merged one refers to; null for the id of any other. One statement. */
export async function findSurvivor(context: ReadContext, id: string): Promise<string | null> {
  return (await selectSurvivors(context.db, context.actor.organizationId, [id])).get(id) ?? null
}

/** The contact that a merged one refers to, where a request was refused because it named that one; null for any other refusal. */
export async function survivorOfMissing(context: ReadContext, refusal: unknown): Promise<{ id: string; survivor: string } | null> {
  const id = refusal instanceof NotFound ? refusal.details.value : null
  if (typeof id !== 'string' || idKind(id) !== 'contact') return null
  const survivor = await findSurvivor(context, id)
  return survivor === null ? null : { id, survivor }
}

async function selectById(context: ReadContext, ids: readonly string[], projection?: Projection): Promise<Map<string, FoundContact>> {
  const contacts = await selectContactsById(context.db, context.actor.organizationId, ids, projection && withColumns(projection, ['id']))
  return new Map(contacts.map((contact) => [contact.id, contact]))
}

/** What one contact is looked up by: exactly one of the three. */
export interface ContactLookup {
  readonly phone?: string | null | undefined
  readonly email?: string | null | undefined
  readonly externalId?: ExternalId | null | undefined
}

/**
 * The contact with a phone number (and its extension) or an email address, primary or not and in any spelling, or with an external id; null if
 * there is none.
 * @throws InvalidInput unless exactly one is given; InvalidPhoneNumber, InvalidEmail
 */
export async function findContactBy(context: ReadContext, lookup: ContactLookup): Promise<Contact | null> {
  requireScope(context, 'contacts:read')
  const { phone, email, externalId } = lookup
  const given = [phone, email, externalId].filter((name) => name !== null && name !== undefined)
  if (given.length !== 1) {
    const expected = 'exactly one of phone, email and externalId'
    throw new InvalidInput('Send a phone number, an email address or an external id.', { field: 'phone', expected })
  }
  if (typeof phone === 'string') {
    const { defaultCountry } = await getOrganization(context)
    const { number, extension } = parsePhone(phone, defaultCountry)
    return byKeys(context, { phone: number, phoneKey: differentPhoneKey(number), phoneExtension: extension, emailKey: null })
  }
  const none = { phone: null, phoneKey: null, phoneExtension: '', emailKey: null }
  if (typeof email === 'string') return byKeys(context, { ...none, emailKey: parseEmail(email).key })
  const externalKeys = externalId ? [externalKey(parseExternalId(externalId, 'externalId'))] : []
  return byKeys(context, { ...none, externalKeys })
}

/** The addresses of one kind of each contact of a statement, for queries that read contacts together with them. */
export const addressesOfContacts = {
  shape: addressRelations.phone.shape,
  relation(context: ReadContext, kind: StoredAddress['kind']): Relation {
    requireScope(context, 'contacts:read')
    return addressRelations[kind]
  },
}

/**
 * The addresses and external ids of several contacts, in the order of lists. The contacts must have been read through a scope. One statement,
 * however many.
 */
export async function addressesByContact(context: ReadContext, contactIds: readonly string[]): Promise<Map<string, StoredAddress[]>> {
  const found = new Map(contactIds.map((id): [string, StoredAddress[]] => [id, []]))
  for (const address of await selectAddresses(context.db, context.actor.organizationId, contactIds)) {
    found.get(address.contactId)?.push(address)
  }
  return found
}

async function byKeys(context: ReadContext, keys: ContactKeys): Promise<Contact | null> {
  const [contact = null] = await selectContactsByKeys(context.db, context.actor.organizationId, [keys])
  return contact
}

/** A projection with what the reader itself needs beside it. */
export function withColumns(projection: Projection, columns: readonly (keyof Contact)[]): Projection {
  return projection.columns === null ? projection : { ...projection, columns: new Set([...projection.columns, ...columns]) }
}
