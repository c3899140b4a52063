import type { Channel } from '../../data/generated/client.ts'

/** Hours of a day: the model's circle. */
export const hoursOfDay = 24

/**
 * After so many days a message says half as much about today's habits as one of today does. Long enough to keep what a contact with one
 * message a month has taught, short enough to follow somebody who has moved on.
 */
export const evidenceHalfLifeDays = 120

/** What was tried on one channel at one local hour of the day, and what came of it; each message weighs 2^(−age / half-life). */
export interface WeightedTries {
  readonly channel: Channel
  /** 0 to 23: of the answer where there was one (then the contact was there), else of the message. */
  readonly hour: number
  /** The weights of the messages and calls that went out, added up. */
  readonly tries: number
  /** The weights of those among them that were answered, added up. */
  readonly answers: number
}

/** Everything that was tried with one contact. */
export interface WeightedHistory {
  readonly cells: readonly WeightedTries[]
  /** The squares of the weights, added up over all messages. */
  readonly squares: number
  /** The weight of the latest message; 0 if there is none. */
  readonly latest: number
}

/** What the history of one contact is worth as evidence about today, in messages. */
export interface Evidence {
  readonly cells: readonly WeightedTries[]
  /** How many messages of today the whole history is worth. */
  readonly messages: number
}

/**
 * Turns weights into evidence. The decay says which messages resemble today more than others do; how many messages the mixture is worth
 * is Kish's effective sample size, (Σw)² / Σw² (Kish 1965, Survey Sampling, 11.7), and not Σw: fading weights that are taken as
 * fractions of messages would throw evidence away. All of it ages with its latest message, so that a long silence leads back to the organization's
 * habits.
 */
export function evidenceOf(history: WeightedHistory): Evidence {
  const sum = history.cells.reduce((total, cell) => total + cell.tries, 0)
  const scale = history.squares > 0 ? sum / history.squares : 0
  return {
    cells: history.cells.map((cell) => ({ ...cell, tries: cell.tries * scale, answers: cell.answers * scale })),
    messages: sum * scale,
  }
}
