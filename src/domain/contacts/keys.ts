import type { AddressKey } from '../../data/sql/contact-addresses.ts'
import type { ContactKeys } from '../../data/sql/find-contacts-by-keys.ts'

/** What the phone number of a contact is compared by, as one text; null if it has none. Spellings of one number have one key. */
export function phoneKeyOf({ phone, phoneKey, phoneExtension }: Omit<ContactKeys, 'emailKey'>): string | null {
  return phone === null ? null : `phone ${phoneKey ?? phone} ${phoneExtension}`
}

/** What the email address of a contact is compared by, as one text; null if it has none. */
export function emailKeyOf({ emailKey }: Pick<ContactKeys, 'emailKey'>): string | null {
  return emailKey === null ? null : `email ${emailKey}`
}

/** Everything that a contact is found by. */
export function keysOf(contact: ContactKeys): string[] {
  const { externalKeys = [] } = contact
  return [phoneKeyOf(contact), emailKeyOf(contact), ...externalKeys.map((key) => `external ${key}`)].filter((key) => key !== null)
}

/** What an address is compared by, as one text: the same as the two above. */
export function addressKeyOf({ kind, key, extension }: AddressKey): string {
  return kind === 'phone' ? `phone ${key} ${extension}` : `${kind} ${key}`
}
