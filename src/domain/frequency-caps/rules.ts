import type { Channel, Contact, FrequencyCapRule, LifecycleStage, MessageCategory } from '../../data/generated/client.ts'
import { tagKey } from '../contacts/tags.ts'

/** A message or call to a contact, or a slot that is reserved for one, as far as caps look at it. */
export interface Sent {
  readonly channel: Channel
  /** Null for a call, whose purpose is not recorded. */
  readonly category: MessageCategory | null
  readonly occurredAt: Date
  /** Set for a reservation, which may lie ahead; it holds its slot until it expires, or for good where that is null. */
  readonly reservation?: { readonly expiresAt: Date | null }
}

/** How much of a cap is used up. */
export interface Usage {
  /** Messages, calls and reservations within the window that ends now. */
  readonly used: number
  /** How many more may be sent now. */
  readonly remaining: number
  /** When the next slot frees, so that one more may be sent than now; null if nothing is used. */
  readonly resetsAt: Date | null
}

/** Whom a rule holds for. Beside these it has a filter, which only the database can decide. */
export interface Audience {
  readonly lifecycleStages: readonly LifecycleStage[]
  readonly tags: readonly string[]
  readonly countryCodes: readonly string[]
}

/** Whether a rule is in force for a contact that its filter matches: each list of its audience is empty or names the contact. */
export function holdsFor(rule: FrequencyCapRule, contact: Contact): boolean {
  const { lifecycleStages, tags, countryCodes } = rule
  return (
    rule.enabled &&
    (lifecycleStages.length === 0 || lifecycleStages.includes(contact.lifecycleStage)) &&
    (tags.length === 0 || tags.some((tag) => contact.tagKeys.includes(tagKey(tag)))) &&
    (countryCodes.length === 0 || (contact.countryCode !== null && countryCodes.includes(contact.countryCode)))
  )
}

/**
 * Whether messages of a channel and a category count towards a rule; without a category, all but transactional ones do. A call, whose
 * category is unknown, counts towards every rule of its channel.
 */
export function counts(rule: FrequencyCapRule, message: Pick<Sent, 'channel' | 'category'>): boolean {
  if (rule.channel !== null && rule.channel !== message.channel) return false
  if (message.category === null) return true
  return rule.category === null ? message.category !== 'transactional' : rule.category === message.category
}

/**
 * How much of a rule is used at a time. The window rolls: it holds what was sent after `at` minus its length, up to and including `at`,
 * so a message frees its slot exactly one window after it was sent. A reservation for later counts too: a message now must not make the
 * window that ends then overflow.
 * @param sent to one contact, in any order
 */
export function usageAt(rule: FrequencyCapRule, sent: readonly Sent[], at: Date): Usage {
  const counted = sent.filter((one) => counts(rule, one)).map(slotOf(rule))
  const now = at.getTime()
  const length = rule.windowSeconds * 1000
  const remainingAt = (time: number) => Math.max(rule.limit - fullestAt(counted, length, time), 0)
  const [used, fullest] = [usedAt(counted, length, now, now), fullestAt(counted, length, now)]
  const remaining = Math.max(rule.limit - fullest, 0)
  if (fullest === 0) return { used, remaining, resetsAt: null }
  const ends = counted.map((slot) => slot.ends).filter((time) => time > now)
  // Each of these frees one slot, so the first ones cannot be enough where more are used than there are.
  const candidates = ends.toSorted((one, other) => one - other).slice(Math.max(fullest - rule.limit, 0))
  const freeing = candidates.find((time) => remainingAt(time) > remaining)
  return { used, remaining, resetsAt: freeing === undefined ? null : new Date(freeing) }
}

/** From when until when something takes a slot of a rule, in milliseconds since 1970. */
interface Slot {
  readonly at: number
  readonly ends: number
  readonly expires: number
  /** Whether it counts before its time. */
  readonly isAhead: boolean
}

function slotOf(rule: FrequencyCapRule): (sent: Sent) => Slot {
  return ({ occurredAt, reservation }) => {
    const at = occurredAt.getTime()
    const expires = reservation?.expiresAt?.getTime() ?? Infinity
    return { at, expires, ends: Math.min(at + rule.windowSeconds * 1000, expires), isAhead: reservation !== undefined }
  }
}

/** How much the fullest window holds of those that a message at a time would be in. */
function fullestAt(slots: readonly Slot[], length: number, time: number): number {
  const later = slots.filter((slot) => slot.isAhead && slot.expires > time && slot.at > time && slot.at < time + length)
  return Math.max(...[time, ...later.map((slot) => slot.at)].map((end) => usedAt(slots, length, time, end)))
}

/** How much the window that ends at `end` holds, as things are at `time`. */
function usedAt(slots: readonly Slot[], length: number, time: number, end: number): number {
  let used = 0
  for (const slot of slots) {
    if (slot.expires > time && slot.at > end - length && slot.at <= (slot.isAhead ? end : Math.min(end, time))) used += 1
  }
  return used
}
