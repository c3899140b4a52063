import type { Contact } from '../../data/generated/client.ts'
import type { StoredAddress } from '../../data/sql/contact-addresses.ts'
import type { SearchColumns, StoredContact, WritableContact } from '../../data/sql/write-contacts.ts'
import { formatPhone, phoneDigits } from '../../kernel/phone.ts'
import { searchableText, searchTerms } from '../../kernel/search-text.ts'
import { fold } from '../../kernel/text.ts'

type Named = Pick<Contact, 'firstName' | 'lastName' | 'displayName' | 'company' | 'email' | 'phone' | 'phoneExtension'>

/**
 * The name to show: the one that was set, else first and last name, else the email address, else the phone number. The family name comes
 * first where both are in Chinese, Japanese or Korean script.
 */
export function displayNameOf(contact: Named): string {
  const { displayName, firstName, lastName, email, phone, phoneExtension } = contact
  if (displayName !== null) return displayName
  const names = isEastAsian(contact) ? [lastName, firstName] : [firstName, lastName]
  const known = names.filter((name) => name !== null)
  if (known.length > 0) return known.join(' ')
  if (email !== null) return email
  return phone === null ? '' : formatPhone(phone, phoneExtension, 'international')
}

/** What contacts are sorted by name by. */
export function nameKeyOf(displayName: string): string {
  return fold(displayName).slice(0, 200).toWellFormed()
}

function isEastAsian({ firstName, lastName }: Pick<Named, 'firstName' | 'lastName'>): boolean {
  return firstName !== null && lastName !== null && eastAsian.test(firstName) && eastAsian.test(lastName)
}

const eastAsian = /^[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{Script=Hang}\s]+$/u

/** Grows when contacts are to be found by something else than before; `contacts_outdated_search` finds those that an earlier one has made. */
const searchVersion = 1

/** An address that is not a primary one, or an external id, whose value is what people look for. */
type FurtherAddress = Pick<StoredAddress, 'kind' | 'value' | 'extension'>

/** What a search looks through. Names in East Asian script are found as family and given name together as well. */
export function searchColumnsOf(contact: Named, further: readonly FurtherAddress[] = []): SearchColumns {
  const { firstName, lastName, displayName, company, email, phone, phoneExtension } = contact
  const together = isEastAsian(contact) ? `${lastName}${firstName}` : null
  const others = further.flatMap(({ kind, value }) => (kind === 'phone' ? [] : [value]))
  const searchText = searchableText([firstName, lastName, displayName, together, company, email, ...others].filter((text) => text !== null))
  const numbers = further.flatMap(({ kind, value, extension }) => (kind === 'phone' ? phoneDigits(value, extension) : []))
  const digits = [...new Set([...(phone === null ? [] : phoneDigits(phone, phoneExtension)), ...numbers])]
  const nameKey = nameKeyOf(displayNameOf(contact))
  return { searchText, searchDigits: digits.join(' '), searchTerms: searchTerms(searchText, digits), searchVersion, nameKey }
}

/** A contact as it is written. @param further its addresses beside the primary ones */
export function storedContact<Fields extends WritableContact>(
  contact: Fields,
  further: readonly FurtherAddress[] = [],
): Fields & StoredContact {
  return { ...contact, ...searchColumnsOf(contact, further) }
}
