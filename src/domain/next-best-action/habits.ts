import type { Channel } from '../../data/generated/client.ts'
import { assumedSettledAfter } from '../../data/sql/attempts.ts'
import { type AnswerDelays, assumedDelays } from './answer-delays.ts'
import { daysOfWeek, hoursOfDay } from './evidence.ts'

/** The rates of contacts before they have shown their own: a Gamma distribution with its mean, and how many tries that knowledge is worth. */
export interface Rate {
  readonly mean: number
  readonly strength: number
}

/** A kind of contact by the channel that it answers on above all. */
export interface Taste {
  /** The share of contacts that are of the kind. */
  readonly share: number
  /** The channel that the kind prefers; null for those that prefer none. */
  readonly favourite: Channel | null
}

/** How a kind of contact stands to a channel: it prefers none, this one, or another one. Kinds that stand alike to a channel have one rate there. */
export const stances = ['even', 'fond', 'averse'] as const
export type Stance = (typeof stances)[number]
export type RatesByStance = Readonly<Record<Stance, Rate>>

/** A kind of contact by the weekdays on which it answers. */
export interface Week {
  readonly share: number
  /** How readily it answers on each weekday (0 is Sunday), as a multiple of its average. */
  readonly levels: readonly number[]
  /** The share and the levels that are assumed of any organization. */
  readonly assumedShare: number
  readonly prior: readonly number[]
  /** The weekday that it prefers by far; null if there is none. */
  readonly favourite: number | null
}

/** How an organization's contacts answer: the prior for each of them. */
export interface Habits {
  /** The share of contacts whose best hour is each hour, 0 to 23. */
  readonly bestHours: readonly number[]
  /** The same by channel, for contacts whose best hour differs by channel. */
  readonly bestHoursOn: ReadonlyMap<Channel, readonly number[]>
  /** The share of contacts whose best hour differs by channel. */
  readonly apart: number
  /** How readily a contact answers so many hours after its best hour (0 to 23), as a multiple of its average over the day. */
  readonly profile: readonly number[]
  /** By channel, how readily contacts answer at each hour beyond what their own best hours explain, as a multiple. */
  readonly curves: ReadonlyMap<Channel, readonly number[]>
  /** By channel, how many hours later than on other channels a contact's best hour lies. */
  readonly clocks: ReadonlyMap<Channel, number>
  readonly weeks: readonly Week[]
  readonly tastes: readonly Taste[]
  readonly rates: ReadonlyMap<Channel, RatesByStance>
  readonly delays: AnswerDelays
  /** After how many seconds most answers have come: a message without one then counts as not answered. */
  readonly settledAfter: number
  /** What was sent and answered, by channel. */
  readonly counts: ReadonlyMap<Channel, { readonly sent: number; readonly answered: number }>
  /** The channels that the organization uses. */
  readonly channelsInUse: ReadonlySet<Channel>
}

export const hours = Array.from({ length: hoursOfDay }, (_, hour) => hour)

/** What is assumed of an organization of which nothing is known, and how much evidence outweighs it. */
export const assumed = {
  /** One in ten messages is answered over all hours, and contacts differ much: a guess that a few dozen messages correct. */
  rate: { mean: 0.1, strength: 8 },
  /** Messages that the assumed rates are worth. */
  messages: 10,
  /** Answers that the assumed profile and weekdays are worth, and contacts that the assumed shares are worth. */
  answers: 20,
  contacts: 10,
  /** The share of contacts whose best hour differs by channel. */
  apart: 0.15,
  /** The share of contacts that prefer one channel by far. */
  choosy: 0.2,
  /** The share of contacts that an organization with one sending hour has chosen it for. */
  reasons: 1 / 3,
}

/** Days have a rhythm: an answer at some hour speaks, mildly, for the hours around it. */
const assumedProfile = scaled(
  hours.map((hour) => Math.exp(1.1 * Math.cos((hour / hoursOfDay) * 2 * Math.PI))),
  hoursOfDay,
)

/** People are awake and busy by day: few have their best hour between ten in the evening and seven. */
const assumedBestHours = scaled(
  hours.map((hour) => 0.15 + Math.exp(-(((hour - 14) / 5.5) ** 4))),
  1,
)

const office = scaled([0.25, 1, 1, 1, 1, 1, 0.3], daysOfWeek)
const leisure = scaled([1, 0.35, 0.35, 0.35, 0.35, 0.45, 1], daysOfWeek)
const even = Array.from({ length: daysOfWeek }, () => 1)
/** Most contacts answer on any day, some hardly at the weekend, few on one weekday above all. */
const assumedWeeks: readonly Week[] = [
  weekOf(0.66, even),
  weekOf(0.18, office),
  weekOf(0.06, leisure),
  ...even.map((_, best) =>
    weekOf(
      0.1 / daysOfWeek,
      scaled(
        even.map((__, weekday) => (weekday === best ? 4 : 1)),
        daysOfWeek,
      ),
      best,
    ),
  ),
]

function weekOf(share: number, levels: readonly number[], favourite: number | null = null): Week {
  return { share, levels, assumedShare: share, prior: levels, favourite }
}

/** What is known of any organization before its contacts have answered. */
export function assumedHabits(): Habits {
  return {
    bestHours: assumedBestHours,
    bestHoursOn: new Map(),
    apart: assumed.apart,
    profile: assumedProfile,
    curves: new Map(),
    clocks: new Map(),
    weeks: assumedWeeks,
    tastes: [{ share: 1, favourite: null }],
    rates: new Map(),
    delays: assumedDelays,
    settledAfter: assumedSettledAfter,
    counts: new Map(),
    channelsInUse: new Set(),
  }
}

export function stanceOf({ favourite }: Taste, channel: Channel): Stance {
  if (favourite === null) return 'even'
  return favourite === channel ? 'fond' : 'averse'
}

/** By taste, the index of its stance to a channel. */
export function stancesOn(tastes: readonly Taste[], channel: Channel): number[] {
  return tastes.map((taste) => stances.indexOf(stanceOf(taste, channel)))
}

/** The rates of contacts that stand so to a channel; the assumed ones where there is no evidence. */
export function rateOf({ rates }: Pick<Habits, 'rates'>, channel: Channel, stance: Stance): Rate {
  return rates.get(channel)?.[stance] ?? assumed.rate
}

/** The same by stance; null for one that no kind of contact has. */
export function ratesOn(habits: Habits, channel: Channel): (Rate | null)[] {
  const taken = new Set(habits.tastes.map((taste) => stanceOf(taste, channel)))
  return stances.map((stance) => (taken.has(stance) ? rateOf(habits, channel, stance) : null))
}

export function scaled(values: readonly number[], total: number): number[] {
  const sum = values.reduce((so, value) => so + value, 0)
  return values.map((value) => (value * total) / sum)
}
