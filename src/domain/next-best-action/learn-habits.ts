import type { Channel } from '../../data/generated/client.ts'
import type { Interruptible } from '../../kernel/in-slices.ts'
import { type AnswerDelays, settledAfterOf } from './answer-delays.ts'
import { type ChannelClocks, hourOnClock, learnChannelClocks } from './channel-clocks.ts'
import { daysOfWeek, type Evidence, hoursOfDay } from './evidence.ts'
import { assumed, type Habits, hours, type Rate, rateOf, type RatesByStance, scaled, type Taste } from './habits.ts'
import { assumedOfSender } from './sender-prior.ts'
import { type Count, spreadOf } from './spread.ts'
import { countContact, emptyTally, type Tally } from './tally.ts'
import { withUsualHours } from './usual-hours.ts'

const rounds = 8
/** The smallest share that a kind of contact is kept with. */
const leastShare = 0.013
/** Answers after which the time before the best hour may differ from the time after it, and a channel's best hours from those of all. */
const answersToDiffer = 200
/** Answers at an hour after which it may differ from what the contacts' own best hours explain, and on one channel from all of them. */
const answersOfCurve = 4

/**
 * Learns the habits of an organization from the evidence of some of its contacts (empirical Bayes).
 *
 * The kinds of contacts, their best hours and the profile around them are found by expectation and maximization (Dempster, Laird and Rubin
 * 1977): each round asks for every contact how likely each combination is ({@link posteriorOf}), and then counts answers and tries under
 * them. The rates of a channel are given the mean and the spread between contacts that the counts show ({@link spreadOf}). What is assumed of
 * any organization counts as a little evidence of its own, so a small one is not overrun by chance. It takes seconds, and yields after each contact.
 */
export function* learnHabits(contacts: readonly Evidence[], delays: AnswerDelays): Interruptible<Habits> {
  const known = contacts.filter((evidence) => evidence.cells.length > 0)
  const channels = [...new Set(known.flatMap(({ cells }) => cells.map(({ channel }) => channel)))].toSorted()
  const clocks = learnChannelClocks(known, channels)
  const first = withUsualHours(assumedOfSender(known), known, clocks)
  const [tastes, rates] = [tastesAtFirst(channels), ratesAtFirst(known, channels)]
  let habits: Habits = { ...first, delays, settledAfter: settledAfterOf(delays), tastes, rates, clocks }
  for (let round = 0; round < rounds; round += 1) {
    habits = yield* relearn(known, channels, habits, first)
    if (round >= 2) habits = pruned(habits)
  }
  return habits
}

/** One kind without a preference, and one for each channel that prefers it by far. */
function tastesAtFirst(channels: readonly Channel[]): Taste[] {
  if (channels.length < 2) return [{ share: 1, favourite: null }]
  const choosy = channels.map((favourite) => ({ share: assumed.choosy / channels.length, favourite }))
  return [{ share: 1 - assumed.choosy, favourite: null }, ...choosy]
}

function ratesAtFirst(contacts: readonly Evidence[], channels: readonly Channel[]): Map<Channel, RatesByStance> {
  return new Map(
    channels.map((channel) => {
      const even = spreadOf(
        contacts.map((evidence) => countOf(evidence, channel)),
        assumed.rate,
      )
      const { mean, strength } = even
      return [channel, { even, fond: { mean: Math.min(2.5 * mean, 0.6), strength }, averse: { mean: mean / 5, strength } }]
    }),
  )
}

function countOf({ cells }: Evidence, channel: Channel): Count {
  const of = cells.filter((cell) => cell.channel === channel)
  const sum = (read: (cell: (typeof of)[number]) => number) => of.reduce((total, cell) => total + read(cell), 0)
  return {
    weight: of.length > 0 ? 1 : 0,
    tries: sum((cell) => cell.tries),
    answers: sum((cell) => cell.answers),
    squares: sum((cell) => cell.tries),
  }
}

function* relearn(contacts: readonly Evidence[], channels: readonly Channel[], habits: Habits, first: Habits): Interruptible<Habits> {
  const tally = emptyTally(habits, first)
  for (const evidence of contacts) {
    countContact(evidence, habits, tally)
    yield
  }
  const bestHours = scaled(smoothed(tally.bestHours), 1)
  return {
    ...habits,
    bestHours,
    bestHoursOn: new Map(channels.map((channel) => [channel, bestHoursOn(tally.bestHoursOn.get(channel), bestHours)])),
    apart: tally.apart / tally.several,
    profile: profileOf(tally),
    curves: curvesOf(tally, channels, habits.clocks),
    weeks: weeksOf(habits, tally),
    tastes: tastesOf(habits, tally),
    rates: ratesOf(habits, tally, channels),
  }
}

/**
 * By channel, answers beside what the contacts' own best hours explain: first of all channels together, each on its clock, then what is left of
 * the channel itself. An hour with few answers is drawn towards what it corrects.
 */
function curvesOf({ answeredAt, expectedAt }: Tally, channels: readonly Channel[], clocks: ChannelClocks): Map<Channel, number[]> {
  const [answered, expected] = [hours.map(() => 0), hours.map(() => 0)]
  for (const channel of channels)
    for (const hour of hours) {
      const at = hourOnClock(clocks, channel, hour)
      answered[at] = (answered[at] ?? 0) + (answeredAt.get(channel)?.[hour] ?? 0)
      expected[at] = (expected[at] ?? 0) + (expectedAt.get(channel)?.[hour] ?? 0)
    }
  const shared = curveOf(answered, expected)
  return new Map(
    channels.map((channel) => {
      const usual = hours.map((hour) => shared[hourOnClock(clocks, channel, hour)] ?? 1)
      const own = curveOf(
        answeredAt.get(channel),
        expectedAt.get(channel)?.map((count, hour) => count * (usual[hour] ?? 1)),
      )
      return [channel, own.map((level, hour) => level * (usual[hour] ?? 1))]
    }),
  )
}

/** Answers beside what was expected, by hour. */
function curveOf(answered: readonly number[] | undefined, expected: readonly number[] | undefined): number[] {
  return hours.map((hour) => (around(answered, hour) + answersOfCurve) / (around(expected, hour) + answersOfCurve))
}

const kernel = [0.15, 0.25, 0.2, 0.25, 0.15]

/** The mean of an hour and its neighbours. */
function around(values: readonly number[] | undefined, hour: number): number {
  return kernel.reduce((sum, weight, index) => sum + weight * (values?.[(hour + index - 2 + hoursOfDay) % hoursOfDay] ?? 0), 0)
}

/** Where there are few answers, the time before the best hour is taken as like the time after it. */
function profileOf({ answered, expected }: Tally): number[] {
  const level = answered.map((answers, distance) => answers / (expected[distance] ?? 1))
  const total = answered.reduce((sum, value) => sum + value, 0)
  const own = total / (total + answersToDiffer)
  const alike = level.map((value, distance) => {
    const mirrored = level[(hoursOfDay - distance) % hoursOfDay] ?? value
    return own * value + (1 - own) * ((value + mirrored) / 2)
  })
  return scaled(
    smoothed(alike).map((value) => Math.max(value, 0.02)),
    hoursOfDay,
  )
}

/** Spreads a little of each hour over its neighbours. */
function smoothed(values: readonly number[]): number[] {
  return values.map((value, hour) => 0.8 * value + 0.1 * (values[(hour + 23) % 24] ?? value) + 0.1 * (values[(hour + 1) % 24] ?? value))
}

function bestHoursOn(counted: readonly number[] | undefined, usual: readonly number[]): number[] {
  return scaled(smoothed(usual.map((share, best) => share * 2 * assumed.contacts + (counted?.[best] ?? 0))), 1)
}

function weeksOf({ weeks }: Habits, tally: Tally): Habits['weeks'] {
  const shares = scaled(tally.weeks, 1)
  return weeks.map(({ prior, assumedShare, favourite }, week) => ({
    favourite,
    share: shares[week] ?? 0,
    assumedShare,
    prior,
    levels: scaled(
      prior.map((_, weekday) => (tally.answeredOn[week]?.[weekday] ?? 1) / (tally.expectedOn[week]?.[weekday] ?? 1)),
      daysOfWeek,
    ),
  }))
}

function tastesOf({ tastes }: Habits, tally: Tally): Taste[] {
  const shares = scaled(tally.tastes, 1)
  return tastes.map(({ favourite }, index) => ({ favourite, share: shares[index] ?? 0 }))
}

function ratesOf(habits: Habits, { counts }: Tally, channels: readonly Channel[]): Map<Channel, RatesByStance> {
  return new Map(
    channels.map((channel) => {
      const [even = [], fond = [], averse = []] = counts.get(channel) ?? []
      return [
        channel,
        {
          even: spreadOf(even, assumed.rate),
          fond: spreadOf(fond, asVaried(rateOf(habits, channel, 'fond').mean)),
          averse: spreadOf(averse, asVaried(rateOf(habits, channel, 'averse').mean)),
        },
      ]
    }),
  )
}

/** A rate of which contacts differ as much as is assumed of any. */
function asVaried(mean: number): Rate {
  return { mean, strength: (assumed.rate.mean * assumed.rate.strength) / mean }
}

/** Leaves out kinds of contacts that are hardly ever met: they would only cost time. */
function pruned(habits: Habits): Habits {
  return { ...habits, weeks: common(habits.weeks), tastes: common(habits.tastes) }
}

function common<Kind extends { readonly share: number }>(kinds: readonly Kind[]): Kind[] {
  const kept = kinds.filter(({ share }) => share >= leastShare)
  const sum = kept.reduce((total, { share }) => total + share, 0)
  return kept.map((kind) => ({ ...kind, share: kind.share / sum }))
}
