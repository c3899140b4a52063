import { text } from './text.ts'

const units: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

const relativeFormat = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const narrowFormat = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' })

/** The distance from now in its largest unit: `2 hours ago`, `yesterday`, `now`; where space is short `2h ago`. */
export function relativeTime(iso: string, now = Date.now(), isNarrow = false): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000)
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', Infinity]
  return (isNarrow ? narrowFormat : relativeFormat).format(Math.trunc(seconds / size), unit)
}

// Made once: to make a format takes longer than to use it for a whole page.
const timeFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** The time in the viewer's zone, and in the contact's if that is another one. */
export function absoluteTime(iso: string, zone: string | null): string {
  const date = new Date(iso)
  const here = timeFormat.format(date)
  if (zone === null) return here
  const there = date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: zone })
  return here === there ? here : text.times.bothZones(here, there, zone)
}

/** The present time of a zone: `14:05 (GMT+1)`. */
export function clockIn(zone: string): string {
  return new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone, timeZoneName: 'short' })
}

/** `OPTED_IN` → `Opted in`. */
export function words(name: string): string {
  const lower = name.replaceAll('_', ' ').toLowerCase()
  return lower.charAt(0).toUpperCase() + lower.slice(1)
}

const channelNames: Readonly<Record<string, string>> = { SMS: 'SMS', RCS: 'RCS', LINE: 'LINE', WHATSAPP: 'WhatsApp' }

export function channelName(channel: string): string {
  return channelNames[channel] ?? words(channel)
}

/** A duration in its largest unit: `3 d`. */
export function duration(seconds: number): string {
  if (seconds >= 86_400) return `${Math.round(seconds / 86_400)} d`
  if (seconds >= 3600) return `${Math.round(seconds / 3600)} h`
  return `${Math.max(1, Math.round(seconds / 60))} min`
}

/** `DE` → `Germany`; a code that is none stays. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (regionNames().of(code) ?? code) : code
}

let regions: Intl.DisplayNames | null = null

/** Made when the first country is shown: it takes some milliseconds, and the list shows none by default. */
function regionNames(): Intl.DisplayNames {
  return (regions ??= new Intl.DisplayNames('en', { type: 'region' }))
}

/** A value of JSON as people read it: lists with commas, empty for none. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.map(valueText).join(', ') : JSON.stringify(value)
}

/** `2026-02-01` → `1 Feb 2026`. A day has no zone. */
export function dayText(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })
}

/** A time as a control for local times holds it: `2026-02-01T09:30`; empty for none. */
export function localInput(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
