import fc from 'fast-check'
import { getCountries, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' }
import { expect, test } from 'vitest'
import { phoneKey } from '../../src/kernel/phone-key.ts'
import { formatPhone, InvalidPhoneNumber, parsePhone, phoneDigits } from '../../src/kernel/phone.ts'
import { parseCountryCode } from '../../src/kernel/countries.ts'

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
  ['12', null, '12 is not a phone number.'],
  ['N/A', null, 'N/A is not a phone number.'],
  ['555-1234', null, '555-1234 has no country prefix. Begin it with + and the prefix, or name the country.'],
  ['+999 123456', null, '+999 123456 begins with a country prefix that does not exist.'],
  ['+1 415 555', null, '+1 415 555 is not a valid phone number. Read with the country prefix +1, it is too short.'],
  [
    '+1 000 555 2671',
    null,
    '+1 000 555 2671 is not a valid phone number. Read with the country prefix +1, it begins with digits that no number has there.',
  ],
  ['555-1234', 'US', '555-1234 is not a valid phone number. Read as a number of United States (US), it is too short.'],
  ['030 901820 4567 89', 'AT', '030 901820 4567 89 is not a valid phone number. Read as a number of Austria (AT), it is too long.'],
  ['+1 415 555 2671 99999999999999', null, '+1 415 555 2671 99999999999999 is too long for a phone number.'],
  ['1.41556E+10', null, '1.41556E+10 was rounded by a spreadsheet. Format the column as text there, and enter the number again.'],
  ['4,91751E+11', 'DE', '4,91751E+11 was rounded by a spreadsheet.'],
  ['\u200e12\u00a03', 'US', '<U+200E>12<U+00A0>3 is not a valid phone number. Read as a number of United States (US), it is too short.'],
])('%s in %s is refused: %s', (text, country, message) => {
  expect(() => parsePhone(text, country)).toThrow(message)
})

test.each([
  ['＋４４　２０　７９４６　０９５８', null, '+442079460958', ''],
  ['\u202a+44\u00a020\u00a07946\u00a00958\u202c', null, '+442079460958', ''],
  ['«+33 6 12 34 56 78»', null, '+33612345678', ''],
  ['+011 33 6 12 34 56 78', 'US', '+33612345678', ''],
  ['+06 12 34 56 78', 'FR', '+33612345678', ''],
  ['+0 532 123 45 67', 'TR', '+905321234567', ''],
  ['="030 901820";', 'DE', '+4930901820', ''],
  ['+९१ ९८७६५ ४३२१०', null, '+919876543210', ''],
  ['1-888-CALL-NOW', 'US', '+18882255669', ''],
  ['044 668 18 00', 'CH', '+41446681800', ''],
  ["044'668'18'00", 'CH', '+41446681800', ''],
  ['02·9876·5432', 'AU', '+61298765432', ''],
  ['TEL:+33-6-12-34-56-78', null, '+33612345678', ''],
  ['tel:901820;phone-context=+4930', null, '+4930901820', ''],
  ['+43 (0)1 58858-0', null, '+431588580', ''],
  ['+44 (0)7911 123456', 'US', '+447911123456', ''],
  ['+39 (0)347 123 4567', null, '+393471234567', ''],
  ['0033 6 12 34 56 78', null, '+33612345678', ''],
  ['0081 90 1234 5678', 'US', '+819012345678', ''],
  ['011 33 6 12 34 56 78', null, '+33612345678', ''],
  ['+0033 612345678', null, '+33612345678', ''],
  ['045 33 1234 5678', 'MX', '+523312345678', ''],
  ['+52 01 33 1234 5678', null, '+523312345678', ''],
  ['06 12 34 56 78 (bureau)', 'FR', '+33612345678', ''],
  ['020 7946 0958 - office', 'GB', '+442079460958', ''],
  ['030 901820 Nebenstelle 17', 'DE', '+4930901820', '17'],
  ['01 42 68 53 00 poste 221', 'FR', '+33142685300', '221'],
  ['+34 912 34 56 78 ext.: 9', null, '+34912345678', '9'],
  ['+14155552671w34', null, '+14155552671', '34'],
  ['+14155552671;ext=007', null, '+14155552671', '007'],
  ['(11) 3071-0000 ramal 45', 'BR', '+551130710000', '45'],
])('%s in %s is %s with the extension "%s"', (text, country, number, extension) => {
  expect(parsePhone(text, country)).toMatchObject({ number, extension })
})

test.each([
  ['+52 1 33 1234 5678', null, '+5213312345678', '+523312345678'],
  ['+523312345678', null, '+523312345678', '+523312345678'],
  ['13312345678', 'MX', '+5213312345678', '+523312345678'],
  ['+55 21 8765-4321', null, '+552187654321', '+5521987654321'],
  ['(21) 98765-4321', 'BR', '+5521987654321', '+5521987654321'],
  ['(21) 3871-4321', 'BR', '+552138714321', '+552138714321'],
  ['+54 351 421-5000', null, '+543514215000', '+5493514215000'],
  ['0351 15 421-5000', 'AR', '+5493514215000', '+5493514215000'],
  ['+54 800 333 0102', null, '+548003330102', '+548003330102'],
  ['+1 415 555 2671', null, '+14155552671', '+14155552671'],
])('%s in %s is kept as %s and compared as %s', (text, country, number, key) => {
  const phone = parsePhone(text, country)
  expect(phone.number).toBe(number)
  expect(phoneKey(phone.number)).toBe(key)
  expect(phoneKey(key)).toBe(key)
  for (const style of ['international', 'national', 'rfc3966'] as const) {
    expect(parsePhone(formatPhone(number, '', style), phone.country).number).toBe(number)
  }
})
