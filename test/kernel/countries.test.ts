import { getCountries } from 'libphonenumber-js/max'
import { expect, test } from 'vitest'
import { countryOfCallingCode } from '../../src/kernel/calling-codes.ts'
import { findCountry, parseCountryCode } from '../../src/kernel/countries.ts'

test('every country that a phone number can have is a country', () => {
  for (const country of getCountries()) expect(parseCountryCode(country.toLowerCase())).toBe(country)
})

test.each([
  ['JPN', 'JP'],
  ['bra', 'BR'],
  ['U.K.', 'GB'],
  ['ＵＳ', 'US'],
  ['Vereinigte Staaten', 'US'],
  ['Österreich', 'AT'],
  ['Oesterreich', null],
  ['Espagne', 'ES'],
  ['Países Bajos', 'NL'],
  ['Países Baixos', 'NL'],
  ['Svizzera', 'CH'],
  ['Griekenland', 'GR'],
  ['Szwecja', 'SE'],
  ['Moldova, Republic of', 'MD'],
  ['Bosnia & Herzegovina', 'BA'],
  ['bosnia and herzegovina', 'BA'],
  ['the Netherlands', 'NL'],
  ['Scotland', 'GB'],
  ['Curaçao', 'CW'],
  ['São Tomé e Príncipe', 'ST'],
  ['NA', 'NA'],
  ['', null],
  ['EU', null],
  ['ZZ', null],
  ['49', null],
  ['Atlantis', null],
  ['de-AT', 'AT'],
  ['fr_CA', 'CA'],
  ['IT-25', 'IT'],
  ['AU-NSW', 'AU'],
  ['CA-QC', 'CA'],
  ['xx-Klingon', null],
  ['🇸🇮', 'SI'],
  ['🇵🇹 Portugal', 'PT'],
  ['FI - Finland', 'FI'],
  ['Chile (CL)', 'CL'],
  ['Philippines (the)', 'PH'],
  ['Suisse / Schweiz', 'CH'],
  ['Sudan (South)', null],
  ['Austria/Hungary', null],
  ['Lietuva', 'LT'],
  ['ประเทศไทย', 'TH'],
  ['Ελλάς', 'GR'],
  ['대한민국', 'KR'],
  ['ZR', 'CD'],
])('the country of %j is %j', (text, code) => {
  expect(findCountry(text)).toBe(code)
  if (code === null) expect(() => parseCountryCode(text)).toThrow('There is no such country code.')
})

test.each([
  ['+49', 'DE'],
  ['0033', 'FR'],
  ['1', 'US'],
  ['+44', 'GB'],
  ['39', 'IT'],
  ['+999', null],
  ['DE', null],
])('numbers behind %j are read in %j', (text, country) => {
  expect(countryOfCallingCode(text)).toBe(country)
})
