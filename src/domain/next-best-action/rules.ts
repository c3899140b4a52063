import type { Channel, MessageCategory } from '../../data/generated/client.ts'
import { channelWords } from '../../kernel/channels.ts'
import { localHour, timeOfDay } from '../../kernel/local-time.ts'
import { decideSending, type SendFacts } from '../sending/rules.ts'
import { type Action, actions, type Candidate, candidatesOf, type ReasonCode, worthOfWaiting } from './candidates.ts'
import { hoursOfDay } from './evidence.ts'
import { type Habits, rateOf } from './habits.ts'
import type { Chance, ReplyChances } from './reply-chances.ts'
import { plural, type Situation, span } from './situation.ts'

/** Names the model and its version in every answer. */
export const modelName = 'expected-value/1'

export interface Reason {
  readonly code: ReasonCode
  /** One plain sentence, as a colleague would say it. */
  readonly message: string
  /** Its part in the score, in points; the weights of all reasons add up to the score. */
  readonly weight: number
}

export interface Suggestion {
  readonly action: Action
  /** Null for waiting. */
  readonly channel: Channel | null
  /** As what a message would be sent; null for waiting. */
  readonly category: MessageCategory | null
  /** The expected value in points, 0 to about 100. */
  readonly score: number
  /** 0 to 1: one minus the width of the interval that holds the chance of an answer with 90 percent. */
  readonly confidence: number
  readonly reasons: readonly Reason[]
  /** When to do it: the send decision allows it then. */
  readonly suggestedAt: Date
  /** When the suggestion should be thought over again. */
  readonly expiresAt: Date
}

/** What the model looks at. */
export interface Knowledge {
  readonly situation: Situation
  readonly facts: SendFacts
  readonly chances: ReplyChances
  readonly habits: Habits
  /** The time zone in which the contact's hours are told. */
  readonly zone: string
}

const hour = 60 * 60 * 1000
const day = 24 * hour
/** After so many days of waiting, an answer is worth half. */
const patienceDays = 7
/** An idea that has to wait so many days is worth half. */
const delayHalfLifeDays = 14
/** Local hours at which a colleague would write; a letter box may be open at night, but nobody is impressed. */
const decent = { from: 8, until: 21 }
/** What each message of the last seven days leaves of the value of another one. */
const rest = 0.85

/**
 * The suggestions for a contact, best first; at most one for each action, and always one to wait. Pure: the same knowledge, the same answer.
 *
 * The value of an action is an expected one. For an idea of ours it is worth × P(answer | channel, hour) × rest^(messages of the last seven
 * days) × 2^(−delay / 14 days); for something that the contact waits for it is worth × 2^(−waiting / 7 days). Each factor stands in the reasons
 * with what it adds or takes away, in that order.
 */
export function suggest(knowledge: Knowledge): Suggestion[] {
  const { situation, facts } = knowledge
  const plans = new Map<string, Plan | null>()
  const planFor = (channel: Channel, category: MessageCategory): Plan | null => {
    const key = `${channel} ${category}`
    const plan = plans.has(key) ? (plans.get(key) ?? null) : planOf(knowledge, channel, category)
    plans.set(key, plan)
    return plan
  }
  const found = candidatesOf(situation, facts).flatMap((candidate) => best(knowledge, candidate, planFor) ?? [])
  return [...found, waiting(knowledge)].toSorted(
    (one, other) => other.score - one.score || actions.indexOf(one.action) - actions.indexOf(other.action),
  )
}

/** When a message of a category can go out on a channel, and how likely it is answered then. */
interface Plan {
  readonly channel: Channel
  /** As soon as it is allowed. */
  readonly soonest: Date
  /** Why it is not allowed at once; null if it is. */
  readonly hindrance: string | null
  /** The best allowed hour within a day of that. */
  readonly best: Date
  readonly chance: Chance
}

/** Null if the send decision would never allow it. */
function planOf({ facts, situation, chances, zone }: Knowledge, channel: Channel, category: MessageCategory): Plan | null {
  const { nextAllowedAt: soonest, reasons } = decideSending(facts, { channel, category, at: situation.now })
  if (soonest === null) return null
  const slots = slotsFrom(zone, soonest).map((at) => {
    const local = localHour(zone, at.getTime())
    return { at, chance: chances.at(channel, local), decent: local >= decent.from && local < decent.until }
  })
  // The earlier of two hours that are alike: sorting keeps their order.
  const ranked = slots.toSorted((one, other) => Number(other.decent) - Number(one.decent) || other.chance.mean - one.chance.mean)
  const chosen = ranked.find(({ at }) => decideSending(facts, { channel, category, at }).allowed)
  if (chosen === undefined) throw new TypeError('The first allowed moment is not allowed.')
  return { channel, soonest, hindrance: reasons[0]?.message ?? null, best: chosen.at, chance: chosen.chance }
}

/** A moment, and the beginnings of the local hours that follow it within a day. */
function slotsFrom(zone: string, soonest: Date): Date[] {
  const moment = soonest.getTime()
  const next = moment + hour - (timeOfDay(zone, moment) % hour)
  return [soonest, ...Array.from({ length: hoursOfDay - 1 }, (_, index) => new Date(next + index * hour))]
}

/** The best way to do something: on the channel where it is worth most. */
function best(
  knowledge: Knowledge,
  candidate: Candidate,
  planFor: (channel: Channel, category: MessageCategory) => Plan | null,
): Suggestion | null {
  let found: Suggestion | null = null
  for (const channel of candidate.channels) {
    const plan = planFor(channel, candidate.category)
    if (plan === null) continue
    const suggestion =
      candidate.waiting === null ? propose(knowledge, candidate, plan) : serve(knowledge, candidate, plan, candidate.waiting)
    // Whoever waits is answered where it answers best; points decide for the rest.
    if (found === null || suggestion.score > found.score || (suggestion.score === found.score && suggestion.confidence > found.confidence))
      found = suggestion
  }
  return found
}

/** Something that the contact waits for: as soon as it is allowed. */
function serve(knowledge: Knowledge, candidate: Candidate, plan: Plan, waited: number): Suggestion {
  const { situation, chances, zone } = knowledge
  const chance = chances.at(plan.channel, localHour(zone, plan.soonest.getTime()))
  const steps = new Steps()
  steps.add(candidate.code, candidate.message, candidate.worth)
  if (waited >= 1)
    steps.times('WAITING', `The longer it waits (${span(waited)} so far), the less an answer is worth.`, 2 ** (-waited / patienceDays))
  // Among channels that are open alike, the one where the contact answers most.
  if (candidate.channels.length > 1)
    steps.times(
      'ANSWERS_ON_CHANNEL',
      `Answers ${percent(chance.mean)} of messages by ${channelWords[plan.channel]} at this time of day.`,
      0.8 + 0.2 * chance.mean,
    )
  if (plan.hindrance !== null) steps.add('NOT_ALLOWED_YET', `Not at once: ${plan.hindrance}`, 0)
  return steps.suggestion(
    candidate,
    plan.channel,
    plan.soonest,
    chance,
    new Date(Math.max(plan.soonest.getTime(), situation.now.getTime()) + day),
  )
}

/** An idea of ours: at the hour at which an answer is most likely. */
function propose({ situation, chances, habits, zone }: Knowledge, candidate: Candidate, plan: Plan): Suggestion {
  const { channel, chance, best } = plan
  const usual = rateOf(habits, channel).mean
  const own = chances.anyHour(channel).mean
  const word = channelWords[channel]
  const steps = new Steps()
  steps.add(candidate.code, candidate.message, candidate.worth * usual)
  steps.add(
    'ANSWERS_ON_CHANNEL',
    `Answers ${percent(own)} of messages by ${word}; people answer ${percent(usual)} here.`,
    candidate.worth * (own - usual),
  )
  const at = `${String(localHour(zone, best.getTime())).padStart(2, '0')}:00`
  steps.add('ANSWERS_AT_HOUR', `Around ${at} local time, ${percent(chance.mean)} are answered.`, candidate.worth * (chance.mean - own))
  const lately = situation.outboundLately
  if (lately > 0) steps.times('RECENTLY_CONTACTED', `Got ${plural(lately, 'message')} from us within the last seven days.`, rest ** lately)
  const delay = (plan.soonest.getTime() - situation.now.getTime()) / day
  if (plan.hindrance !== null)
    steps.times('NOT_ALLOWED_YET', `Not before ${plan.soonest.toISOString()}: ${plan.hindrance}`, 2 ** (-delay / delayHalfLifeDays))
  return steps.suggestion(candidate, channel, best, chance, new Date(best.getTime() + 7 * day))
}

function waiting({ situation }: Knowledge): Suggestion {
  const blocked = situation.contact.blockedAt !== null
  const reasons: Reason[] = blocked
    ? [{ code: 'BLOCKED', message: 'The contact is blocked: nothing is sent to it.', weight: 1 }]
    : worthOfWaiting(situation).map(({ worth, message }, index) => ({
        code: index === 0 ? 'NOTHING_MORE_URGENT' : 'RECENTLY_CONTACTED',
        message,
        weight: worth,
      }))
  const score = reasons.reduce((sum, reason) => sum + reason.weight, 0)
  const { now } = situation
  return {
    action: 'wait',
    channel: null,
    category: null,
    score,
    confidence: 1,
    reasons,
    suggestedAt: now,
    expiresAt: new Date(now.getTime() + 7 * day),
  }
}

/** Builds a score up step by step, and remembers what each step added. */
class Steps {
  readonly #reasons: Reason[] = []
  #value = 0

  add(code: ReasonCode, message: string, value: number): void {
    const weight = round(value)
    this.#value += value
    this.#reasons.push({ code, message, weight })
  }

  times(code: ReasonCode, message: string, factor: number): void {
    this.add(code, message, this.#value * (factor - 1))
  }

  /** The score is the sum of the weights as they are told, so that whoever adds them up comes to it. */
  suggestion(candidate: Candidate, channel: Channel, suggestedAt: Date, chance: Chance, expiresAt: Date): Suggestion {
    const { action, category } = candidate
    const score = round(this.#reasons.reduce((sum, reason) => sum + reason.weight, 0))
    return { action, channel, category, score, confidence: confidenceOf(chance), reasons: this.#reasons, suggestedAt, expiresAt }
  }
}

/** The 5th and the 95th percentile of a normal distribution are 1.645 deviations from its middle. */
function confidenceOf({ variance }: Chance): number {
  return round(Math.max(1 - 2 * 1.645 * Math.sqrt(variance), 0))
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
