import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberWithError,
  ParseError,
  type PhoneNumber,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max'
import { DomainError } from './errors.ts'
import { phoneKey } from './phone-key.ts'
import { isRounded, type PhoneReading, phoneReadings } from './phone-readings.ts'
import { shorten, visible } from './text.ts'

declare const e164: unique symbol
/** A phone number in E.164 that is valid by libphonenumber's full metadata, or WhatsApp's spelling of one that is. */
export type E164 = string & { readonly [e164]: true }

/** A phone number as it is stored. */
export interface Phone {
  readonly number: E164
  /** Digits of the PBX extension; empty if there is none. */
  readonly extension: string
  /** ISO 3166-1 alpha-2 code of the country that the number belongs to; null for numbers of no country, such as +800. */
  readonly country: string | null
}

export type PhoneStyle = 'e164' | 'international' | 'national' | 'rfc3966'

/** The number or its extension is not one that can be called. */
export class InvalidPhoneNumber extends DomainError {
  constructor(
    message: string,
    field: string,
    value: string,
    expected = 'a phone number such as +14155551234, +1 (415) 555-1234 or +14155551234 x1234',
  ) {
    super('INVALID_PHONE_NUMBER', message, { field, value: shorten(value), expected })
  }
}

/**
 * Accepts a phone number in any display format, with or without a PBX suffix (`x1234`, `ext. 1234`, `;ext=1234`, `,,1234`, `Durchwahl 1234`).
 * What Google's libphonenumber reads as a valid number is read in the same way: full-width signs, invisible marks, vanity numbers, `tel:`.
 * Beyond that: `00` for + in every country (`011` where the country is not known), a trunk prefix in brackets, remarks behind the number,
 * and WhatsApp's spellings of Mexican and Brazilian numbers, which are kept as they are given.
 * @param country ISO 3166-1 alpha-2 code of the country that a number without a country prefix is read in
 * @throws InvalidPhoneNumber
 */
export function parsePhone(text: string, country: string | null, field = 'phone'): Phone {
  if (text.length > 100) throw new InvalidPhoneNumber('A phone number has at most 100 characters.', field, text)
  if (isRounded(text)) throw new InvalidPhoneNumber(`${quoted(text)} was rounded by a spreadsheet. ${enterAgain}`, field, text)
  const home = isCountry(country) ? country : null
  for (const reading of phoneReadings(text)) {
    for (const number of numbersIn(reading, home)) {
      const parsed = parse(number, home)
      if (typeof parsed === 'string' || !isReachable(parsed)) continue
      const extension = reading.extension === '' ? '' : parseExtension(reading.extension, field)
      remember(parsed)
      // proof: isReachable() has just held, and .number is E.164 by the library's contract
      return { number: parsed.number as E164, extension, country: parsed.country ?? null }
    }
  }
  throw new InvalidPhoneNumber(refusal(text, home), field, text)
}

/** The number that a text certainly is, with its country prefix; null if it is none or a part of one. */
export function findPhone(text: string): Phone | null {
  try {
    return parsePhone(text, null)
  } catch (error) {
    if (error instanceof InvalidPhoneNumber) return null
    throw error
  }
}

const enterAgain = 'Format the column as text there, and enter the number again.'

/** Accepts the digits of a PBX extension. @throws InvalidPhoneNumber */
export function parseExtension(text: string, field = 'phoneExtension'): string {
  const digits = text.trim().replace(/^(?:x|ext\.?)\s*/i, '')
  if (/^\d{1,15}$/.test(digits)) return digits
  throw new InvalidPhoneNumber(`${shorten(text)} is not a phone extension.`, field, text, '1 to 15 digits')
}

/** Writes a stored phone number the way people read it; the extension is added where the style has a place for it. */
export function formatPhone(number: string, extension: string, style: PhoneStyle): string {
  const parsed = parsePhoneNumberWithError(number)
  if (extension !== '') parsed.setExt(extension)
  switch (style) {
    case 'e164':
      return parsed.format('E.164')
    case 'international':
      return parsed.format('INTERNATIONAL')
    case 'national':
      return parsed.format('NATIONAL')
    case 'rfc3966':
      return parsed.format('RFC3966')
  }
}

/**
 * The digits under which a stored number can be found: as E.164 has them and as people dial them at home, in all spellings of the number, each
 * with its extension.
 */
export function phoneDigits(number: string, extension: string): string[] {
  const spellings = [...new Set([number, phoneKey(number)])].flatMap((spelling) => {
    return [spelling.slice(1), digitsOf(recall(spelling).formatNational())]
  })
  const found = spellings.filter((digits, index) => !spellings.some((other, at) => at !== index && isWithin(digits, at < index, other)))
  return found.map((digits) => digits + extension)
}

function isWithin(digits: string, isLater: boolean, other: string): boolean {
  return digits === other ? isLater : other.endsWith(digits)
}

/** The country of a stored number; null for numbers of no country. */
export function phoneCountry(number: string): string | null {
  return recall(number).country ?? null
}

/** The country calling code of a stored number, such as `1` or `49`. */
export function callingCode(number: string): string {
  return recall(number).countryCallingCode
}

/**
 * Numbers that were just read, without extension. Taking a number apart costs more than all else that is done to a contact, and
 * callers ask for its country and its digits next.
 */
const justRead = new Map<string, PhoneNumber>()

function remember(number: PhoneNumber): PhoneNumber {
  if (justRead.size >= 1000) justRead.clear()
  justRead.set(number.number, number)
  return number
}

function recall(number: string): PhoneNumber {
  return justRead.get(number) ?? remember(parsePhoneNumberWithError(number))
}

export function digitsOf(text: string): string {
  return text.replace(/\D/g, '')
}

/** What the digits of a reading can be dialled as, the most likely first: in E.164, or national digits where the country is known. */
function* numbersIn({ isInternational, digits }: PhoneReading, home: CountryCode | null): Generator<string> {
  if (isInternational) {
    yield `+${digits}`
    if (digits.startsWith('00')) yield `+${digits.slice(2)}`
    // Italian mobile numbers, other than fixed lines, have no 0 in front.
    if (digits.startsWith('3903')) yield `+39${digits.slice(3)}`
    yield* withoutOldPrefix(digits.startsWith('52') ? digits.slice(2) : '')
    // No country prefix begins with 0: the + stands in front of a number as it is dialled at home.
    if (digits.startsWith('0') && home !== null) yield digits
    return
  }
  if (home !== null) yield digits
  if (digits.startsWith('00')) yield `+${digits.slice(2)}`
  if (home === null && digits.startsWith('011')) yield `+${digits.slice(3)}`
  if (home === 'MX') yield* withoutOldPrefix(digits)
}

/** Mexican numbers were dialled with 01, and mobile ones with 044 or 045, until 2019. */
function* withoutOldPrefix(mexican: string): Generator<string> {
  const number = /^0(?:1|44|45)(\d{10})$/.exec(mexican)?.[1]
  if (number !== undefined) yield `+52${number}`
}

/** The number, or why the library reads none. */
function parse(number: string, home: CountryCode | null): PhoneNumber | string {
  try {
    return parsePhoneNumberWithError(number, { ...(home !== null && { defaultCountry: home }), extract: false })
  } catch (error) {
    if (error instanceof ParseError) return error.message
    throw error
  }
}

function isReachable(number: PhoneNumber): boolean {
  if (number.isValid()) return true
  const key = phoneKey(number.number)
  return key !== number.number && parsePhoneNumberWithError(key).isValid()
}

/** Says what is wrong with a text of which no reading is a number, by the first of them. */
function refusal(text: string, home: CountryCode | null): string {
  const number = quoted(text)
  const reading = phoneReadings(text).next().value
  if (reading === undefined) return `${number} is not a phone number.`
  if (!reading.isInternational && home === null) {
    return `${number} has no country prefix. Begin it with + and the prefix, or name the country.`
  }
  const parsed = parse(reading.isInternational ? `+${reading.digits}` : reading.digits, home)
  if (parsed === 'INVALID_COUNTRY') return `${number} begins with a country prefix that does not exist.`
  if (typeof parsed === 'string') return `${number} is too ${parsed === 'TOO_SHORT' ? 'short' : 'long'} for a phone number.`
  const where = reading.isInternational
    ? `with the country prefix +${parsed.countryCallingCode}`
    : `as a number of ${countryName(parsed.country ?? home ?? '')}`
  return `${number} is not a valid phone number. Read ${where}, it ${fault(parsed)}.`
}

const lengthFaults: Readonly<Record<string, string>> = {
  TOO_SHORT: 'is too short',
  TOO_LONG: 'is too long',
  INVALID_LENGTH: 'has a length that no number has there',
}

function fault({ number }: PhoneNumber): string {
  return lengthFaults[validatePhoneNumberLength(number) ?? ''] ?? 'begins with digits that no number has there'
}

function countryName(code: string): string {
  return `${new Intl.DisplayNames('en', { type: 'region' }).of(code)} (${code})`
}

function quoted(text: string): string {
  return visible(shorten(text))
}

function isCountry(code: string | null): code is CountryCode {
  return code !== null && isSupportedCountry(code)
}
