import fc from 'fast-check'
import { getCountries, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' }
import { expect, test } from 'vitest'
import { formatPhone, InvalidPhoneNumber, parsePhone, phoneDigits } from '../../src/kernel/phone.ts'
import { parseCountryCode } from '../../src/kernel/places.ts'

const samples = getCountries().flatMap((country) => {
  const number = getExampleNumber(country, examples)
  return number?.isValid() === true ? [{ country, number }] : []
})
const anySample = fc.constantFrom(...samples)
const anyExtension = fc.stringMatching(/^\d{1,7}$/)

test('every spelling of a number is the same number', () => {
  fc.assert(
    fc.property(anySample, anyExtension, ({ country, number }, extension) => {
      const e164 = number.format('E.164')
      const spellings = [e164, ` ${e164} `, number.format('INTERNATIONAL'), number.format('RFC3966')]
      for (const spelling of spellings) expect(parsePhone(spelling, null)).toMatchObject({ number: e164, extension: '' })
      expect(parsePhone(number.format('NATIONAL'), country).number).toBe(e164)
      const suffixes = [` x${extension}`, ` ext. ${extension}`, ` ext ${extension}`, `;ext=${extension}`]
      for (const suffix of suffixes) expect(parsePhone(e164 + suffix, null)).toMatchObject({ number: e164, extension })
    }),
  )
})

test('a stored number is read back from every style', () => {
  fc.assert(
    fc.property(anySample, fc.option(anyExtension, { nil: '' }), ({ country, number }, extension) => {
      const e164 = number.format('E.164')
      for (const style of ['international', 'national', 'rfc3966'] as const) {
        expect(parsePhone(formatPhone(e164, extension, style), country)).toMatchObject({ number: e164, extension })
      }
      expect(formatPhone(e164, extension, 'e164')).toBe(e164)
    }),
  )
})

test('a number is found by its digits as they are dialled at home and from abroad', () => {
  fc.assert(
    fc.property(anySample, ({ number }) => {
      const digits = phoneDigits(number.format('E.164'), '').join(' ')
      expect(digits).toContain(number.format('E.164').slice(1))
      expect(digits).toContain(number.formatNational().replace(/\D/g, ''))
    }),
  )
})

test('whatever is written as a number is refused with a sentence or is a valid E.164 number', () => {
  const digitsAndSigns = fc.string({ unit: fc.constantFrom(...Array.from('+0123456789 ()-./x;=e')) })
  fc.assert(
    fc.property(fc.oneof(fc.string(), digitsAndSigns), fc.constantFrom(null, 'US', 'DE', 'AQ'), (text, country) => {
      try {
        const phone = parsePhone(text, country)
        expect(phone.number).toMatch(/^\+[1-9]\d{3,14}$/)
        expect(phone.extension).toMatch(/^\d*$/)
        if (phone.country !== null) expect(parseCountryCode(phone.country)).toBe(phone.country)
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidPhoneNumber)
        expect(error).toHaveProperty('message', expect.stringMatching(/[a-z].*\.$/))
      }
    }),
  )
})

test.each([
  ['12', 'A phone number has at least 3 characters.'],
  ['N/A', 'N/A is not a phone number.'],
  ['555-1234', '555-1234 has no country prefix. Begin it with + and the prefix, or say the country.'],
  ['+999 123456', '+999 123456 begins with a country prefix that does not exist.'],
  ['+1 415 555', '+1 415 555 is not a valid phone number: no subscriber can have it.'],
  ['+1 415 555 2671 99999999999999', '+1 415 555 2671 99999999999999 is too long for a phone number.'],
  ['1.41556E+10', '1.41556E+10 is not a phone number.'],
])('%s is refused: %s', (text, message) => {
  expect(() => parsePhone(text, null)).toThrow(message)
})
