import type { Channel, Contact, FrequencyCapRule, LifecycleStage, MessageCategory } from '../../data/generated/client.ts'
import { tagKey } from '../contacts/tags.ts'

/** A message that went out, as far as caps look at it. */
export interface Sent {
  readonly channel: Channel
  readonly category: MessageCategory
  readonly occurredAt: Date
}

/** How much of a cap is used up. */
export interface Usage {
  /** Messages within the window that ends now. */
  readonly used: number
  /** How many more may be sent now. */
  readonly remaining: number
  /** When the next slot frees, so that one more may be sent than now; null if nothing is used. */
  readonly resetsAt: Date | null
}

/** Whom a rule holds for. */
export interface Audience {
  readonly lifecycleStages: readonly LifecycleStage[]
  readonly tags: readonly string[]
  readonly countryCodes: readonly string[]
}

/** Whether a rule is in force for a contact: each list of its audience is empty or names the contact. */
export function holdsFor(rule: FrequencyCapRule, contact: Contact): boolean {
  const { lifecycleStages, tags, countryCodes } = rule
  return (
    rule.enabled &&
    (lifecycleStages.length === 0 || lifecycleStages.includes(contact.lifecycleStage)) &&
    (tags.length === 0 || tags.some((tag) => contact.tagKeys.includes(tagKey(tag)))) &&
    (countryCodes.length === 0 || (contact.countryCode !== null && countryCodes.includes(contact.countryCode)))
  )
}

/** Whether messages of a channel and a category count towards a rule; without a category, all but transactional ones do. */
export function counts(rule: FrequencyCapRule, message: { readonly channel: Channel; readonly category: MessageCategory }): boolean {
  if (rule.channel !== null && rule.channel !== message.channel) return false
  return rule.category === null ? message.category !== 'transactional' : rule.category === message.category
}

/**
 * How much of a rule is used at a moment. The window rolls: it holds what was sent after `at` minus its length, up to and including `at`,
 * so a message frees its slot exactly one window after it was sent.
 * @param sent to one contact, in any order
 */
export function usageAt(rule: FrequencyCapRule, sent: readonly Sent[], at: Date): Usage {
  const length = rule.windowSeconds * 1000
  const within = sent
    .filter((message) => counts(rule, message))
    .map((message) => message.occurredAt.getTime())
    .filter((moment) => moment > at.getTime() - length && moment <= at.getTime())
    .toSorted((one, other) => one - other)
  const used = within.length
  const freeing = within[Math.max(used - rule.limit, 0)]
  return {
    used,
    remaining: Math.max(rule.limit - used, 0),
    resetsAt: freeing === undefined ? null : new Date(freeing + length),
  }
}
