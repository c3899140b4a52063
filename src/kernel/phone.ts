import { type CountryCode, isSupportedCountry, parsePhoneNumberWithError, ParseError, type PhoneNumber } from 'libphonenumber-js/max'
import { DomainError } from './errors.ts'
import { shorten } from './text.ts'

declare const e164: unique symbol
/** A phone number in E.164 that is valid by libphonenumber's full metadata. */
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
 * Accepts a phone number in any display format, with or without a PBX suffix (`x1234`, `ext. 1234`, `;ext=1234`).
 * @param country ISO 3166-1 alpha-2 code of the country that a number without a country prefix is read in
 * @throws InvalidPhoneNumber
 */
export function parsePhone(text: string, country: string | null, field = 'phone'): Phone {
  const parsed = read(text.trim().replace(/^tel:/i, ''), country, field)
  if (!parsed.isValid()) {
    throw new InvalidPhoneNumber(`${shorten(text)} is not a valid phone number: no subscriber can have it.`, field, text)
  }
  const extension = parsed.ext === undefined ? '' : parseExtension(parsed.ext, field)
  delete parsed.ext
  remember(parsed)
  // proof: isValid() has just held, and .number is E.164 by the library's contract
  return { number: parsed.number as E164, extension, country: parsed.country ?? null }
}

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

/** The digits under which a stored number can be found: as E.164 has them and as people dial them at home. */
export function phoneDigits(number: string, extension: string): string[] {
  const international = number.slice(1)
  const national = digitsOf(recall(number).formatNational())
  const both = international.endsWith(national) ? [international] : [international, national]
  return extension === '' ? both : both.map((digits) => digits + extension)
}

/** The country of a stored number; null for numbers of no country. */
export function phoneCountry(number: string): string | null {
  return recall(number).country ?? null
}

/**
 * Numbers that were just read, without extension. Taking a number apart costs more than all else that is done to a contact, and
 * whoever accepts one asks for its country and its digits next.
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

function read(text: string, country: string | null, field: string): PhoneNumber {
  if (text.length < 3) throw new InvalidPhoneNumber('A phone number has at least 3 characters.', field, text)
  if (text.length > 100) throw new InvalidPhoneNumber('A phone number has at most 100 characters.', field, text)
  try {
    return parsePhoneNumberWithError(text, { ...(isCountry(country) && { defaultCountry: country }), extract: false })
  } catch (error) {
    if (error instanceof ParseError) throw new InvalidPhoneNumber(reason(error.message, text), field, text)
    throw error
  }
}

function reason(parseError: string, text: string): string {
  const number = shorten(text)
  switch (parseError) {
    case 'INVALID_COUNTRY':
      return text.startsWith('+')
        ? `${number} begins with a country prefix that does not exist.`
        : `${number} has no country prefix. Begin it with + and the prefix, or say the country.`
    case 'TOO_SHORT':
      return `${number} is too short for a phone number.`
    case 'TOO_LONG':
      return `${number} is too long for a phone number.`
    default:
      return `${number} is not a phone number.`
  }
}

function isCountry(code: string | null): code is CountryCode {
  return code !== null && isSupportedCountry(code)
}
