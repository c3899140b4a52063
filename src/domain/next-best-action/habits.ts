import type { Channel } from '../../data/generated/client.ts'
import { hoursOfDay } from './evidence.ts'

/** What is known about a rate before a contact has shown its own: its mean among contacts, and how many tries that knowledge is worth. */
export interface Rate {
  readonly mean: number
  readonly strength: number
}

/** How an organization's contacts answer: the prior for each of them. */
export interface Habits {
  /** The share of contacts whose best hour is each hour, 0 to 23. */
  readonly bestHours: readonly number[]
  /** How readily a contact answers so many hours after its best hour (0 to 23), as a multiple of its average over the day. */
  readonly profile: readonly number[]
  /** The rates of the channels with evidence. */
  readonly rates: ReadonlyMap<Channel, Rate>
}

/** What is assumed of an organization of which nothing is known, and how much evidence outweighs it. */
export const assumed = {
  /** One in six messages is answered, and contacts differ as much as that: a guess that a few dozen messages correct. */
  rate: { mean: 1 / 6, strength: 5 },
  /** Messages that the assumed rates are worth. */
  messages: 10,
  /** Answers that the assumed profile and the assumed best hours are worth. */
  answers: 10,
}
export const hours = Array.from({ length: hoursOfDay }, (_, hour) => hour)

/** The rate of a channel among contacts; the assumed one where there is no evidence. */
export function rateOf(habits: Habits, channel: Channel): Rate {
  return habits.rates.get(channel) ?? assumed.rate
}

/** Nothing is known but that days have rhythm: an answer at some hour speaks, mildly, for the hours around it. */
export function assumedHabits(): Habits {
  return {
    bestHours: hours.map(() => 1 / hoursOfDay),
    profile: hours.map((hour) => 1 + 0.7 * Math.cos((hour / hoursOfDay) * 2 * Math.PI)),
    rates: new Map(),
  }
}
