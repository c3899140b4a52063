import type { ContactKeys } from '../../../data/sql/find-contacts-by-keys.ts'
import { differentPhoneKey } from '../../../kernel/phone-key.ts'
import { externalKey } from '../../contacts/contact-points.ts'
import { emailKeyOf, keysOf, phoneKeyOf } from '../../contacts/keys.ts'
import { type ContactFields, type ContactInput, repeats } from '../../contacts/rules.ts'
import type { RowDraft } from './row-draft.ts'
import type { GivenRow, KnownContact, KnownRow, RowOptions } from './rows.ts'

/**
 * What a row names its contact by, if it is written as it would be stored. That is a guess, good for a look: a number is stored as E.164,
 * and the key of an address in plain letters is that address in small ones.
 */
export function guessKeys({ phone, phoneExtension, email }: ContactInput, { externalIds }: RowDraft): ContactKeys {
  const isStored = typeof phone === 'string' && /^\+\d{6,15}$/.test(phone) && phoneExtension === undefined
  const isPlain = typeof email === 'string' && /^[!-~]+$/.test(email)
  return {
    phone: isStored ? phone : null,
    phoneKey: isStored ? differentPhoneKey(phone) : null,
    phoneExtension: '',
    emailKey: isPlain ? email.toLowerCase() : null,
    externalKeys: externalIds.map(({ system, text }) => externalKey({ system, value: text })),
  }
}

/** The contacts that rows were compared with, by what they are found by. */
export type ContactsByKey = ReadonlyMap<string, KnownContact>

export function byKey(contacts: readonly KnownContact[]): ContactsByKey {
  return new Map(contacts.flatMap((contact) => [...contact.furtherKeys, ...keysOf(contact.fields)].map((key) => [key, contact])))
}

/**
 * The row with its contact, if it gives nothing but what the contact has, in the very letters; null if that takes a closer look.
 * What is stored was normalized once, and normalizing it again changes nothing: so the row is valid, matches this contact and no other,
 * and would leave it unchanged.
 */
export function recognize(
  { rowNumber, input, draft }: GivenRow,
  contacts: ContactsByKey,
  options: Pick<RowOptions, 'matchBy' | 'tags' | 'addTags'>,
): KnownRow | null {
  // Which of several addresses a contact gets takes a look at each, and so does a row that is not matched by all that it names.
  if (draft.phones.length > 1 || draft.emails.length > 1 || draft.diallingCountry !== null || options.matchBy !== null) return null
  const guess = guessKeys(input, draft)
  const contact = [phoneKeyOf(guess), emailKeyOf(guess)]
    .map((key) => (key === null ? undefined : contacts.get(key)))
    .find((found) => found !== undefined)
  // A number without its extension is another contact's, and an extension without its number is a mistake.
  if (contact === undefined || input.phoneExtension !== undefined || !repeatsWithTags(contact.fields, input, options)) return null
  if (guess.externalKeys?.some((key) => !contact.furtherKeys.includes(`external ${key}`)) === true) return null
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
  const columns = { phone: draft.phones[0]?.column ?? null, email: draft.emails[0]?.column ?? null }
  return { rowNumber, contact, keys, columns, warnings: draft.warnings, consents: draft.consents }
}

function repeatsWithTags(fields: ContactFields, input: ContactInput, { tags, addTags }: Pick<RowOptions, 'tags' | 'addTags'>): boolean {
  const has = (tag: string) => fields.tags.includes(tag)
  if (!addTags.every(has)) return false
  if (input.tags === undefined || input.tags === null) return repeats(fields, input)
  if (tags === 'replace') return addTags.length === 0 && repeats(fields, input)
  return input.tags.every(has) && repeats(fields, { ...input, tags: undefined })
}
