import type { Channel } from '../../data/generated/client.ts'
import { type Evidence, hoursOfDay } from './evidence.ts'
import { type Habits, type Rate, rateOf } from './habits.ts'

/** How likely an answer is, and how well that is known. */
export interface Chance {
  readonly mean: number
  readonly variance: number
}

/** What is believed about one contact: at which hour it is there most, and how readily it answers on each channel. */
export interface ReplyChances {
  /** The chance that a message on the channel at a local hour (0 to 23) is answered. */
  at(channel: Channel, hour: number): Chance
  /** The chance over all hours alike. */
  anyHour(channel: Channel): Chance
}

/** What a contact did on one channel. */
interface OfChannel {
  /** What its tries are worth under each best hour, 0 to 23. */
  readonly tries: number[]
  answers: number
}

/**
 * The posterior over a contact's best hour, and for each such hour the evidence that each channel has under it. Where the best hour is h, a
 * message at hour u is worth `profile[u − h]` tries: it is no wonder that nobody answered in the night.
 *
 * With rates that are small the number of answers is nearly Poisson, and with a Gamma prior on the rate its likelihood has a closed form:
 * −(α + k) log(1 + e / β) for k answers to e tries, besides what the hours of the answers say, Σ log profile.
 */
export interface BestHours {
  /** The probability of each best hour, 0 to 23. */
  readonly probability: readonly number[]
  /** The channels with evidence. */
  readonly channels: ReadonlyMap<Channel, OfChannel>
}

export function bestHours(evidence: Evidence, habits: Habits): BestHours {
  const channels = new Map<Channel, OfChannel>()
  const logLikelihood = habits.bestHours.map((share) => Math.log(share))
  const logProfile = habits.profile.map((level) => Math.log(level))
  for (const cell of evidence.cells) {
    const ofChannel = channels.get(cell.channel) ?? { tries: Array.from({ length: hoursOfDay }, () => 0), answers: 0 }
    channels.set(cell.channel, ofChannel)
    ofChannel.answers += cell.answers
    for (let best = 0; best < hoursOfDay; best += 1) {
      const distance = (cell.hour - best + hoursOfDay) % hoursOfDay
      ofChannel.tries[best] = (ofChannel.tries[best] ?? 0) + cell.tries * (habits.profile[distance] ?? 1)
      if (cell.answers > 0) logLikelihood[best] = (logLikelihood[best] ?? 0) + cell.answers * (logProfile[distance] ?? 0)
    }
  }
  for (const [channel, { tries, answers }] of channels) {
    const { mean, strength } = rateOf(habits, channel)
    for (let best = 0; best < hoursOfDay; best += 1)
      logLikelihood[best] = (logLikelihood[best] ?? 0) - (mean * strength + answers) * Math.log1p((tries[best] ?? 0) / strength)
  }
  return { probability: normalized(logLikelihood), channels }
}

/** What a contact's evidence and the organization's habits together say about the chances of an answer. */
export function replyChances(evidence: Evidence, habits: Habits): ReplyChances {
  const posterior = bestHours(aged(evidence), habits)
  const average = (channel: Channel, level: (best: number) => number): Chance => {
    const prior = rateOf(habits, channel)
    const known = posterior.channels.get(channel)
    let mean = 0
    let square = 0
    for (let best = 0; best < hoursOfDay; best += 1) {
      const rate = posteriorRate(prior, known?.answers ?? 0, known?.tries[best] ?? 0)
      const probability = posterior.probability[best] ?? 0
      const factor = level(best)
      mean += probability * rate.mean * factor
      square += probability * (rate.variance + rate.mean ** 2) * factor ** 2
    }
    const certain = Math.min(mean, 0.99)
    return { mean: certain, variance: Math.min(Math.max(square - mean ** 2, 1e-9), certain * (1 - certain)) }
  }
  return {
    at: (channel, hour) => average(channel, (best) => profileAt(habits, hour, best)),
    anyHour: (channel) => average(channel, () => 1),
  }
}

/** Counts what is left of evidence that is not fresh. Learning habits takes it whole: what it says of the contact's time then is as true as ever. */
function aged({ cells, freshness }: Evidence): Evidence {
  return { cells: cells.map((cell) => ({ ...cell, tries: cell.tries * freshness, answers: cell.answers * freshness })), freshness: 1 }
}

/** The Beta posterior of a rate after so many answers to so many tries; tries at bad hours are fractions, so there can be fewer of them. */
export function posteriorRate(prior: Rate, answers: number, tries: number): Chance {
  const alpha = prior.mean * prior.strength + answers
  const beta = (1 - prior.mean) * prior.strength + Math.max(tries - answers, 0)
  const total = alpha + beta
  return { mean: alpha / total, variance: (alpha * beta) / (total ** 2 * (total + 1)) }
}

/** How readily a contact whose best hour is `best` answers at an hour, as a multiple of the average over the day. */
export function profileAt(habits: Habits, hour: number, best: number): number {
  return habits.profile[(hour - best + hoursOfDay) % hoursOfDay] ?? 1
}

function normalized(logarithms: readonly number[]): number[] {
  const highest = Math.max(...logarithms)
  const weights = logarithms.map((logarithm) => Math.exp(logarithm - highest))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}
