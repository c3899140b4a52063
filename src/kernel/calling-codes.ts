import { type CountryCode, getCountries, getCountryCallingCode } from 'libphonenumber-js/max'

/** The country whose plan holds for all that share its calling code. */
const mainCountries: Readonly<Record<string, CountryCode>> = {
  '1': 'US',
  '7': 'RU',
  '39': 'IT',
  '44': 'GB',
  '47': 'NO',
  '61': 'AU',
  '64': 'NZ',
  '212': 'MA',
  '262': 'RE',
  '290': 'SH',
  '358': 'FI',
  '500': 'FK',
  '590': 'GP',
  '599': 'CW',
}

/**
 * The country in whose plan numbers behind a calling code are read: `+49`, `49` and `0049` are Germany. Countries that share a code have one
 * plan (+1 is read as the United States). Null for a text that is no calling code.
 */
export function countryOfCallingCode(text: string): string | null {
  const code = /^(?:\+|00)?(\d{1,3})$/.exec(text.replace(/[\s()-]/g, ''))?.[1]
  if (code === undefined) return null
  return mainCountries[code] ?? getCountries().find((country) => getCountryCallingCode(country) === code) ?? null
}
