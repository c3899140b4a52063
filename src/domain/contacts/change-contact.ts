import { isDeepStrictEqual } from 'node:util'
import type { AttributeRule } from './attribute-values.ts'
import { displayNameOf } from './names.ts'
import { applyInput, type ContactFields, type ContactInput } from './rules.ts'

/**
 * Decides what a contact becomes. A value that it has already is accepted.
 * @param defaultCountry the organization's; reads phone numbers that have no country prefix
 * @param definitions those that new values of custom attributes have to fit. Default: none
 * @throws InvalidInput, InvalidPhoneNumber, InvalidEmail, MissingRequiredField: the first of what is wrong, which lists all of it
 */
export function changeContact(
  current: ContactFields,
  input: ContactInput,
  defaultCountry: string | null,
  definitions: readonly AttributeRule[] = [],
): ContactFields {
  return applyInput(current, withoutStored(current, input), defaultCountry, definitions)
}

/**
 * An input without the values that the contact has already. A client that reads a contact, changes a field and sends all of it back gives
 * these unchanged: they are accepted whatever the rules of today are, and a display name or country that is derived stays derived.
 */
function withoutStored(current: ContactFields, input: ContactInput): ContactInput {
  const { phone, phoneExtension, displayName, customAttributes } = input
  const keepsPhone = phone === undefined || phone === current.phone
  return {
    phone: keepsPhone ? undefined : phone,
    // An extension belongs to its number: beside another number it is a statement of its own.
    phoneExtension: keepsPhone && (phoneExtension ?? '') === current.phoneExtension ? undefined : phoneExtension,
    email: unlessSame(input.email, current.email),
    firstName: unlessSame(input.firstName, current.firstName),
    lastName: unlessSame(input.lastName, current.lastName),
    displayName: displayName === displayNameOf(current) ? undefined : displayName,
    company: unlessSame(input.company, current.company),
    countryCode: unlessSame(input.countryCode, current.countryCode),
    timezone: unlessSame(input.timezone, current.timezone),
    language: unlessSame(input.language, current.language),
    lifecycleStage: unlessSame(input.lifecycleStage, current.lifecycleStage),
    tags: isDeepStrictEqual(input.tags, current.tags) ? undefined : input.tags,
    customAttributes: customAttributes && changedAttributes(current, customAttributes),
  }
}

function unlessSame<Value>(given: Value | undefined, stored: Value): Value | undefined {
  return given === stored ? undefined : given
}

function changedAttributes(
  { customAttributes }: ContactFields,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const changed = Object.entries(given).filter(
    ([key, value]) => !Object.hasOwn(customAttributes, key) || !isDeepStrictEqual(customAttributes[key], value),
  )
  return changed.length === 0 ? undefined : Object.fromEntries(changed)
}
