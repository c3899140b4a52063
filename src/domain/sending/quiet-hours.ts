import type { Channel, Contact } from '../../data/generated/client.ts'
import { isKnownZone, nextTimeOfDay, offsetAt, timeOfDay, timeZonesOf } from '../../kernel/local-time.ts'
import { phoneCountry } from '../../kernel/phone.ts'

const hour = 60 * 60 * 1000

/** The local time of day within which a channel may be used, in milliseconds since midnight: from `opens` up to but not including `closes`. */
export interface Daytime {
  readonly opens: number
  readonly closes: number
}

const callable: Daytime = { opens: 8 * hour, closes: 21 * hour }
const chattable: Daytime = { opens: 9 * hour, closes: 21 * hour }

/** When each channel may be used; null: at any time, because it wakes nobody. */
const daytimes: Readonly<Record<Channel, Daytime | null>> = {
  email: null,
  fax: null,
  push: null,
  sms: callable,
  voice: callable,
  instagram: chattable,
  line: chattable,
  messenger: chattable,
  rcs: chattable,
  viber: chattable,
  whatsapp: chattable,
}

export function daytimeOf(channel: Channel): Daytime | null {
  return daytimes[channel]
}

/**
 * The time zones that a contact may be in: its own; else all of its phone number's country, of which the strictest decides; else all of its
 * own country, or of the organization's. Where nothing is known, UTC.
 */
export function zonesOf(contact: Pick<Contact, 'timezone' | 'phone' | 'countryCode'>, defaultCountry: string | null): readonly string[] {
  if (contact.timezone !== null && isKnownZone(contact.timezone)) return [contact.timezone]
  const ofPhone = contact.phone === null ? null : phoneCountry(contact.phone)
  for (const country of [ofPhone, contact.countryCode, defaultCountry]) {
    const zones = country === null ? [] : timeZonesOf(country)
    if (zones.length > 0) return zones
  }
  return ['UTC']
}

/** Steps from opening to opening before giving up: zones that have no daytime in common never come to one. */
const maxSteps = 60

/**
 * The first moment, not before the given one, at which it is daytime in all zones; null if that never comes.
 *
 * A zone in which it is night stays so until it opens, so nothing is skipped by going on from the latest of those openings.
 */
export function nextDaytime(zones: readonly string[], daytime: Daytime, moment: number): number | null {
  let at = moment
  for (let step = 0; step < maxSteps; step += 1) {
    const here = at
    const night = zones.filter((zone) => isNight(zone, daytime, here))
    if (night.length === 0) return at
    at = Math.max(...night.map((zone) => nextTimeOfDay(zone, here, daytime.opens)))
  }
  return null
}

function isNight(zone: string, { opens, closes }: Daytime, moment: number): boolean {
  const time = timeOfDay(zone, moment)
  return time < opens || time >= closes
}

/** The zone in the middle of those that a contact may be in: the best guess at its time of day. */
export function likelyZone(zones: readonly string[], at: Date): string {
  const sorted = zones.toSorted((one, other) => offsetAt(one, at.getTime()) - offsetAt(other, at.getTime()) || (one < other ? -1 : 1))
  return sorted[Math.floor(sorted.length / 2)] ?? 'UTC'
}
