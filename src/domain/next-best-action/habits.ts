import type { Channel } from '../../data/generated/client.ts'
import { type Evidence, hoursOfDay } from './evidence.ts'
import { bestHours, posteriorRate, profileAt } from './reply-chances.ts'

/** What is known about a rate before a contact has shown its own: its mean among contacts, and how many tries that knowledge is worth. */
export interface Rate {
  readonly mean: number
  readonly strength: number
}

/** How an organization's contacts answer: the prior for each of them. */
export interface Habits {
  /** The share of contacts whose best hour is each hour, 0 to 23. */
  readonly bestHours: Float64Array
  /** How readily a contact answers so many hours after its best hour (0 to 23), as a multiple of its average over the day. */
  readonly profile: Float64Array
  /** The rates of the channels with evidence. */
  readonly rates: ReadonlyMap<Channel, Rate>
  rate(channel: Channel): Rate
}

/** What is assumed of an organization of which nothing is known, and how much evidence outweighs it. */
const assumed = {
  /** One in six messages is answered, and contacts differ as much as that: a guess that a few dozen messages correct. */
  rate: { mean: 1 / 6, strength: 5 },
  messages: 10,
  /** Answers that the assumed profile and the assumed best hours are worth. */
  answers: 10,
}
const rounds = 15
const daily = Array.from({ length: hoursOfDay }, (_, hour) => Math.cos((hour / hoursOfDay) * 2 * Math.PI))

/** Nothing is known but that days have rhythm: an answer at some hour speaks, mildly, for the hours around it. */
export function assumedHabits(): Habits {
  return habitsOf(
    new Float64Array(hoursOfDay).fill(1 / hoursOfDay),
    Float64Array.from(daily, (wave) => 1 + 0.7 * wave),
    new Map(),
  )
}

/**
 * Learns the habits of an organization from the evidence of some of its contacts (empirical Bayes).
 *
 * Best hours and the profile around them are found by expectation and maximization (Dempster, Laird and Rubin 1977): each round asks
 * of every contact how likely each best hour is, and then counts answers and tries by their distance from it. The profile is taken as alike before
 * and after, which halves what has to be learned. The rates of a channel are given the mean and the spread between contacts that the counts show
 * (method of moments, {@link spreadOf}). What is assumed of any organization counts as a little evidence of its own, so a small one is not overrun by chance.
 */
export function learnHabits(contacts: readonly Evidence[]): Habits {
  let habits = assumedHabits()
  for (let round = 0; round < rounds; round += 1) habits = relearn(contacts, habits)
  return habits
}

function relearn(contacts: readonly Evidence[], habits: Habits): Habits {
  const shares = Float64Array.from({ length: hoursOfDay }, () => assumed.answers / hoursOfDay)
  const answered = Float64Array.from(assumedHabits().profile, (level) => (level * assumed.answers) / hoursOfDay)
  const expected = new Float64Array(hoursOfDay).fill(assumed.answers / hoursOfDay)
  const counts = new Map<Channel, Count[]>()
  for (const evidence of contacts) {
    if (evidence.cells.length === 0) continue
    const posterior = bestHours(evidence, habits)
    posterior.probability.forEach((probability, best) => {
      shares[best] = (shares[best] ?? 0) + probability
    })
    for (const { channel, hour, tries, answers } of evidence.cells) {
      posterior.probability.forEach((probability, best) => {
        const distance = (hour - best + hoursOfDay) % hoursOfDay
        const rate = posteriorRate(habits.rate(channel), posterior.answers.get(channel) ?? 0, posterior.tries.get(channel)?.[best] ?? 0)
        answered[distance] = (answered[distance] ?? 0) + probability * answers
        expected[distance] = (expected[distance] ?? 0) + probability * tries * rate.mean
      })
    }
    for (const [channel, tries] of posterior.tries) {
      const counted = counts.get(channel) ?? []
      counts.set(channel, counted)
      const effective = tries.reduce((sum, ofHour, best) => sum + ofHour * (posterior.probability[best] ?? 0), 0)
      counted.push({
        tries: effective,
        answers: posterior.answers.get(channel) ?? 0,
        squares: squaresOf(evidence, channel, habits, posterior.probability),
      })
    }
  }
  const level = answered.map((count, distance) => count / (expected[distance] ?? 1))
  const alike = level.map((value, distance) => (value + (level[(hoursOfDay - distance) % hoursOfDay] ?? value)) / 2)
  return habitsOf(
    scaled(shares, 1),
    scaled(alike, hoursOfDay),
    new Map([...counts].map(([channel, counted]) => [channel, spreadOf(counted)])),
  )
}

/** What one contact did on one channel. */
export interface Count {
  readonly tries: number
  readonly answers: number
  /** The squares of what each message was worth as a try, added up. */
  readonly squares: number
}

function squaresOf(evidence: Evidence, channel: Channel, habits: Habits, probability: Float64Array): number {
  let squares = 0
  for (const cell of evidence.cells) {
    if (cell.channel !== channel) continue
    for (let best = 0; best < hoursOfDay; best += 1)
      squares += (probability[best] ?? 0) * cell.tries * profileAt(habits, cell.hour, best) ** 2
  }
  return squares
}

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

function habitsOf(bestHours: Float64Array, profile: Float64Array, rates: ReadonlyMap<Channel, Rate>): Habits {
  return { bestHours, profile, rates, rate: (channel) => rates.get(channel) ?? assumed.rate }
}

function scaled(values: Float64Array, total: number): Float64Array {
  const sum = values.reduce((so, value) => so + value, 0)
  return values.map((value) => (value * total) / sum)
}
