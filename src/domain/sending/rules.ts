import type { Channel, ConsentState, Contact, FrequencyCapRule, MessageCategory } from '../../data/generated/client.ts'
import { channelWords } from '../../kernel/channels.ts'
import { counts, type Sent, usageAt } from '../frequency-caps/rules.ts'
import { daytimeOf, nextDaytime } from './quiet-hours.ts'

/** Why a message may not be sent. */
export const refusalCodes = ['BLOCKED', 'OPTED_OUT', 'NO_CONSENT', 'FREQUENCY_CAP', 'QUIET_HOURS', 'NO_ADDRESS'] as const
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
  /** The first moment, from the one that was asked about, at which no reason is left; null if that never comes by itself. */
  readonly nextAllowedAt: Date | null
}

/** What is to be sent. */
export interface SendRequest {
  readonly channel: Channel
  readonly category: MessageCategory
  readonly at: Date
}

/** Everything that a decision about one contact depends on. */
export interface SendFacts {
  readonly contact: Pick<Contact, 'phone' | 'email' | 'blockedAt'>
  readonly consent: ReadonlyMap<Channel, ConsentState>
  /** Channels without an address of their own on which the contact has been met. */
  readonly met: ReadonlySet<Channel>
  readonly marketingNeedsOptIn: boolean
  readonly quietHours: boolean
  /** The time zones that the contact may be in. */
  readonly zones: readonly string[]
  /** The frequency cap rules that hold for the contact. */
  readonly rules: readonly FrequencyCapRule[]
  /** What was sent to the contact, as far back as the longest window reaches. */
  readonly sent: readonly Sent[]
}

/** Judges any number of moments ahead without end: windows roll on and days begin anew. */
const maxSteps = 1000

/**
 * Decides whether a message may be sent: the one place that does. Block, consent and address are judged as they are on record now; caps and
 * quiet hours by the moment that is asked about. A transactional message passes caps and quiet hours, but neither a block nor an opt-out.
 *
 * `nextAllowedAt` is minimal: each reason holds at least until its own `until`, so going on from the latest of those skips no moment at
 * which all have gone.
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
    at = new Date(latest)
    against = reasonsAgainst(facts, { ...request, at })
  }
  return null
}

function reasonsAgainst(facts: SendFacts, request: SendRequest): SendRefusal[] {
  const reasons: SendRefusal[] = []
  const lasting = (code: RefusalCode, message: string) => reasons.push({ code, message, rule: null, until: null })
  const { channel, category } = request
  const state = facts.consent.get(channel) ?? 'unknown'
  if (facts.contact.blockedAt !== null) lasting('BLOCKED', 'The contact is blocked.')
  if (state === 'opted_out') lasting('OPTED_OUT', `The contact does not want to be reached by ${channelWords[channel]}.`)
  if (category === 'marketing' && facts.marketingNeedsOptIn && state === 'unknown')
    lasting('NO_CONSENT', `Marketing by ${channelWords[channel]} needs an opt-in, and none is on record.`)
  if (category !== 'transactional') {
    reasons.push(...usedUp(facts, request))
    const night = duringNight(facts, request)
    if (night !== null) reasons.push(night)
  }
  if (!hasAddress(facts, channel)) lasting('NO_ADDRESS', noAddress(channel))
  return reasons
}

function usedUp({ rules, sent }: SendFacts, request: SendRequest): SendRefusal[] {
  const reasons: SendRefusal[] = []
  for (const rule of rules) {
    if (!counts(rule, request)) continue
    const { used, remaining, resetsAt } = usageAt(rule, sent, request.at)
    if (remaining > 0) continue
    const message = `The limit "${rule.name}" is used up: ${used} of ${rule.limit} ${rule.limit === 1 ? 'message' : 'messages'}.`
    reasons.push({ code: 'FREQUENCY_CAP', message, rule, until: resetsAt })
  }
  return reasons
}

function duringNight({ quietHours, zones }: SendFacts, { channel, at }: SendRequest): SendRefusal | null {
  const daytime = daytimeOf(channel)
  if (!quietHours || daytime === null) return null
  const opens = nextDaytime(zones, daytime, at.getTime())
  if (opens === at.getTime()) return null
  const from = `${String(daytime.opens / 3_600_000).padStart(2, '0')}:00`
  const where = zones.length === 1 ? 'where the contact is' : 'everywhere the contact may be'
  return {
    code: 'QUIET_HOURS',
    message: `These are quiet hours: by ${channelWords[channel]} only from ${from} to 21:00 ${where}.`,
    rule: null,
    until: opens === null ? null : new Date(opens),
  }
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

function noAddress(channel: Channel): string {
  switch (channel) {
    case 'email':
      return 'No email address of the contact is known.'
    case 'instagram':
    case 'line':
    case 'messenger':
    case 'push':
      return `The contact has neither been met by ${channelWords[channel]} nor agreed to it: there is no address to send to.`
    case 'fax':
    case 'rcs':
    case 'sms':
    case 'viber':
    case 'voice':
    case 'whatsapp':
      return 'No phone number of the contact is known.'
  }
}
