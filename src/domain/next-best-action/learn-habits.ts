import type { Channel } from '../../data/generated/client.ts'
import { type Evidence, hoursOfDay } from './evidence.ts'
import { assumed, assumedHabits, type Habits, hours, type Rate, rateOf } from './habits.ts'
import { type BestHours, bestHours, posteriorRate, profileAt } from './reply-chances.ts'

const rounds = 15

/**
 * Learns the habits of an organization from the evidence of some of its contacts (empirical Bayes).
 *
 * Best hours and the profile around them are found by expectation and maximization (Dempster, Laird and Rubin 1977): each round asks of
 * every contact how likely each best hour is, and then counts answers and tries by their distance from it. The profile is taken as alike
 * before and after, which halves what has to be learned. The rates of a channel are given the mean and the spread between contacts that the
 * counts show ({@link spreadOf}). What is assumed of any organization counts as a little evidence of its own, so a small one is not overrun
 * by chance.
 */
export function learnHabits(contacts: readonly Evidence[]): Habits {
  const known = contacts.filter((evidence) => evidence.cells.length > 0)
  let habits = assumedHabits()
  for (let round = 0; round < rounds; round += 1) habits = relearn(known, habits)
  return habits
}

/** What one round counts. */
interface Tally {
  /** How many contacts have each best hour. */
  readonly shares: number[]
  /** Answers by their distance from the best hour, and how many there would be if every hour were like the average. */
  readonly answered: number[]
  readonly expected: number[]
  readonly counts: Map<Channel, Count[]>
}

function relearn(contacts: readonly Evidence[], habits: Habits): Habits {
  const each = assumed.answers / hoursOfDay
  const tally: Tally = {
    shares: hours.map(() => each),
    answered: assumedHabits().profile.map((level) => level * each),
    expected: hours.map(() => each),
    counts: new Map(),
  }
  for (const evidence of contacts) count(evidence, habits, tally)
  const level = tally.answered.map((answers, distance) => answers / (tally.expected[distance] ?? 1))
  const alike = level.map((value, distance) => (value + (level[(hoursOfDay - distance) % hoursOfDay] ?? value)) / 2)
  return {
    bestHours: scaled(tally.shares, 1),
    profile: scaled(alike, hoursOfDay),
    rates: new Map([...tally.counts].map(([channel, counted]) => [channel, spreadOf(counted)])),
  }
}

function count(evidence: Evidence, habits: Habits, tally: Tally): void {
  const posterior = bestHours(evidence, habits)
  const means = new Map<Channel, number[]>()
  for (const [channel, { answers, tries }] of posterior.channels) {
    const prior = rateOf(habits, channel)
    means.set(
      channel,
      tries.map((ofHour) => posteriorRate(prior, answers, ofHour).mean),
    )
    const counted = tally.counts.get(channel) ?? []
    tally.counts.set(channel, counted)
    const effective = tries.reduce((sum, ofHour, best) => sum + ofHour * (posterior.probability[best] ?? 0), 0)
    counted.push({ tries: effective, answers, squares: squaresOf(evidence, channel, habits, posterior) })
  }
  for (const best of hours) {
    const probability = posterior.probability[best] ?? 0
    tally.shares[best] = (tally.shares[best] ?? 0) + probability
    if (probability < 1e-4) continue
    for (const { channel, hour, tries, answers } of evidence.cells) {
      const distance = (hour - best + hoursOfDay) % hoursOfDay
      tally.answered[distance] = (tally.answered[distance] ?? 0) + probability * answers
      tally.expected[distance] = (tally.expected[distance] ?? 0) + probability * tries * (means.get(channel)?.[best] ?? 0)
    }
  }
}

/** What one contact did on one channel. */
export interface Count {
  readonly tries: number
  readonly answers: number
  /** The squares of what each message was worth as a try, added up. */
  readonly squares: number
}

function squaresOf(evidence: Evidence, channel: Channel, habits: Habits, posterior: BestHours): number {
  let squares = 0
  for (const cell of evidence.cells) {
    if (cell.channel !== channel) continue
    for (const best of hours) squares += (posterior.probability[best] ?? 0) * cell.tries * profileAt(habits, cell.hour, best) ** 2
  }
  return squares
}

/**
 * The mean rate of contacts, and how much they differ, by the method of moments: what the counts scatter beyond what chance alone makes them
 * scatter is the contacts' own difference. That is put as the strength of a Beta distribution, α + β.
 */
export function spreadOf(counts: readonly Count[]): Rate {
  let tries = assumed.messages
  let answers = assumed.messages * assumed.rate.mean
  for (const count of counts) {
    tries += count.tries
    answers += count.answers
  }
  const mean = Math.min(answers / tries, 0.9)
  const assumedSpread = (1 - assumed.rate.mean) / (assumed.rate.mean * (assumed.rate.strength + 1))
  let excess = assumedSpread * assumed.messages * mean ** 2
  let possible = assumed.messages * mean ** 2
  for (const count of counts) {
    excess += (count.answers - mean * count.tries) ** 2 - mean * count.tries + mean ** 2 * count.squares
    possible += mean ** 2 * Math.max(count.tries ** 2 - count.squares, 0)
  }
  const relativeVariance = Math.min(Math.max(excess / possible, 0.02), 4)
  return { mean, strength: Math.max((1 - mean) / (mean * relativeVariance) - 1, 1) }
}

function scaled(values: readonly number[], total: number): number[] {
  const sum = values.reduce((so, value) => so + value, 0)
  return values.map((value) => (value * total) / sum)
}
