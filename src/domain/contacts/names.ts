import type { Contact } from '../../data/generated/client.ts'
import { formatPhone, phoneDigits } from '../../kernel/phone.ts'
import { fold } from '../../kernel/text.ts'

type Named = Pick<Contact, 'firstName' | 'lastName' | 'displayName' | 'company' | 'email' | 'phone' | 'phoneExtension'>

/** The name to show: the one that was set, else first and last name, else the email address, else the phone number. */
export function displayNameOf(contact: Named): string {
  const { displayName, firstName, lastName, email, phone, phoneExtension } = contact
  if (displayName !== null) return displayName
  const names = [firstName, lastName].filter((name) => name !== null)
  if (names.length > 0) return names.join(' ')
  if (email !== null) return email
  return phone === null ? '' : formatPhone(phone, phoneExtension, 'international')
}

/** What contacts are sorted by name by. */
export function nameKeyOf(displayName: string): string {
  return fold(displayName).slice(0, 200).toWellFormed()
}

/**
 * What a search looks through: every name, the company, the email address and the digits of the phone number, folded.
 * A space stands between them, so that a word of the search (which has none) is never found across two.
 */
export function searchTextOf(contact: Named): string {
  const { firstName, lastName, displayName, company, email, phone, phoneExtension } = contact
  const digits = phone === null ? [] : phoneDigits(phone, phoneExtension)
  const parts = [firstName, lastName, displayName, company, email, ...digits]
  return fold(parts.filter((part) => part !== null).join(' '))
}
