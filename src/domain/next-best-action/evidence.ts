import type { Channel } from '../../data/generated/client.ts'

/** Hours of a day: the model's circle. */
export const hoursOfDay = 24

/**
 * After so many days a message says half as much about today's habits as one of today does. Long enough to keep what a contact with one
 * message a month has taught, short enough to follow somebody who has moved on.
 */
export const evidenceHalfLifeDays = 240

const day = 24 * 60 * 60 * 1000

/** Something that went out to a contact, and what came of it. */
export interface Try {
  readonly channel: Channel
  readonly triedAt: Date
  /** When the contact answered; null if it did not. */
  readonly answeredAt: Date | null
}

/** What was tried on one channel at one local hour of the day, and what came of it, in messages of today. */
export interface Cell {
  readonly channel: Channel
  /** 0 to 23: of the answer where there was one (then the contact was there), else of the try. */
  readonly hour: number
  readonly tries: number
  readonly answers: number
}

/** What the past of one contact is worth as evidence about today. */
export interface Evidence {
  readonly cells: readonly Cell[]
  /** What the latest try weighs, 0 to 1: how much of the evidence holds today still. */
  readonly freshness: number
}

/**
 * Turns a past into evidence. Each try weighs w = 2^(−age / half-life): the decay says which of them resemble today more than others do. How
 * many messages the mixture is worth is Kish's effective sample size, (Σw)² / Σw² (Kish 1965, Survey Sampling, 11.7), and not Σw: fading
 * weights that are taken as fractions of messages would throw evidence away. Beside that stands how fresh the latest of it is, so that a long
 * silence leads back to the organization's habits.
 * @param hourOf the local hour of a moment where the contact is, 0 to 23
 * @param halfLifeDays {@link evidenceHalfLifeDays}; Infinity forgets nothing
 */
export function evidenceOf(
  tries: readonly Try[],
  now: Date,
  hourOf: (moment: Date) => number,
  halfLifeDays: number = evidenceHalfLifeDays,
): Evidence {
  const cells = new Map<string, { channel: Channel; hour: number; tries: number; answers: number }>()
  let [sum, squares, latest] = [0, 0, 0]
  for (const { channel, triedAt, answeredAt } of tries) {
    const weight = 2 ** (-Math.max(now.getTime() - triedAt.getTime(), 0) / day / halfLifeDays)
    sum += weight
    squares += weight ** 2
    latest = Math.max(latest, weight)
    const hour = hourOf(answeredAt ?? triedAt)
    const key = `${channel} ${hour}`
    const cell = cells.get(key) ?? { channel, hour, tries: 0, answers: 0 }
    cell.tries += weight
    if (answeredAt !== null) cell.answers += weight
    cells.set(key, cell)
  }
  const scale = squares > 0 ? sum / squares : 0
  const scaled = [...cells.values()].map((cell) => ({ ...cell, tries: cell.tries * scale, answers: cell.answers * scale }))
  return { cells: scaled, freshness: latest }
}
