import type { Channel, LifecycleStage } from '../../data/generated/client.ts'
import { channels } from '../../kernel/channels.ts'
import { hasAddress, type SendFacts } from '../sending/rules.ts'
import type { Candidate, ReasonCode } from './candidate.ts'
import { writtenChannels } from './channels.ts'
import { openItems } from './open-items.ts'
import { daysSilent, daysSince, plural, type Situation, span } from './situation.ts'

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
  return [...openItems(situation), ...ideas(situation, facts)]
}

function ideas(situation: Situation, facts: SendFacts): Candidate[] {
  const { contact, outboundAt, unsolvedTickets } = situation
  const found: Candidate[] = []
  const idea = (candidate: Omit<Candidate, 'waiting' | 'channels' | 'about' | 'usual'>) =>
    found.push({ waiting: null, channels: usable(situation), usual: null, about: null, ...candidate })
  const stage = contact.lifecycleStage
  const bought = stage === 'customer' || stage === 'advocate'
  const silent = daysSilent(situation)
  const age = daysSince(situation, contact.createdAt) ?? 0
  const inStage = span(daysSince(situation, situation.stageSince) ?? 0)
  if (outboundAt === null && age <= 14 && !isStranger(situation, facts))
    idea({
      action: 'welcome',
      category: 'service',
      worth: 35,
      code: 'NEW_CONTACT',
      message: `Was created ${span(age)} ago, and no message has been sent yet.`,
    })
  if (stage === 'churned')
    idea({ action: 'win_back', category: 'marketing', worth: 40, code: 'LIFECYCLE_STAGE', message: `Has been churned for ${inStage}.` })
  else if (bought && silent > 180)
    idea({
      action: 'win_back',
      category: 'marketing',
      worth: 40,
      code: 'LONG_SILENCE',
      message: `Is a customer, and has done nothing for ${span(silent)}.`,
    })
  else if (bought && unsolvedTickets === 0)
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
  const review = bought && unsolvedTickets === 0 ? reviewOccasion(situation) : null
  if (review !== null) idea({ action: 'request_review', category: 'marketing', worth: 25, ...review })
  found.push(...missing(situation, facts))
  return found
}

/** Came with a list, and neither did anything nor agreed to anything: an unexpected message is no welcome. */
function isStranger({ contact, inboundAt, missedCallAt, orderedAt }: Situation, { consent }: SendFacts): boolean {
  const hasActed = [inboundAt, missedCallAt, orderedAt].some((time) => time !== null)
  return contact.source === 'import' && !hasActed && ![...consent.values()].includes('opted_in')
}

/** After an order that had time to arrive, or a ticket that was solved. */
function reviewOccasion(situation: Situation): { code: ReasonCode; message: string } | null {
  const ordered = daysSince(situation, situation.orderedAt)
  if (ordered !== null && ordered >= 3 && ordered <= 60) return { code: 'RECENT_ORDER', message: `Ordered ${span(ordered)} ago.` }
  const solved = daysSince(situation, situation.solvedAt)
  return solved !== null && solved <= 30 ? { code: 'TICKET_SOLVED', message: `A ticket was solved ${span(solved)} ago.` } : null
}

/** The channels that the organization or the contact uses, without calls. */
function usable({ channelsInUse }: Situation): Channel[] {
  return writtenChannels.filter((channel) => channelsInUse.has(channel))
}

/** For so many days after it last wrote, a contact may be asked for consent: see the situation's `wroteOn`. */
export const consentAskedWithinDays = 90

function missing(situation: Situation, facts: SendFacts): Candidate[] {
  const { contact, wroteOn } = situation
  const found: Candidate[] = []
  const idea = { waiting: null, usual: null, about: null, category: 'service' as const }
  const state = (channel: Channel) => facts.consent.get(channel) ?? 'unknown'
  const open = writtenChannels.filter((channel) => wroteOn.includes(channel) && state(channel) === 'unknown' && hasAddress(facts, channel))
  // Asking a stranger for consent is promotion itself, and asking after a refusal is a nuisance: only contacts that wrote lately are asked.
  if (facts.marketingNeedsOptIn && open.length > 0 && channels.every((channel) => state(channel) === 'unknown')) {
    const message = `Wrote to us within ${consentAskedWithinDays} days, and has neither agreed nor refused on any channel.`
    found.push({ ...idea, action: 'request_consent', channels: open, worth: 25, code: 'CONSENT_UNKNOWN', message })
  }
  const unknown = [
    contact.email === null && 'email address',
    contact.phone === null && 'phone number',
    contact.firstName === null && contact.lastName === null && contact.displayName === null && 'name',
    contact.timezone === null && 'time zone',
  ].filter((noun) => noun !== false)
  // A message that only asks for a time zone is a nuisance: it follows from other data, or is not needed.
  if (unknown.some((noun) => noun !== 'time zone')) {
    const message = `No ${unknown.join(' and no ')} ${unknown.length === 1 ? 'is' : 'are'} on record.`
    const worth = 6 + 4 * Math.min(unknown.length, 3)
    found.push({ ...idea, action: 'enrich_profile', channels: usable(situation), worth, code: 'MISSING_DATA', message })
  }
  return found
}

function article(stage: LifecycleStage): string {
  if (stage === 'qualified') return 'a qualified lead'
  return stage === 'opportunity' ? 'an opportunity' : `a ${stage}`
}

/** The most messages of a week that speak for waiting: an open item always outranks it. */
const mostPeace = 8

/** What leaving a contact in peace is worth: little, and more for each message of the last days. */
export function worthOfWaiting({ outboundLately }: Situation): { worth: number; message: string }[] {
  const peace = { worth: 1, message: 'Nothing is lost by waiting a few days.' }
  if (outboundLately === 0) return [peace]
  return [
    peace,
    { worth: Math.min(outboundLately, mostPeace), message: `Was sent ${plural(outboundLately, 'message')} within the last seven days.` },
  ]
}
