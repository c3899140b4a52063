import { assumed, type Rate } from './habits.ts'

/** What one contact did on one channel, if it is of a kind. */
export interface Count {
  /** How likely it is of the kind, 0 to 1. */
  readonly weight: number
  readonly tries: number
  readonly answers: number
  /** The squares of what each message was worth as a try, added up. */
  readonly squares: number
}

/**
 * The mean rate of contacts, and how much they differ, by matching mean and variance: what the counts scatter beyond what chance alone makes them
 * scatter is the contacts' own difference. Few messages to each contact hardly show it, so the estimate is weighed by its own error against
 * what is assumed. It is put as the strength of a Gamma distribution.
 * @param prior what is assumed: its mean is worth ten messages, and its spread is as uncertain as it is large
 */
export function spreadOf(counts: readonly Count[], prior: Rate): Rate {
  let tries: number = assumed.messages
  let answers = assumed.messages * prior.mean
  for (const count of counts) {
    tries += count.weight * count.tries
    answers += count.weight * count.answers
  }
  const mean = Math.min(Math.max(answers / tries, 1e-4), 0.9)
  let [excess, possible, noise] = [0, 0, 0]
  for (const count of counts) {
    const expected = mean * count.tries
    excess += count.weight * ((count.answers - expected) ** 2 - expected + mean ** 2 * count.squares)
    possible += count.weight * mean ** 2 * Math.max(count.tries ** 2 - count.squares, 0)
    noise += count.weight * 2 * expected ** 2
  }
  const usual = 1 / (prior.mean * prior.strength)
  // Precisions: of the counts' estimate excess / possible, and of the assumption.
  const [ofCounts, ofPrior] = [noise > 0 ? possible ** 2 / noise : 0, 1 / usual ** 2]
  const estimate = possible > 0 ? excess / possible : usual
  const relativeVariance = Math.min(Math.max((estimate * ofCounts + usual * ofPrior) / (ofCounts + ofPrior), 0.02), 4)
  return { mean, strength: 1 / (mean * relativeVariance) }
}
