import type { Channel, LifecycleStage, MessageCategory } from '../../data/generated/client.ts'
import { channels, channelWords } from '../../kernel/channels.ts'
import { hasAddress, type SendFacts } from '../sending/rules.ts'
import { daysSilent, daysSince, plural, type Situation, span } from './situation.ts'

/** What can be done next. */
export const actions = [
  'reply_to_message',
  'return_call',
  'follow_up_ticket',
  'request_consent',
  'welcome',
  'nurture',
  'win_back',
  'upsell',
  'request_review',
  'enrich_profile',
  'wait',
] as const
export type Action = (typeof actions)[number]

/** Why an action is suggested, or what speaks for and against it. */
export const reasonCodes = [
  'UNANSWERED_MESSAGE',
  'MISSED_CALL',
  'OPEN_TICKET',
  'CONSENT_UNKNOWN',
  'NEW_CONTACT',
  'LIFECYCLE_STAGE',
  'LONG_SILENCE',
  'RECENT_ORDER',
  'TICKET_SOLVED',
  'MISSING_DATA',
  'WAITING',
  'ANSWERS_ON_CHANNEL',
  'ANSWERS_AT_HOUR',
  'RECENTLY_CONTACTED',
  'NOT_ALLOWED_YET',
  'BLOCKED',
  'NOTHING_MORE_URGENT',
] as const
export type ReasonCode = (typeof reasonCodes)[number]

/** Something that could be done, before it is known whether, when and on which channel it best is. */
export interface Candidate {
  readonly action: Exclude<Action, 'wait'>
  readonly category: MessageCategory
  /** The channels to choose from. */
  readonly channels: readonly Channel[]
  /** What it is worth if the contact responds, in points: 100 is an answer to somebody who is waiting for it. */
  readonly worth: number
  /**
   * Days that the contact has been waiting for it; null if it is our own idea. Somebody who waits is served as soon as it is allowed, and
   * surely; for an idea of ours the hour is chosen, and its value is the chance of an answer.
   */
  readonly waiting: number | null
  readonly code: ReasonCode
  readonly message: string
}

/** What an idea of ours or a ticket can go by. A call takes a colleague's time, and is for those who called. */
const written = channels.filter((channel) => channel !== 'voice' && channel !== 'fax')
const monthOfDays = 30
const stageWorth: Readonly<Record<LifecycleStage, number>> = {
  subscriber: 20,
  lead: 25,
  qualified: 32,
  opportunity: 38,
  customer: 35,
  advocate: 40,
  churned: 0,
}

/** Everything that there is to do with a contact. What each is worth is judged here and nowhere else. */
export function candidatesOf(situation: Situation, facts: SendFacts): Candidate[] {
  return [...openThings(situation), ...ideas(situation, facts)]
}

function openThings(situation: Situation): Candidate[] {
  const { inbound, outboundAt, calledAt, missedCallAt, ticket, openTickets } = situation
  const found: Candidate[] = []
  const answered = Math.max(outboundAt?.getTime() ?? 0, calledAt?.getTime() ?? 0)
  const service = { category: 'service' as const }
  const wrote = daysSince(situation, inbound?.at ?? null)
  if (inbound !== null && wrote !== null && inbound.at.getTime() > answered && wrote < monthOfDays) {
    const message = `Wrote by ${channelWords[inbound.channel]} ${span(wrote)} ago and has not been answered.`
    found.push({
      ...service,
      action: 'reply_to_message',
      channels: [inbound.channel],
      worth: 100,
      waiting: wrote,
      code: 'UNANSWERED_MESSAGE',
      message,
    })
  }
  const called = daysSince(situation, missedCallAt)
  if (missedCallAt !== null && called !== null && missedCallAt > (calledAt ?? new Date(0)) && called < monthOfDays) {
    const message = `Called ${span(called)} ago, nobody took the call, and nobody has called back.`
    found.push({ ...service, action: 'return_call', channels: ['voice'], worth: 90, waiting: called, code: 'MISSED_CALL', message })
  }
  const opened = daysSince(situation, ticket?.at ?? null)
  if (ticket !== null && opened !== null) {
    const worth = { low: 45, normal: 60, high: 75, urgent: 90 }[ticket.priority]
    const more = openTickets > 1 ? ` One of ${openTickets} open tickets.` : ''
    const message = `The ticket "${ticket.subject}" (${ticket.priority}) has been open for ${span(opened)}.${more}`
    found.push({ ...service, action: 'follow_up_ticket', channels: written, worth, waiting: opened, code: 'OPEN_TICKET', message })
  }
  return found
}

function ideas(situation: Situation, facts: SendFacts): Candidate[] {
  const { contact, outboundAt, openTickets } = situation
  const found: Candidate[] = []
  const idea = (candidate: Omit<Candidate, 'waiting' | 'channels'>) => found.push({ waiting: null, channels: written, ...candidate })
  const stage = contact.lifecycleStage
  const bought = stage === 'customer' || stage === 'advocate'
  const silent = daysSilent(situation)
  const age = daysSince(situation, contact.createdAt) ?? 0
  const inStage = span(daysSince(situation, situation.stageSince) ?? 0)
  if (outboundAt === null && age <= 14)
    idea({
      action: 'welcome',
      category: 'service',
      worth: 35,
      code: 'NEW_CONTACT',
      message: `Came to us ${span(age)} ago, and has heard nothing from us yet.`,
    })
  if (stage === 'churned')
    idea({ action: 'win_back', category: 'marketing', worth: 40, code: 'LIFECYCLE_STAGE', message: `Left us ${inStage} ago.` })
  else if (bought && silent > 180)
    idea({
      action: 'win_back',
      category: 'marketing',
      worth: 40,
      code: 'LONG_SILENCE',
      message: `Is a customer, and has not been heard of for ${span(silent)}.`,
    })
  else if (bought && openTickets === 0)
    idea({
      action: 'upsell',
      category: 'marketing',
      worth: stageWorth[stage],
      code: 'LIFECYCLE_STAGE',
      message: `Has been ${stage === 'customer' ? 'a customer' : 'an advocate'} for ${inStage}, with no open ticket.`,
    })
  else if (!bought)
    idea({
      action: 'nurture',
      category: 'marketing',
      worth: stageWorth[stage],
      code: 'LIFECYCLE_STAGE',
      message: `Has been ${article(stage)} for ${inStage}.`,
    })
  const review = bought && openTickets === 0 ? goodMoment(situation) : null
  if (review !== null) idea({ action: 'request_review', category: 'marketing', worth: 25, ...review })
  found.push(...missing(situation, facts, age))
  return found
}

/** After an order that had time to arrive, or a ticket that was solved. */
function goodMoment(situation: Situation): { code: ReasonCode; message: string } | null {
  const ordered = daysSince(situation, situation.orderedAt)
  if (ordered !== null && ordered >= 3 && ordered <= 60) return { code: 'RECENT_ORDER', message: `Ordered ${span(ordered)} ago.` }
  const solved = daysSince(situation, situation.solvedAt)
  return solved !== null && solved <= 30 ? { code: 'TICKET_SOLVED', message: `A ticket was solved ${span(solved)} ago.` } : null
}

function missing(situation: Situation, facts: SendFacts, age: number): Candidate[] {
  const { contact, inbound } = situation
  const found: Candidate[] = []
  const lately = Math.min(age, daysSince(situation, inbound?.at ?? null) ?? Infinity)
  const state = (channel: Channel) => facts.consent.get(channel) ?? 'unknown'
  const open = written.filter((channel) => state(channel) === 'unknown' && hasAddress(facts, channel))
  // Asking a stranger for consent is promotion itself; whoever has just come or written expects to hear from us.
  if (facts.marketingNeedsOptIn && open.length > 0 && lately <= 90 && !channels.some((channel) => state(channel) === 'opted_in')) {
    const message = 'Has agreed to no channel yet, and got in touch lately: a good moment to ask.'
    found.push({
      action: 'request_consent',
      category: 'service',
      channels: open,
      worth: 25,
      waiting: null,
      code: 'CONSENT_UNKNOWN',
      message,
    })
  }
  const unknown = [
    contact.email === null && 'email address',
    contact.phone === null && 'phone number',
    contact.firstName === null && contact.lastName === null && contact.displayName === null && 'name',
    contact.timezone === null && 'time zone',
  ].filter((noun) => noun !== false)
  if (unknown.length > 0) {
    const message = `We do not know the contact’s ${unknown.join(' and ')}.`
    const worth = 6 + 4 * Math.min(unknown.length, 3)
    found.push({ action: 'enrich_profile', category: 'service', channels: written, worth, waiting: null, code: 'MISSING_DATA', message })
  }
  return found
}

function article(stage: LifecycleStage): string {
  if (stage === 'qualified') return 'a qualified lead'
  return stage === 'opportunity' ? 'an opportunity' : `a ${stage}`
}

/** What leaving a contact in peace is worth: little, and more for each message of the last days. */
export function worthOfWaiting(situation: Situation): { worth: number; message: string }[] {
  const lately = situation.outboundLately
  const peace = { worth: 1, message: 'Nothing is lost by waiting a few days.' }
  return lately === 0
    ? [peace]
    : [peace, { worth: lately, message: `Got ${plural(lately, 'message')} from us within the last seven days.` }]
}
