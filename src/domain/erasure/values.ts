import type { Contact } from '../../data/generated/client.ts'
import type { AddressOnRecord } from '../../data/sql/begin-erasures.ts'
import { isJsonObject } from '../../kernel/json.ts'
import type { PersonalValues } from './person-matcher.ts'

type Named = Pick<Contact, 'phone' | 'email' | 'firstName' | 'lastName' | 'displayName'>

/**
 * What persons are recognized by in texts without ids. Addresses that another contact has are left out: a text with one may be about that contact.
 * @param earlier images of the contacts from before imports
 */
export function valuesOf(contacts: readonly Named[], addresses: readonly AddressOnRecord[], earlier: readonly unknown[]): PersonalValues {
  const all = [...contacts, ...earlier.filter(isJsonObject).map(namedOf)]
  const shared = new Set(addresses.filter(({ isShared }) => isShared).flatMap(({ key, value }) => [key, value]))
  const own = (kind: AddressOnRecord['kind']) =>
    addresses.filter((address) => address.kind === kind).flatMap(({ key, value }) => [key, value])
  const present = (texts: readonly (string | null)[]) =>
    [...new Set(texts.filter((text) => text !== null))].filter((text) => !shared.has(text))
  return {
    phones: present([...all.map(({ phone }) => phone), ...own('phone')]),
    emails: present([...all.map(({ email }) => email), ...own('email')]),
    names: present(
      all.flatMap(({ firstName, lastName, displayName }) => [
        firstName === null || lastName === null ? null : `${firstName} ${lastName}`,
        displayName,
      ]),
    ),
  }
}

function namedOf(image: Readonly<Record<string, unknown>>): Named {
  const text = (field: keyof Named) => {
    const value = image[field]
    return typeof value === 'string' ? value : null
  }
  return {
    phone: text('phone'),
    email: text('email'),
    firstName: text('firstName'),
    lastName: text('lastName'),
    displayName: text('displayName'),
  }
}
