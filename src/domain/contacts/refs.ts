import type { Tx } from '../../data/database.ts'
import { selectRemovedContacts } from '../../data/sql/find-removed-contacts.ts'
import { lockReferencedContacts, type LockStrength, type ReferencedContact } from '../../data/sql/lock-referenced-contacts.ts'
import { insertContacts } from '../../data/sql/write-contacts.ts'
import { parseEmail } from '../../kernel/email.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { newId, parseId } from '../../kernel/ids.ts'
import { parsePhone } from '../../kernel/phone.ts'
import { audit } from '../audit/commands.ts'
import type { Context } from '../context.ts'
import { type ExternalId, externalKey, parseExternalId } from './contact-points.ts'
import { addressKeyOf, emailKeyOf, keysOf, phoneKeyOf } from './keys.ts'
import { storedContact } from './names.ts'
import { type ContactFields, newContact } from './rules.ts'

/** How callers name a contact: by exactly one of these. */
export interface ContactRef {
  readonly id?: string | null | undefined
  readonly phone?: string | null | undefined
  readonly email?: string | null | undefined
  readonly externalId?: ExternalId | null | undefined
}

/** A contact by its name, normalized: two spellings of one phone number or email address have one key. */
export interface NamedContact {
  readonly key: string
  /** The id, if it was named by that. */
  readonly id: string | null
  /** The external id, if it was named by that. */
  readonly externalId: ExternalId | null
  /** What the contact would be if it had to be created; null if it was named by an id, from which no contact can be made. */
  readonly fields: ContactFields | null
}

/**
 * Accepts the name of a contact.
 * @param defaultCountry the organization's; reads phone numbers that have no country prefix
 * @throws InvalidInput, InvalidPhoneNumber, InvalidEmail
 */
export function parseContactRef(ref: ContactRef, defaultCountry: string | null): NamedContact {
  const given = [ref.id, ref.phone, ref.email, ref.externalId].filter((name) => name !== null && name !== undefined)
  if (given.length !== 1) {
    throw new InvalidInput('A contact is named by exactly one of id, phone, email and externalId.', {
      field: 'contact',
      expected: 'one of the four',
    })
  }
  if (typeof ref.id === 'string') {
    const id = parseId('contact', ref.id, 'contact.id')
    return { key: idKey(id), id, externalId: null, fields: null }
  }
  if (ref.externalId) {
    const externalId = parseExternalId(ref.externalId, 'contact.externalId')
    return { key: addressKeyOf({ kind: 'external', key: externalKey(externalId), extension: '' }), id: null, externalId, fields: null }
  }
  if (typeof ref.phone === 'string') {
    const { number, extension } = parsePhone(ref.phone, defaultCountry, 'contact.phone')
    const fields = newContact({ phone: number, phoneExtension: extension }, null)
    return { key: phoneKeyOf(fields) ?? '', id: null, externalId: null, fields }
  }
  const { address } = parseEmail(ref.email ?? '', 'contact.email')
  const fields = newContact({ email: address }, null)
  return { key: emailKeyOf(fields) ?? '', id: null, externalId: null, fields }
}

/**
 * The living contacts behind these names, by their keys; a name that no contact has is absent. None of them can be blocked or
 * unblocked until the transaction ends.
 */
export async function lockNamedContacts(
  tx: Tx,
  context: Context,
  names: readonly NamedContact[],
  strength: LockStrength,
): Promise<Map<string, ReferencedContact>> {
  const fields = names.map((name) => name.fields).filter((fields) => fields !== null)
  const found = await lockReferencedContacts(tx, context.actor.organizationId, {
    ids: names.map((name) => name.id).filter((id) => id !== null),
    phones: fields.flatMap(({ phone, phoneKey, phoneExtension }) => {
      return phone === null ? [] : [{ key: phoneKey ?? phone, extension: phoneExtension }]
    }),
    emailKeys: fields.map((fields) => fields.emailKey).filter((key) => key !== null),
    externalKeys: names.flatMap(({ externalId }) => (externalId === null ? [] : [externalKey(externalId)])),
    strength,
  })
  const survivors = await lockSurvivors(tx, context, names, found, strength)
  const byKey = new Map<string, ReferencedContact>(survivors)
  for (const contact of found) {
    byKey.set(idKey(contact.id), contact)
    for (const key of [...contact.furtherKeys.map(addressKeyOf), ...keysOf(contact)]) byKey.set(key, contact)
  }
  return byKey
}

/**
 * The contacts that ids of merged ones refer to, locked, by the keys of these ids, with the addresses that the merged ones had: those are meant. No
 * statement where every id was found.
 */
async function lockSurvivors(
  tx: Tx,
  { actor }: Context,
  names: readonly NamedContact[],
  found: readonly ReferencedContact[],
  strength: LockStrength,
): Promise<Map<string, ReferencedContact>> {
  const known = new Set(found.map(({ id }) => id))
  const missing = names.flatMap(({ id }) => (id === null || known.has(id) ? [] : [id]))
  const merged = [...(await selectRemovedContacts(tx, actor.organizationId, { ids: missing })).values()]
  const ids = merged.flatMap(({ name, contactId }) => (contactId === null || contactId === name ? [] : [contactId]))
  if (ids.length === 0) return new Map()
  const none = { phones: [], emailKeys: [], externalKeys: [], strength }
  const locked = await lockReferencedContacts(tx, actor.organizationId, { ids, ...none })
  const byId = new Map(locked.map((contact) => [contact.id, contact]))
  return new Map(
    merged.flatMap(({ name, contactId, phoneKey, emailKey }): [string, ReferencedContact][] => {
      const contact = contactId === null ? undefined : byId.get(contactId)
      if (contact === undefined) return []
      const phone = phoneKey ?? contact.phone
      return [[idKey(name), { ...contact, phone, phoneKey: phoneKey ?? contact.phoneKey, emailKey: emailKey ?? contact.emailKey }]]
    }),
  )
}

/**
 * Creates a contact for each of these names, unless another transaction has just created it; the names must be of phones or emails. Two statements,
 * however many. They are written in the order of their keys, so that two transactions that create the same ones cannot deadlock.
 * @returns the ids of those that have an address with consent or a suppression: what holds for them is still to be found out
 */
export async function createNamedContacts(tx: Tx, context: Context, names: readonly NamedContact[]): Promise<string[]> {
  const rows = names
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    .flatMap(({ fields }) => (fields === null ? [] : [storedContact({ id: newId('contact'), ...fields })]))
  const options = { source: 'activity', now: context.now(), secretKeys: context.secretKeys, skipTaken: true } as const
  const created = await insertContacts(tx, context.actor.organizationId, rows, options)
  await audit(
    tx,
    context,
    'contact.created',
    created.map(({ id }) => ({ id, contactId: id })),
  )
  return created.filter(({ isAffected }) => isAffected).map(({ id }) => id)
}

function idKey(id: string): string {
  return `id ${id}`
}
