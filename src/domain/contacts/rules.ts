import type { LifecycleStage } from '../../data/generated/client.ts'
import type { WritableContact } from '../../data/sql/write-contacts.ts'
import { type Email, parseEmail } from '../../kernel/email.ts'
import { Faults, InvalidInput, MissingRequiredField } from '../../kernel/errors.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { differentPhoneKey } from '../../kernel/phone-key.ts'
import { type E164, parseExtension, parsePhone, type Phone, phoneCountry } from '../../kernel/phone.ts'
import { parseCountryCode } from '../../kernel/countries.ts'
import { parseLanguage } from '../../kernel/languages.ts'
import { parseLifecycleStage } from '../../kernel/lifecycle.ts'
import { parseTimezone } from '../../kernel/time-zones.ts'
import { parseText } from '../../kernel/text.ts'
import { type AttributeRule, unfitAttributes } from './attribute-values.ts'
import { mergeAttributes } from './custom-attributes.ts'
import { parseTags, tagKey } from './tags.ts'

/** What callers may say about a contact. Silence (undefined) leaves a field alone, null clears it. */
export interface ContactInput {
  readonly phone?: string | null | undefined
  readonly phoneExtension?: string | null | undefined
  readonly email?: string | null | undefined
  readonly firstName?: string | null | undefined
  readonly lastName?: string | null | undefined
  readonly displayName?: string | null | undefined
  readonly company?: string | null | undefined
  readonly countryCode?: string | null | undefined
  readonly timezone?: string | null | undefined
  readonly language?: string | null | undefined
  /** One of the stages, in any case, or what other tools call it. */
  readonly lifecycleStage?: string | null | undefined
  readonly tags?: readonly string[] | null | undefined
  /** Keys merge with those that are there; a key that is null is removed. */
  readonly customAttributes?: Readonly<Record<string, unknown>> | null | undefined
}

/** Everything about a contact that callers decide, as it is stored. */
export type ContactFields = Omit<WritableContact, 'id' | 'customAttributes'> & { readonly customAttributes: JsonObject }

const blank: ContactFields = {
  phone: null,
  phoneExtension: '',
  phoneKey: null,
  email: null,
  emailKey: null,
  firstName: null,
  lastName: null,
  displayName: null,
  company: null,
  countryCode: null,
  timezone: null,
  language: null,
  lifecycleStage: 'lead',
  tags: [],
  tagKeys: [],
  customAttributes: {},
}

/**
 * Decides what a new contact is.
 * @param defaultCountry the organization's; reads phone numbers that have no country prefix
 * @param definitions those that its custom attributes have to fit. Default: none
 * @throws InvalidInput, InvalidPhoneNumber, InvalidEmail, MissingRequiredField: the first of what is wrong, which lists all of it
 */
export function newContact(input: ContactInput, defaultCountry: string | null, definitions: readonly AttributeRule[] = []): ContactFields {
  return applyInput(blank, input, defaultCountry, definitions)
}

/** Written from other fields, to compare contacts by: callers do not know them. */
const derived: readonly (keyof ContactFields)[] = ['phoneKey', 'emailKey', 'tagKeys']

/** In which of the fields that callers decide two states of a contact differ. */
export function changedFields(one: ContactFields, other: ContactFields): (keyof ContactFields)[] {
  const keys = Object.keys(blank) as (keyof ContactFields)[] // proof: `blank` is written out as all of ContactFields
  return keys.filter(
    (key) => !derived.includes(key) && one[key] !== other[key] && JSON.stringify(sorted(one[key])) !== JSON.stringify(sorted(other[key])),
  )
}

/**
 * Whether an input gives a contact nothing but what it has already, in the very letters in which it is stored. Then
 * changing it would change nothing, and this costs far less. It may say no where that is so all the same.
 */
export function repeats(current: ContactFields, input: ContactInput): boolean {
  const { customAttributes, ...fields } = input
  const given = Object.keys(fields) as (keyof typeof fields)[] // proof: the keys of the input without its attributes
  if (!given.every((field) => fields[field] === undefined || isSame(current[field], fields[field]))) return false
  if (customAttributes === undefined) return true
  if (customAttributes === null) return false
  const attributes = current.customAttributes
  return Object.entries(customAttributes).every(([key, value]) => Object.hasOwn(attributes, key) && isSame(attributes[key], value))
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return one !== null
  if (typeof one !== 'object' || typeof other !== 'object') return false
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

/** A contact after an input: every value of it is judged by the rules. */
export function applyInput(
  current: ContactFields,
  input: ContactInput,
  defaultCountry: string | null,
  definitions: readonly AttributeRule[],
): ContactFields {
  const faults = new Faults()
  const givenCountry = faults.try(() => optional(input.countryCode, (text) => parseCountryCode(text)), undefined)
  const country = givenCountry ?? current.countryCode ?? defaultCountry
  const phone = faults.try(() => decidePhone(current, input, country), { number: current.phone, extension: current.phoneExtension })
  const email = faults.try(() => optional(input.email, (text) => (text.trim() === '' ? null : parseEmail(text))), undefined)
  const fields = {
    phone: phone.number,
    phoneExtension: phone.extension,
    phoneKey: phone.number === current.phone ? current.phoneKey : differentPhoneKey(phone.number),
    ...decideEmail(current, email),
    firstName: faults.try(() => decideName(input.firstName, current.firstName, 'firstName'), null),
    lastName: faults.try(() => decideName(input.lastName, current.lastName, 'lastName'), null),
    displayName: faults.try(() => decideName(input.displayName, current.displayName, 'displayName'), null),
    company: faults.try(() => decideName(input.company, current.company, 'company'), null),
    countryCode: decideCountry(current, givenCountry, phone.number),
    timezone: keepUnlessGiven(
      faults.try(() => optional(input.timezone, (text) => parseTimezone(text)), undefined),
      current.timezone,
    ),
    language: keepUnlessGiven(
      faults.try(() => optional(input.language, (text) => parseLanguage(text)), undefined),
      current.language,
    ),
    lifecycleStage: faults.try(() => decideStage(input.lifecycleStage, current.lifecycleStage), current.lifecycleStage),
    ...faults.try(() => decideTags(current, input.tags), { tags: [], tagKeys: [] }),
    customAttributes: faults.try(() => decideAttributes(current.customAttributes, input.customAttributes), {}),
  }
  for (const fault of unfitAttributes(input.customAttributes, definitions)) faults.add(fault)
  faults.throwFirst()
  if (fields.phone === null && fields.email === null) {
    throw new MissingRequiredField('A contact needs a phone number or an email address.', {
      field: 'phone',
      expected: 'a phone number, an email address, or both',
    })
  }
  return fields
}

function decidePhone(current: ContactFields, input: ContactInput, country: string | null): { number: E164 | null; extension: string } {
  const extension = optional(input.phoneExtension, (text) => (text.trim() === '' ? '' : parseExtension(text)))
  const phone = optional(input.phone, (text) => (text.trim() === '' ? null : parsePhone(text, country)))
  const number = phone === undefined ? current.phone : (phone?.number ?? null)
  if (number === null) {
    if (typeof extension === 'string' && extension !== '') {
      throw new InvalidInput('An extension needs the phone number that it belongs to.', {
        field: 'phoneExtension',
        value: extension,
        expected: 'a phone number beside it',
      })
    }
    return { number, extension: '' }
  }
  return { number, extension: decideExtension(current, phone ?? null, extension, number) }
}

/** An extension can be a part of the phone number's text, or stand in its own field; if it is omitted, the number keeps it. */
function decideExtension(current: ContactFields, phone: Phone | null, given: string | null | undefined, number: string): string {
  const within = phone?.extension ?? ''
  if (given === undefined) return within !== '' || number !== current.phone ? within : current.phoneExtension
  if (within !== '' && (given ?? '') !== '' && within !== given && given !== current.phoneExtension) {
    throw new InvalidInput('The phone number has another extension in it than the one beside it.', {
      field: 'phoneExtension',
      value: given,
      expected: within,
    })
  }
  return within !== '' ? within : (given ?? '')
}

function decideEmail(current: ContactFields, email: Email | null | undefined): Pick<ContactFields, 'email' | 'emailKey'> {
  if (email === undefined) return { email: current.email, emailKey: current.emailKey }
  return { email: email?.address ?? null, emailKey: email?.key ?? null }
}

/** A country that was not set is the phone number's, and follows it. */
function decideCountry(current: ContactFields, given: string | null | undefined, phone: string | null): string | null {
  if (typeof given === 'string') return given
  if (given === undefined && phone === current.phone) return current.countryCode
  const ofPhone = phone === null ? null : phoneCountry(phone)
  if (given === null) return ofPhone
  const followed = current.countryCode === null || (current.phone !== null && current.countryCode === phoneCountry(current.phone))
  return followed ? (ofPhone ?? current.countryCode) : current.countryCode
}

function decideName(given: string | null | undefined, current: string | null, field: string): string | null {
  // A stored value is accepted whatever the rules were when it was stored.
  if (given === current) return current
  return keepUnlessGiven(
    optional(given, (text) => parseText(text, field, { max: 200, isName: true })),
    current,
  )
}

function decideStage(given: string | null | undefined, current: LifecycleStage): LifecycleStage {
  if (given === null) {
    throw new InvalidInput('A contact always has a lifecycle stage.', {
      field: 'lifecycleStage',
      value: null,
      expected: 'a stage, or nothing to leave it as it is',
    })
  }
  return given === undefined ? current : parseLifecycleStage(given)
}

function decideTags(current: ContactFields, given: readonly string[] | null | undefined): Pick<ContactFields, 'tags' | 'tagKeys'> {
  if (given === undefined) return { tags: current.tags, tagKeys: current.tagKeys }
  const tags = parseTags(given ?? [])
  return { tags, tagKeys: tags.map(tagKey) }
}

function decideAttributes(current: JsonObject, given: Readonly<Record<string, unknown>> | null | undefined): JsonObject {
  if (given === undefined) return current
  return given === null ? {} : mergeAttributes(current, given)
}

function optional<Parsed>(given: string | null | undefined, parse: (text: string) => Parsed): Parsed | null | undefined {
  return typeof given === 'string' ? parse(given) : given
}

function keepUnlessGiven<Value>(given: Value | null | undefined, current: Value | null): Value | null {
  return given === undefined ? current : given
}

/** The same value with its keys in order, for objects only; the order of a list matters. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  )
}
