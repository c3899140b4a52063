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
  return [phoneKeyOf(contact), emailKeyOf(contact)].filter((key) => key !== null)
}
