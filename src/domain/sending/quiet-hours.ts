import type { Channel, ChannelGroup, Contact } from '../../data/generated/client.ts'
import { defaultQuietHours, type QuietHours } from '../organizations/quiet-hours.ts'
import { isKnownZone, localDay, offsetAt, timeOfDay, timesAround, timeZonesOf } from '../../kernel/local-time.ts'
import { phoneCountry } from '../../kernel/phone.ts'
import { timeZonesOfPrefix } from '../../kernel/phone-zones.ts'

const minute = 60 * 1000
const minutesOfDay = 24 * 60
const day = minutesOfDay * minute

/** The quiet hours of each group of channels that hold for one contact. */
export type Schedule = Readonly<Record<ChannelGroup, QuietHours>>

/** The channels that people experience alike, and that laws treat alike. */
const groups: Readonly<Record<Channel, ChannelGroup>> = {
  email: 'email',
  fax: 'fax',
  push: 'push',
  sms: 'phone',
  voice: 'phone',
  instagram: 'chat',
  line: 'chat',
  messenger: 'chat',
  rcs: 'chat',
  viber: 'chat',
  whatsapp: 'chat',
}

export function groupOf(channel: Channel): ChannelGroup {
  return groups[channel]
}

/** The rules that hold in a country: its own, else those for every country, else the defaults. */
export function scheduleFor(rules: readonly QuietHours[], countryCode: string | null): Schedule {
  const schedule = { ...defaultQuietHours }
  for (const rule of rules) if (rule.countryCode === null) schedule[rule.channelGroup] = rule
  for (const rule of rules) if (rule.countryCode !== null && rule.countryCode === countryCode) schedule[rule.channelGroup] = rule
  return schedule
}

/**
 * The time zones that a contact may be in, of which the strictest decides: its own; else those of its phone number's prefix; else those of
 * the number's country, of the contact's or of the organization's. Where nothing is known, UTC.
 */
export function zonesOf(contact: Pick<Contact, 'timezone' | 'phone' | 'countryCode'>, defaultCountry: string | null): readonly string[] {
  if (contact.timezone !== null && isKnownZone(contact.timezone)) return [contact.timezone]
  const ofPrefix = contact.phone === null ? [] : timeZonesOfPrefix(contact.phone)
  if (ofPrefix.length > 0) return ofPrefix
  const ofPhone = contact.phone === null ? null : phoneCountry(contact.phone)
  for (const country of [ofPhone, contact.countryCode, defaultCountry]) {
    const zones = country === null ? [] : timeZonesOf(country)
    if (zones.length > 0) return zones
  }
  return ['UTC']
}

/** Steps from opening to opening before giving up: zones whose open hours never meet come to no end. */
const maxSteps = 100

/**
 * The first time, not before the given one, at which it is open in all zones; null if that never comes.
 *
 * A zone that is closed stays so until it opens, so going on from the latest of those openings skips nothing.
 */
export function nextOpenEverywhere(zones: readonly string[], hours: QuietHours, from: number): number | null {
  if (isAlwaysOpen(hours)) return from
  let at = from
  for (let step = 0; step < maxSteps; step += 1) {
    let latest = at
    for (const zone of zones) {
      const opens = nextOpen(zone, hours, at)
      if (opens === null) return null
      latest = Math.max(latest, opens)
    }
    if (latest === at) return at
    at = latest
  }
  return null
}

function isAlwaysOpen({ opensAt, closedWeekdays, closedDates }: QuietHours): boolean {
  return opensAt === null && closedWeekdays.length === 0 && closedDates.length === 0
}

/** Every date is closed by then if it is closed in each of two years. */
const maxDays = 2 * 366

function nextOpen(zone: string, hours: QuietHours, at: number): number | null {
  if (isOpen(zone, hours, at)) return at
  // From the day before: clocks that go back over midnight come to it again.
  const today = localDay(zone, at)
  for (let date = today - 1; date <= today + maxDays; date += 1) {
    if (isClosedOn(hours, date)) continue
    const found = timesAround(zone, date * day + (hours.opensAt ?? 0) * minute).find(
      (time) => time > at && localDay(zone, time) === date && isOpen(zone, hours, time),
    )
    if (found !== undefined) return found
  }
  return null
}

function isOpen(zone: string, hours: QuietHours, at: number): boolean {
  const time = timeOfDay(zone, at)
  return time >= (hours.opensAt ?? 0) * minute && time < (hours.closesAt ?? minutesOfDay) * minute && !isClosedOn(hours, localDay(zone, at))
}

/** @param date in days since 1970-01-01, which was a Thursday */
function isClosedOn({ closedWeekdays, closedDates }: QuietHours, date: number): boolean {
  if (closedWeekdays.includes(((((date + 3) % 7) + 7) % 7) + 1)) return true
  if (closedDates.length === 0) return false
  const text = new Date(date * day).toISOString().slice(0, 10)
  return closedDates.includes(text) || closedDates.includes(text.slice(5))
}

/** The zone in the middle of those that a contact may be in: the best guess at its time of day. */
export function likelyZone(zones: readonly string[], at: Date): string {
  const sorted = zones.toSorted((one, other) => offsetAt(one, at.getTime()) - offsetAt(other, at.getTime()) || (one < other ? -1 : 1))
  return sorted[Math.floor(sorted.length / 2)] ?? 'UTC'
}
