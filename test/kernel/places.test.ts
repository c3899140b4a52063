import { getCountries } from 'libphonenumber-js/max'
import { expect, test } from 'vitest'
import { parseCountryCode, parseLanguage, parseTimezone } from '../../src/kernel/places.ts'

test('every country that a phone number can have is a country', () => {
  for (const country of getCountries()) expect(parseCountryCode(country.toLowerCase())).toBe(country)
})

test.each(['', 'UK', 'USA', 'EU', 'ZZ', '49', 'ＵＳ'])('%j is no country', (code) => {
  expect(() => parseCountryCode(code)).toThrow('There is no such country code.')
})

test.each([
  ['EN', 'en'],
  [' pt ', 'pt'],
])('%j is the language %j', (text, language) => {
  expect(parseLanguage(text)).toBe(language)
})

test.each(['', 'english', 'xx', 'en-US', 'iw'])('%j is no language', (code) => {
  expect(() => parseLanguage(code)).toThrow('There is no such language code.')
})

test('every time zone of the runtime is accepted in any case', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) expect(parseTimezone(zone.toLowerCase())).toBe(zone)
})

test.each(['Asia/Kolkata', 'Europe/Kyiv', 'UTC', 'America/Argentina/Buenos_Aires'])('%s keeps its name', (zone) => {
  expect(parseTimezone(zone)).toBe(zone)
})

test.each(['', 'Mars/Olympus', '+01:00', 'CEST!', 'Europe/Berlin; drop table', 'a'.repeat(100)])('%j is no time zone', (zone) => {
  expect(() => parseTimezone(zone)).toThrow('There is no such time zone.')
})
