import type { Channel, ConsentState, Contact, FrequencyCapRule, MessageCategory, Topic } from '../../data/generated/client.ts'
import { channelWords } from '../../kernel/channels.ts'
import type { ConsentFacts } from '../consent/rules.ts'
import { consentCodes, consentFor } from '../preferences/consent-for.ts'
import { counts, type Sent, usageAt } from '../frequency-caps/rules.ts'
import { clockText, type QuietHours } from '../organizations/quiet-hours.ts'
import { groupOf, nextOpenEverywhere, type Schedule } from './quiet-hours.ts'
import { isReply, nextReplyAt, type Received } from './reply-window.ts'

/** Why a message may not be sent. */
export const refusalCodes = [...consentCodes, 'FREQUENCY_CAP', 'QUIET_HOURS', 'OUTSIDE_SERVICE_WINDOW'] as const
export type RefusalCode = (typeof refusalCodes)[number]

export interface SendRefusal {
  readonly code: RefusalCode
  /** One plain sentence. */
  readonly message: string
  /** The rule that is used up; null for anything but a frequency cap. */
  readonly rule: FrequencyCapRule | null
  /** When this reason goes by itself; null if it does not. */
  readonly until: Date | null
}

/** Whether a message may be sent. */
export interface SendDecision {
  readonly allowed: boolean
  /** Every reason against it, not just the first; none if it is allowed. */
  readonly reasons: readonly SendRefusal[]
  /** The first time, from the requested one on, at which no reason is left; null if that never comes by itself. */
  readonly nextAllowedAt: Date | null
}

/** What is to be sent. */
export interface SendRequest {
  readonly channel: Channel
  readonly category: MessageCategory
  readonly at: Date
  /** The topic that it belongs to. Default: none. */
  readonly topic?: Topic | null
  /** The key of one of the contact's addresses. Default: its primary one. */
  readonly addressKey?: string | null
}

/** Everything that a decision about one contact depends on. */
export interface SendFacts {
  readonly contact: Pick<Contact, 'phone' | 'email' | 'blockedAt'>
  /** What holds on each channel at the primary address. */
  readonly consent: ReadonlyMap<Channel, ConsentState>
  /** What consent and addresses are judged by. */
  readonly consentFacts: ConsentFacts
  /** Channels without an address of their own on which the contact has been met. */
  readonly met: ReadonlySet<Channel>
  readonly marketingNeedsOptIn: boolean
  /** Null: quiet hours are switched off. */
  readonly quietHours: Schedule | null
  /** Whether WhatsApp takes service messages only as answers. */
  readonly whatsappServiceWindow: boolean
  /** The time zones that the contact may be in. */
  readonly zones: readonly string[]
  /** The frequency cap rules that hold for the contact. */
  readonly rules: readonly FrequencyCapRule[]
  /** What was sent to the contact and is reserved for it, as far back as the longest window reaches. */
  readonly sent: readonly Sent[]
  /** What came from the contact, as far back as it can be answered. */
  readonly received: readonly Received[]
}

/** Bounds the steps ahead: windows roll on and days begin without end. */
const maxSteps = 1000
/** The last time that ISO 8601 writes with four digits of a year. */
const endOfTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/**
 * Decides whether a message may be sent: the one place that does. Block, consent and address are judged as they are on record now; caps and
 * quiet hours at the requested time. A transactional message passes caps and quiet hours, and so does an answer that is no marketing: a
 * message on the channel on which the contact wrote within 24 hours. Nothing passes a block or an opt-out.
 *
 * `nextAllowedAt` is minimal: each reason holds until its own `until`, so going on from the latest of those skips no time without reasons.
 */
export function decideSending(facts: SendFacts, request: SendRequest): SendDecision {
  const reasons = reasonsAgainst(facts, request)
  return { allowed: reasons.length === 0, reasons, nextAllowedAt: nextAllowed(facts, request, reasons) }
}

function nextAllowed(facts: SendFacts, request: SendRequest, reasons: readonly SendRefusal[]): Date | null {
  let [at, against] = [request.at, reasons]
  for (let step = 0; step < maxSteps; step += 1) {
    if (against.length === 0) return at
    let latest = at.getTime()
    for (const { until } of against) {
      if (until === null) return null
      latest = Math.max(latest, until.getTime())
    }
    if (latest > endOfTime) return null
    at = new Date(latest)
    against = reasonsAgainst(facts, { ...request, at })
  }
  return null
}

function isAboutAddress(code: RefusalCode): boolean {
  return code === 'NO_ADDRESS' || code === 'ADDRESS_UNREACHABLE'
}

function reasonsAgainst(facts: SendFacts, request: SendRequest): SendRefusal[] {
  const reasons: SendRefusal[] = []
  const lasting = (code: RefusalCode, message: string) => reasons.push({ code, message, rule: null, until: null })
  const { channel, category, at, topic = null, addressKey } = request
  const { marketingNeedsOptIn } = facts
  const isMet = facts.met.has(channel)
  if (facts.contact.blockedAt !== null) lasting('BLOCKED', 'The contact is blocked.')
  const against = consentFor(facts.consentFacts, { channel, category, at, topic, addressKey, marketingNeedsOptIn, isMet })
  for (const { code, message } of against)
    if (!isAboutAddress(code) && (code !== 'BLOCKED' || facts.contact.blockedAt === null)) lasting(code, message)
  reasons.push(...untimely(facts, request))
  for (const { code, message } of against) if (isAboutAddress(code)) lasting(code, message)
  return reasons
}

/** What speaks against a message at this time and not at every time. */
function untimely(facts: SendFacts, request: SendRequest): SendRefusal[] {
  const { channel, category, at } = request
  if (category === 'transactional') return []
  if (category === 'marketing') return [...usedUp(facts, request, null), ...duringQuietHours(facts, request, null)]
  if (isReply(facts.received, channel, at)) return []
  const next = nextReplyAt(facts.received, channel, at)
  const timed = [...usedUp(facts, request, next), ...duringQuietHours(facts, request, next)]
  return channel === 'whatsapp' && facts.whatsappServiceWindow ? [...timed, outsideServiceWindow(next)] : timed
}

/** @param passes when the message becomes an answer; null if it does not */
function usedUp({ rules, sent }: SendFacts, request: SendRequest, passes: Date | null): SendRefusal[] {
  const reasons: SendRefusal[] = []
  for (const rule of rules) {
    if (!counts(rule, request)) continue
    const { used, remaining, resetsAt } = usageAt(rule, sent, request.at)
    if (remaining > 0) continue
    const unit = rule.limit === 1 ? 'message' : 'messages'
    const message =
      used >= rule.limit
        ? `The limit "${rule.name}" is used up: ${used} of ${rule.limit} ${unit}.`
        : `The limit "${rule.name}" of ${rule.limit} ${unit} is reserved for later.`
    reasons.push({ code: 'FREQUENCY_CAP', message, rule, until: earlier(resetsAt, passes) })
  }
  return reasons
}

function duringQuietHours({ quietHours, zones }: SendFacts, { channel, at }: SendRequest, passes: Date | null): SendRefusal[] {
  if (quietHours === null) return []
  const hours = quietHours[groupOf(channel)]
  const opens = nextOpenEverywhere(zones, hours, at.getTime())
  if (opens === at.getTime()) return []
  const where = zones.length === 1 ? 'where the contact is' : 'everywhere the contact may be'
  const message = `These are quiet hours: by ${channelWords[channel]} only ${inWords(hours)} ${where}.`
  return [{ code: 'QUIET_HOURS', message, rule: null, until: earlier(opens === null ? null : new Date(opens), passes) }]
}

function inWords({ opensAt, closesAt, closedWeekdays, closedDates }: QuietHours): string {
  const daily = opensAt === null || closesAt === null ? null : `from ${clockText(opensAt)} to ${clockText(closesAt)}`
  const days = closedWeekdays.length + closedDates.length === 0 ? null : 'on open days'
  return [daily, days].filter((words) => words !== null).join(' ')
}

function outsideServiceWindow(until: Date | null): SendRefusal {
  const message = 'WhatsApp takes service messages only within 24 hours after the contact wrote there. Send a template as another category.'
  return { code: 'OUTSIDE_SERVICE_WINDOW', message, rule: null, until }
}

/** The earlier of two times, of which either may never come. */
function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other
  return one <= other ? one : other
}

/** Some channels go to the phone number, one to the email address; the others need to have met the contact, or its consent. */
export function hasAddress({ contact, met, consent }: SendFacts, channel: Channel): boolean {
  switch (channel) {
    case 'email':
      return contact.email !== null
    case 'fax':
    case 'rcs':
    case 'sms':
    case 'viber':
    case 'voice':
    case 'whatsapp':
      return contact.phone !== null
    case 'instagram':
    case 'line':
    case 'messenger':
    case 'push':
      return met.has(channel) || consent.get(channel) === 'opted_in'
  }
}
