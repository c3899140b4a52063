import type { Channel } from '../../data/generated/client.ts'
import { hourOnClock } from './channel-clocks.ts'
import { type Evidence, hoursOfDay } from './evidence.ts'
import { assumed, type Habits, hours, ratesOn, stances } from './habits.ts'
import { effectiveTries, posteriorOf, posteriorRate } from './posterior.ts'
import type { Count } from './spread.ts'
import { varietyOf } from './variety.ts'

/** Answers on a weekday that the form of a kind of week is worth. */
const answersOfWeekday = 5

/** What one round counts. */
export interface Tally {
  readonly bestHours: number[]
  readonly bestHoursOn: Map<Channel, number[]>
  apart: number
  several: number
  /** Answers by their distance from the best hour, and how many there would be if every hour were like the average. */
  readonly answered: number[]
  readonly expected: number[]
  /** By kind of week and weekday: answers, and how many there would be if every weekday were like the average. */
  readonly answeredOn: number[][]
  readonly expectedOn: number[][]
  /** By channel and hour: answers, and how many there would be without the channel's curve. */
  readonly answeredAt: Map<Channel, number[]>
  readonly expectedAt: Map<Channel, number[]>
  readonly weeks: number[]
  readonly tastes: number[]
  /** By channel and stance to it. */
  readonly counts: Map<Channel, Count[][]>
}

/** What is assumed of any organization, as if it had been counted. */
export function emptyTally({ weeks, tastes }: Habits, first: Habits): Tally {
  const each = assumed.answers / hoursOfDay
  return {
    bestHours: first.bestHours.map((share) => share * assumed.contacts),
    bestHoursOn: new Map(),
    apart: assumed.apart * assumed.contacts,
    several: assumed.contacts,
    answered: first.profile.map((level) => level * each),
    expected: hours.map(() => each),
    answeredOn: weeks.map(({ prior }) => prior.map((level) => level * answersOfWeekday)),
    expectedOn: weeks.map(({ prior }) => prior.map(() => answersOfWeekday)),
    answeredAt: new Map(),
    expectedAt: new Map(),
    weeks: weeks.map(({ assumedShare }) => assumedShare * assumed.contacts),
    tastes: tastes.map(({ favourite }) =>
      favourite === null ? (1 - assumed.choosy) * assumed.contacts : (assumed.choosy * assumed.contacts) / Math.max(tastes.length - 1, 1),
    ),
    counts: new Map(),
  }
}

/** Counts what one contact did, under what is believed about it. */
export function countContact(evidence: Evidence, habits: Habits, tally: Tally): void {
  const posterior = posteriorOf(evidence, habits)
  const { weeks } = habits
  const { ofHours, ofWeekdays } = varietyOf(evidence.cells)
  for (let kind = 0; kind < posterior.kinds.length; kind += 1) {
    const probability = posterior.kinds[kind] ?? 0
    add(tally.weeks, kind % weeks.length, ofWeekdays * probability)
    add(tally.tastes, Math.floor(kind / weeks.length), probability)
  }
  if (posterior.channels.length > 1) {
    tally.several += ofHours
    tally.apart += ofHours * posterior.apart.reduce((sum, value) => sum + value, 0)
  }
  const sharedHours = marginal(posterior.shared)
  for (const [best, probability] of sharedHours.entries()) add(tally.bestHours, best, ofHours * probability)
  const effective = new Float64Array(hoursOfDay)
  for (const ofChannel of posterior.channels) {
    const { channel, joint } = ofChannel
    const marginalHours = marginal(joint)
    const on = tally.bestHoursOn.get(channel) ?? hours.map(() => 0)
    tally.bestHoursOn.set(channel, on)
    for (const [best, probability] of marginalHours.entries()) {
      add(on, best, ofHours * probability)
      if (posterior.channels.length === 1) continue
      add(tally.bestHours, best, (ofHours * (probability - (sharedHours[best] ?? 0))) / posterior.channels.length)
    }
    const priors = ratesOn(habits, channel)
    const counts = tally.counts.get(channel) ?? stances.map(() => [])
    tally.counts.set(channel, counts)
    const squares = squaresOf(evidence, channel, marginalHours, habits)
    // By kind of week and best hour: how many answers a try would have brought at an average time, times how likely they are.
    const rates = weeks.map(() => new Float64Array(hoursOfDay))
    const ofWeeks = weeks.map(() => 0)
    for (const [week, { levels }] of weeks.entries()) {
      effectiveTries(ofChannel, levels, effective)
      for (const [stance, prior] of priors.entries()) {
        if (prior === null) continue
        const base = (stance * weeks.length + week) * hoursOfDay
        let [mass, tries] = [0, 0]
        for (let best = 0; best < hoursOfDay; best += 1) {
          const probability = joint[base + best] ?? 0
          if (probability < 1e-5) continue
          mass += probability
          tries += probability * (effective[best] ?? 0)
          const ofWeek = rates[week]
          const rate = posteriorRate(prior, ofChannel.answers, effective[best] ?? 0).mean
          if (ofWeek !== undefined) ofWeek[best] = (ofWeek[best] ?? 0) + probability * rate
        }
        add(ofWeeks, week, mass)
        if (mass < 1e-4) continue
        counts[stance]?.push({ weight: mass, tries: tries / mass, answers: ofChannel.answers, squares })
      }
    }
    tallyTimes(evidence, { channel, best: marginalHours, rates, weeks: ofWeeks, ofHours, ofWeekdays }, habits, tally)
  }
}

/** The squares of what each try on a channel was worth, added up. */
function squaresOf({ cells }: Evidence, channel: Channel, best: Float64Array, { profile, curves, clocks }: Habits): number {
  const curve = curves.get(channel)
  let squares = 0
  for (const cell of cells) {
    if (cell.channel !== channel) continue
    const onClock = hourOnClock(clocks, channel, cell.hour)
    for (const [hour, probability] of best.entries()) {
      const level = (curve?.[cell.hour] ?? 1) * (profile[(onClock - hour + hoursOfDay) % hoursOfDay] ?? 1)
      squares += probability * cell.tries * level ** 2
    }
  }
  return squares
}

/** What is believed about one contact on one channel. */
interface Belief {
  readonly channel: Channel
  /** The probability of each best hour, and of each kind of week. */
  readonly best: Float64Array
  readonly weeks: readonly number[]
  /** By kind of week and best hour: the rate, times how likely they are. */
  readonly rates: readonly Float64Array[]
  /** How much its tries differ in their hours, and in their weekdays: see {@link varietyOf}. */
  readonly ofHours: number
  readonly ofWeekdays: number
}

/** Counts answers by their distance from the best hour, by weekday and by hour, beside what would be expected. */
function tallyTimes({ cells }: Evidence, { channel, best, rates, weeks, ofHours, ofWeekdays }: Belief, habits: Habits, tally: Tally): void {
  const { profile } = habits
  const curve = habits.curves.get(channel)
  const [answeredAt, expectedAt] = [
    tally.answeredAt.get(channel) ?? hours.map(() => 0),
    tally.expectedAt.get(channel) ?? hours.map(() => 0),
  ]
  tally.answeredAt.set(channel, answeredAt)
  tally.expectedAt.set(channel, expectedAt)
  for (const { channel: of, weekday, hour, tries, answers } of cells) {
    if (of !== channel) continue
    const usual = curve?.[hour] ?? 1
    const onClock = hourOnClock(habits.clocks, channel, hour)
    for (const [week, ofBest] of rates.entries()) {
      const level = habits.weeks[week]?.levels[weekday] ?? 1
      let then = 0
      for (let from = 0; from < hoursOfDay; from += 1) {
        const distance = (onClock - from + hoursOfDay) % hoursOfDay
        const expected = tries * (ofBest[from] ?? 0)
        tally.expected[distance] = (tally.expected[distance] ?? 0) + ofHours * expected * usual * level
        then += expected * (profile[distance] ?? 1)
      }
      add(expectedAt, hour, ofHours * then * level)
      add(tally.expectedOn[week] ?? [], weekday, ofWeekdays * then * usual)
      add(tally.answeredOn[week] ?? [], weekday, ofWeekdays * answers * (weeks[week] ?? 0))
    }
    add(answeredAt, hour, ofHours * answers)
    if (answers > 0)
      for (let from = 0; from < hoursOfDay; from += 1)
        add(tally.answered, (onClock - from + hoursOfDay) % hoursOfDay, ofHours * answers * (best[from] ?? 0))
  }
}

function marginal(joint: Float64Array): Float64Array {
  const sums = new Float64Array(hoursOfDay)
  for (let index = 0; index < joint.length; index += 1) sums[index % hoursOfDay] = (sums[index % hoursOfDay] ?? 0) + (joint[index] ?? 0)
  return sums
}

function add(counts: number[], index: number, by: number): void {
  counts[index] = (counts[index] ?? 0) + by
}
