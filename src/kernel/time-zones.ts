import { WINDOWS_TO_IANA_MAP } from 'windows-iana'
import { InvalidInput } from './errors.ts'
import { shorten } from './text.ts'

/**
 * Abbreviations that the runtime accepts and IANA does not have. It reads most of them as a place that few people mean: BST as Asia/Dhaka,
 * IST as Asia/Calcutta, AST as America/Anchorage.
 */
const runtimeAbbreviations = new Set(
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST'.split(' '),
)

/** Names of zones in Ruby on Rails, and in tools that are built with it, where they are not the name of IANA's own city. */
const railsNames: Readonly<Record<string, string>> = {
  'International Date Line West': 'Pacific/Midway',
  'Midway Island': 'Pacific/Midway',
  'American Samoa': 'Pacific/Pago_Pago',
  Hawaii: 'Pacific/Honolulu',
  Alaska: 'America/Juneau',
  'Pacific Time (US & Canada)': 'America/Los_Angeles',
  'Mountain Time (US & Canada)': 'America/Denver',
  'Central Time (US & Canada)': 'America/Chicago',
  'Eastern Time (US & Canada)': 'America/New_York',
  'Atlantic Time (Canada)': 'America/Halifax',
  Newfoundland: 'America/St_Johns',
  Arizona: 'America/Phoenix',
  Saskatchewan: 'America/Regina',
  Guadalajara: 'America/Mexico_City',
  'Central America': 'America/Guatemala',
  'Indiana (East)': 'America/Indiana/Indianapolis',
  Quito: 'America/Lima',
  Brasilia: 'America/Sao_Paulo',
  Georgetown: 'America/Guyana',
  Greenland: 'America/Nuuk',
  'Mid-Atlantic': 'Atlantic/South_Georgia',
  'Cape Verde Is.': 'Atlantic/Cape_Verde',
  Edinburgh: 'Europe/London',
  Bern: 'Europe/Zurich',
  'West Central Africa': 'Africa/Algiers',
  Kyiv: 'Europe/Kyiv',
  'St. Petersburg': 'Europe/Moscow',
  Pretoria: 'Africa/Johannesburg',
  'Abu Dhabi': 'Asia/Muscat',
  Ekaterinburg: 'Asia/Yekaterinburg',
  Islamabad: 'Asia/Karachi',
  Chennai: 'Asia/Kolkata',
  Mumbai: 'Asia/Kolkata',
  'New Delhi': 'Asia/Kolkata',
  Kolkata: 'Asia/Kolkata',
  Kathmandu: 'Asia/Kathmandu',
  Astana: 'Asia/Almaty',
  'Sri Jayawardenepura': 'Asia/Colombo',
  Rangoon: 'Asia/Yangon',
  Hanoi: 'Asia/Bangkok',
  Beijing: 'Asia/Shanghai',
  Osaka: 'Asia/Tokyo',
  Sapporo: 'Asia/Tokyo',
  Canberra: 'Australia/Sydney',
  'Solomon Is.': 'Pacific/Guadalcanal',
  'New Caledonia': 'Pacific/Noumea',
  'Marshall Is.': 'Pacific/Majuro',
  Wellington: 'Pacific/Auckland',
  "Nuku'alofa": 'Pacific/Tongatapu',
  'Tokelau Is.': 'Pacific/Fakaofo',
  'Chatham Is.': 'Pacific/Chatham',
  Samoa: 'Pacific/Apia',
  'Pacific Time': 'America/Los_Angeles',
  'Mountain Time': 'America/Denver',
  'Central Time': 'America/Chicago',
  'Eastern Time': 'America/New_York',
  'US Pacific': 'America/Los_Angeles',
  'US Mountain': 'America/Denver',
  'US Central': 'America/Chicago',
  'US Eastern': 'America/New_York',
}

let namesMade: ReadonlyMap<string, string> | undefined

/** The names above, Windows' names, and the cities of IANA's zones, without case. */
function names(): ReadonlyMap<string, string> {
  if (namesMade !== undefined) return namesMade
  const made = new Map(Object.entries(railsNames).map(([name, zone]) => [plainName(name), zone]))
  for (const { windowsName, territory, iana } of WINDOWS_TO_IANA_MAP) {
    // 001 is the world: the zone that stands for all of them.
    if (territory === '001' && iana[0] !== undefined) made.set(plainName(windowsName), iana[0])
  }
  const cities = new Map<string, string | null>()
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    const city = plainName(zone.split('/').at(-1) ?? '')
    cities.set(city, cities.has(city) ? null : zone)
  }
  for (const [city, zone] of cities) if (zone !== null && !made.has(city)) made.set(city, zone)
  return (namesMade = made)
}

function plainName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/\s*&\s*|\s+and\s+/g, ' & ')
    .trim()
}

/**
 * The IANA time zone of a name: IANA's own, in any case, with blanks for underscores; a Windows name (`W. Europe Standard Time`); a name
 * of Ruby on Rails (`Pacific Time (US & Canada)`), with or without an offset in front (`(GMT-08:00) …`); null if it is none of these.
 * An offset alone is no zone, and an abbreviation that can mean several places is refused.
 */
export function findTimezone(text: string): string | null {
  const name = text.normalize('NFKC').trim()
  if (name.length > 100) return null
  const own = ianaName(name) ?? ianaName(name.replaceAll('_slash_', '/').replaceAll(' ', '_'))
  if (own !== null) return own
  // Some tools put the offset or the abbreviation behind the name: Europe/Berlin (CET).
  const words = name.replace(/^\((?:GMT|UTC)[^)]*\)\s*/i, '').replace(/(?<=\/\S*)\s*\((?:GMT|UTC|[A-Z]{3,5})[^)]*\)$/, '')
  // Windows shows several cities of a zone: (UTC+01:00) Amsterdam, Berlin, Bern.
  const [known] = [words, ...words.split(',')].flatMap((part) => names().get(plainName(part)) ?? [])
  return known ?? (words === name ? null : ianaName(words))
}

/** Accepts a time zone like {@link findTimezone}. @throws InvalidInput */
export function parseTimezone(text: string, field = 'timezone'): string {
  const zone = findTimezone(text)
  if (zone !== null) return zone
  const isAbbreviation = runtimeAbbreviations.has(text.trim().toUpperCase()) || /^[A-Z]{3,4}$/.test(text.trim())
  throw new InvalidInput(
    `There is no such time zone${isAbbreviation ? ': abbreviations mean different places to different people' : ''}. Send an IANA name, such as Europe/Berlin.`,
    { field, value: shorten(text), expected: 'an IANA time zone name, such as Europe/Berlin' },
  )
}

function ianaName(name: string): string | null {
  if (runtimeAbbreviations.has(name.toUpperCase())) return null
  const canonical = canonicalTimezone(name)
  if (canonical === null) return null
  if (name.length === 1) return canonical
  // The runtime may know a place under an older name (Asia/Calcutta for Asia/Kolkata): keep the name that was given.
  return canonical.toLowerCase() === name.toLowerCase() ? canonical : properCase(name)
}

const capitals = new Set('us gb nz roc rok prc utc gmt uct est mst hst cet met eet wet'.split(' '))

/** A link in the spelling in which IANA writes names: `us/pacific` is `US/Pacific`. */
function properCase(name: string): string {
  if (name !== name.toLowerCase()) return name
  return name.replace(
    /[a-z]+/g,
    (word) => (capitals.has(word) ? word : word.slice(0, 1)).toUpperCase() + (capitals.has(word) ? '' : word.slice(1)),
  )
}

/** What the runtime answered for the names that it was asked for: asking takes it a tenth of a millisecond each time. */
const timezones = new Map<string, string | null>()

function canonicalTimezone(name: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name) || name.startsWith('SystemV/')) return null
  if (name === 'Z' || name === 'z') return 'UTC'
  const known = timezones.get(name)
  if (known !== undefined) return known
  if (timezones.size >= 1000) timezones.clear()
  const canonical = askRuntime(name)
  timezones.set(name, canonical)
  return canonical
}

function askRuntime(name: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return null
  }
}
