import { differentPhoneKey } from '../../kernel/phone-key.ts'
import type { ContactKeys } from '../../data/sql/find-contacts-by-keys.ts'
import { keysOf } from '../contacts/keys.ts'
import { type ContactFields, type ContactInput, repeats } from '../contacts/rules.ts'
import type { KnownContact } from './decide.ts'

/** A row as it was given. */
export interface GivenRow {
  readonly rowNumber: number
  readonly input: ContactInput
}

/** A row that repeats what its contact says already. It is not normalized, which costs more than all else that is done to a row. */
export interface KnownRow extends GivenRow {
  readonly contact: KnownContact
  /** What the row names the contact by. */
  readonly keys: ContactKeys & Pick<ContactFields, 'email'>
}

/**
 * What a row names its contact by, if it is written as it would be stored. That is a guess, good for a look: a number is stored as E.164,
 * and the key of an address in plain letters is that address in small ones.
 */
export function guessKeys({ phone, phoneExtension, email }: ContactInput): ContactKeys {
  const isStored = typeof phone === 'string' && /^\+\d{6,15}$/.test(phone) && phoneExtension === undefined
  const isPlain = typeof email === 'string' && /^[!-~]+$/.test(email)
  return {
    phone: isStored ? phone : null,
    phoneKey: isStored ? differentPhoneKey(phone) : null,
    phoneExtension: '',
    emailKey: isPlain ? email.toLowerCase() : null,
  }
}

/** The contacts that rows were compared with, by what they are found by. */
export type ContactsByKey = ReadonlyMap<string, KnownContact>

export function byKey(contacts: readonly KnownContact[]): ContactsByKey {
  return new Map(contacts.flatMap((contact) => keysOf(contact.fields).map((key) => [key, contact])))
}

/**
 * The row with its contact, if it gives nothing but what the contact has, in the very letters; null if that takes a closer look.
 * What is stored was normalized once, and normalizing it again changes nothing: so the row is valid, matches this contact and no other,
 * and would leave it unchanged.
 */
export function recognize({ rowNumber, input }: GivenRow, contacts: ContactsByKey): KnownRow | null {
  const contact = keysOf(guessKeys(input))
    .map((key) => contacts.get(key))
    .find((found) => found !== undefined)
  // A number without its extension is another contact's, and an extension without its number is a mistake.
  if (contact === undefined || input.phoneExtension !== undefined || !repeats(contact.fields, input)) return null
  const { phone, phoneKey, phoneExtension, email, emailKey } = contact.fields
  if (typeof input.phone === 'string' && phoneExtension !== '') return null
  const hasEmail = typeof input.email === 'string'
  const keys = {
    phone: input.phone === undefined ? null : phone,
    phoneKey: input.phone === undefined ? null : phoneKey,
    phoneExtension: '',
    email: hasEmail ? email : null,
    emailKey: hasEmail ? emailKey : null,
  }
  return { rowNumber, input, contact, keys }
}
