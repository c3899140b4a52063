import type { Channel, MessageCategory } from '../../data/generated/client.ts'
import { decideSending, type SendFacts } from '../sending/rules.ts'
import { type About, type Action, actions, type Candidate, type ReasonCode } from './candidate.ts'
import { candidatesOf, worthOfWaiting } from './candidates.ts'
import { channelSentence, type Counts, daypartOf, daypartSentence } from './counts.ts'
import type { Habits } from './habits.ts'
import { delayHalfLifeDays, type Plan, type Planner, plannerOf } from './plans.ts'
import { type Chance, type ReplyChances, usualRate } from './reply-chances.ts'
import { plural, type Situation } from './situation.ts'
import { suggestionId } from './suggestion-id.ts'
import { clockOf, localDateTime, weekTime } from './week-clock.ts'

/** Names the model and its version in every answer. */
export const modelName = 'expected-value/2'

export interface Reason {
  readonly code: ReasonCode
  /** One plain sentence. Numbers in it were counted, never estimated. */
  readonly message: string
  /** Its part in the score, in points; the weights of all reasons add up to the score. */
  readonly weight: number
}

export interface Suggestion {
  readonly id: string
  readonly action: Action
  /** Null for waiting, and for an open item that no channel may answer. */
  readonly channel: Channel | null
  /** As what a message would be sent; null without a channel. */
  readonly category: MessageCategory | null
  /** The expected value in points, 0 to 100. */
  readonly score: number
  /** 0 to 1: one minus the width of the interval that holds the chance of an answer with 90 percent. */
  readonly confidence: number
  readonly reasons: readonly Reason[]
  /** When to do it: the send decision allows it then. */
  readonly suggestedAt: Date
  /** When the suggestion should be computed again. */
  readonly expiresAt: Date
  /** The message, call or ticket that waits; null for an idea of the organization. */
  readonly about: About | null
}

/** What the model looks at. */
export interface Knowledge {
  readonly situation: Situation
  readonly facts: SendFacts
  readonly chances: ReplyChances
  readonly counts: Counts
  readonly habits: Habits
  /** The time zone of the contact's hours. */
  readonly zone: string
}

const hour = 60 * 60 * 1000
const day = 24 * hour
/** What each message of the last seven days leaves of the value of another one. */
const rest = 0.85

/**
 * The suggestions for a contact, best first; at most one for each action and subject, and always one to wait. Pure: the same knowledge, the
 * same answer.
 *
 * What waits for the organization comes first, and is worth more the longer it waits. An idea of the organization is worth its points ×
 * P(answer | channel, weekday, hour) × rest^(messages of the last seven days) × 2^(−delay / 14 days). Each factor stands in the reasons with
 * what it adds or takes away, in that order.
 */
export function suggest(knowledge: Knowledge): Suggestion[] {
  const { situation, facts } = knowledge
  const planFor = plannerOf(facts, { now: situation.now, chances: knowledge.chances, zone: knowledge.zone })
  const blocked = situation.contact.blockedAt !== null
  const found = blocked ? [] : candidatesOf(situation, facts).flatMap((candidate) => best(knowledge, candidate, planFor) ?? [])
  return [...found, waiting(knowledge)].toSorted(
    (one, other) => other.score - one.score || actions.indexOf(one.action) - actions.indexOf(other.action) || (one.id < other.id ? -1 : 1),
  )
}

/** The best way to do something: on the usual channel, or on the one where it is worth most. */
function best(knowledge: Knowledge, candidate: Candidate, planFor: Planner): Suggestion | null {
  const { channelsInUse } = knowledge.situation
  const { usual, category, waiting: wait } = candidate
  const plans = candidate.channels.flatMap((channel) => {
    if (channel !== usual && !channelsInUse.has(channel)) return []
    return planFor(channel, category) ?? []
  })
  if (wait === null) return highest(plans.map((plan) => propose(knowledge, candidate, plan)))
  const ofUsual = plans.find(({ channel }) => channel === usual)
  if (ofUsual !== undefined) return serve(knowledge, candidate, ofUsual)
  return highest(plans.map((plan) => serve(knowledge, candidate, plan))) ?? notAllowed(knowledge, candidate)
}

function highest(suggestions: readonly Suggestion[]): Suggestion | null {
  let found: Suggestion | null = null
  for (const one of suggestions) if (found === null || one.score > found.score) found = one
  return found
}

/** Something that the contact waits for: as soon as it is allowed. */
function serve(knowledge: Knowledge, candidate: Candidate, plan: Plan): Suggestion {
  const { situation, chances, counts, habits, zone } = knowledge
  const { weekday, hour: local } = clockOf(zone)(plan.soonest)
  const chance = chances.at(plan.channel, weekday, local)
  const steps = openSteps(candidate)
  const { usual, channels } = candidate
  // Among channels that are allowed alike, the one where the contact answers most.
  if (usual === null && channels.length > 1)
    steps.add('ANSWERS_ON_CHANNEL', channelSentence(counts, habits.counts, plan.channel), 2 * chance.expected)
  const refusal = usual === null || plan.channel === usual ? null : refusalOf(knowledge, candidate, usual)
  if (refusal !== null) steps.add('NOT_ALLOWED', refusal, 0)
  if (plan.hindrance !== null) steps.add('NOT_ALLOWED_YET', `Not at once: ${plan.hindrance}`, 0)
  const expiresAt = new Date(Math.max(plan.soonest.getTime(), situation.now.getTime()) + day)
  return steps.suggestion(knowledge, candidate, { channel: plan.channel, at: plan.soonest, chance, expiresAt })
}

/** An open item that is shown although no channel is allowed. */
function notAllowed(knowledge: Knowledge, candidate: Candidate): Suggestion {
  const { now } = knowledge.situation
  const steps = openSteps(candidate)
  const channel = candidate.usual ?? candidate.channels.find((one) => knowledge.situation.channelsInUse.has(one)) ?? candidate.channels[0]
  const refusal = channel === undefined ? null : refusalOf(knowledge, candidate, channel)
  const why = refusal === null ? 'No channel on which it could be answered is in use.' : `No channel is allowed for an answer. ${refusal}`
  steps.add('NOT_ALLOWED', why, 0)
  return steps.suggestion(knowledge, candidate, { channel: null, at: now, chance: null, expiresAt: new Date(now.getTime() + day) })
}

function openSteps({ code, message, worth, waiting: wait }: Candidate): Steps {
  const steps = new Steps()
  steps.add(code, message, worth)
  if (wait !== null) steps.add('WAITING', 'What waits longer is more urgent.', wait.gain)
  return steps
}

/** Why a channel is not allowed at any time; null if it is. */
function refusalOf({ facts, situation }: Knowledge, { category }: Candidate, channel: Channel): string | null {
  return decideSending(facts, { channel, category, at: situation.now }).reasons.find(({ until }) => until === null)?.message ?? null
}

/** An idea of the organization: at the time at which an answer is most likely. */
function propose(knowledge: Knowledge, candidate: Candidate, plan: Plan): Suggestion {
  const { situation, chances, counts, habits, zone } = knowledge
  const { channel, chance, slot } = plan
  const usual = usualRate(habits, channel)
  const own = chances.anyTime(channel)
  const steps = new Steps()
  steps.add(candidate.code, candidate.message, candidate.worth * usual)
  steps.add('ANSWERS_ON_CHANNEL', channelSentence(counts, habits.counts, channel), candidate.worth * (own - usual))
  // A time that was never tried is an expectation, by the habits of other contacts and of people in general.
  const verb = counts.inDaypart.has(daypartOf(slot.hour)) ? 'is' : 'is probably'
  const time = `The best time of the week ${verb} ${weekTime(slot)} where the contact is; ${daypartSentence(counts, slot.hour)}.`
  steps.add('ANSWERS_AT_HOUR', time, candidate.worth * (chance.expected - own))
  const lately = situation.outboundLately
  if (lately > 0) steps.times('RECENTLY_CONTACTED', `Was sent ${plural(lately, 'message')} within the last seven days.`, rest ** lately)
  const delayed = (plan.soonest.getTime() - situation.now.getTime()) / day
  if (plan.hindrance !== null) {
    const message = `Not before ${localDateTime(zone, plan.soonest)} where the contact is: ${plan.hindrance}`
    steps.times('NOT_ALLOWED_YET', message, 2 ** (-delayed / delayHalfLifeDays))
  }
  return steps.suggestion(knowledge, candidate, { channel, at: slot.at, chance, expiresAt: new Date(slot.at.getTime() + 7 * day) })
}

function waiting({ situation }: Knowledge): Suggestion {
  const blocked = situation.contact.blockedAt !== null
  const reasons: Reason[] = blocked
    ? [{ code: 'BLOCKED', message: 'The contact is blocked: no message is sent to it.', weight: 1 }]
    : worthOfWaiting(situation).map(({ worth, message }, index) => ({
        code: index === 0 ? 'NOTHING_MORE_URGENT' : 'RECENTLY_CONTACTED',
        message,
        weight: worth,
      }))
  const score = reasons.reduce((sum, reason) => sum + reason.weight, 0)
  const { now, contact } = situation
  return {
    id: suggestionId({ contactId: contact.id, action: 'wait', channel: null, subjectId: null }),
    action: 'wait',
    channel: null,
    category: null,
    score,
    confidence: 1,
    reasons,
    suggestedAt: now,
    expiresAt: new Date(now.getTime() + 7 * day),
    about: null,
  }
}

/** How and when something is done. */
interface Way {
  /** Null if no channel is allowed. */
  readonly channel: Channel | null
  readonly at: Date
  readonly chance: Chance | null
  readonly expiresAt: Date
}

/** Builds a score up step by step, and remembers what each step added. */
class Steps {
  readonly #reasons: Reason[] = []
  #value = 0

  add(code: ReasonCode, message: string, value: number): void {
    // The difference of rounded sums: rounded one by one, the weights of a score near zero could add up to less than nothing.
    const before = round(this.#value)
    this.#value += value
    this.#reasons.push({ code, message, weight: round(round(this.#value) - before) })
  }

  times(code: ReasonCode, message: string, factor: number): void {
    this.add(code, message, this.#value * (factor - 1))
  }

  /** The score is the sum of the weights as they are returned, so that they add up to it. */
  suggestion({ situation }: Knowledge, { action, category, about }: Candidate, { channel, at, chance, expiresAt }: Way): Suggestion {
    return {
      id: suggestionId({ contactId: situation.contact.id, action, channel, subjectId: about?.subjectId ?? null }),
      action,
      channel,
      category: channel === null ? null : category,
      score: round(this.#reasons.reduce((sum, reason) => sum + reason.weight, 0)),
      confidence: chance === null ? 1 : confidenceOf(chance),
      reasons: this.#reasons,
      suggestedAt: at,
      expiresAt,
      about,
    }
  }
}

/** The 5th and the 95th percentile of a normal distribution are 1.645 deviations from its middle. */
function confidenceOf({ variance }: Chance): number {
  return round(Math.max(1 - 2 * 1.645 * Math.sqrt(variance), 0))
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
