const minute = 60_000
const day = 24 * 60 * minute

/** What Intl knows about a region; younger runtimes have the method, older ones the property, and the types neither. */
interface RegionLocale {
  readonly timeZones?: readonly string[]
  getTimeZones?(): readonly string[]
}

/** The IANA time zones of a country (ISO 3166-1 alpha-2); none if the runtime does not know it. */
export function timeZonesOf(country: string): readonly string[] {
  // proof: the two members are optional, and what they hold is checked
  const locale = new Intl.Locale(`und-${country}`) as RegionLocale
  return locale.getTimeZones?.() ?? locale.timeZones ?? []
}

/** Formats by zone: making one costs a hundred times what using it does. Zones are few. */
const formats = new Map<string, Intl.DateTimeFormat | null>()

/** Whether the runtime knows a time zone. */
export function isKnownZone(zone: string): boolean {
  return formatOf(zone) !== null
}

/** How far a zone's clocks are ahead of UTC at a time, in milliseconds. @throws RangeError for a zone that is not known */
export function offsetAt(zone: string, instant: number): number {
  const format = formatOf(zone)
  if (format === null) throw new RangeError(`There is no time zone ${zone}.`)
  // "3/1/2026, GMT+05:30"; "GMT" alone is no offset at all.
  const [, sign, hours, minutes = '0', seconds = '0'] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(format.format(instant)) ?? []
  if (sign === undefined) return 0
  const size = Number(hours) * 60 * minute + Number(minutes) * minute + Number(seconds) * 1000
  return sign === '-' ? -size : size
}

/** The time of day on a zone's clocks, in milliseconds since midnight. */
export function timeOfDay(zone: string, instant: number): number {
  const local = instant + offsetAt(zone, instant)
  return ((local % day) + day) % day
}

/** The hour on a zone's clocks, 0 to 23. */
export function localHour(zone: string, instant: number): number {
  return Math.floor(timeOfDay(zone, instant) / (60 * minute))
}

/** The date on a zone's clocks, in days since 1970-01-01. */
export function localDay(zone: string, at: number): number {
  return Math.floor((at + offsetAt(zone, at)) / day)
}

/**
 * The times at which a zone's clocks come to a local time, in order: one; two where the clocks go back over it; where they jump over it, the
 * time of the jump. Where the clocks change within two days of it, the time of the change is always among them.
 * @param local milliseconds since 1970-01-01T00:00 on the zone's clocks
 */
export function timesAround(zone: string, local: number): number[] {
  const near = local - offsetAt(zone, local)
  const [before, after] = [offsetAt(zone, near - 2 * day), offsetAt(zone, near + 2 * day)]
  if (before === after) return [local - before]
  return [local - before, local - after, changeBetween(zone, near - 2 * day, near + 2 * day)].toSorted((one, other) => one - other)
}

/** When a zone's offset changes, between two times that differ in it. */
function changeBetween(zone: string, from: number, to: number): number {
  const before = offsetAt(zone, from)
  let [low, high] = [from, to]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(zone, middle) === before) low = middle
    else high = middle
  }
  return high
}

function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const format = createFormat(zone)
  formats.set(zone, format)
  return format
}

function createFormat(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  } catch {
    return null
  }
}
