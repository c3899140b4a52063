import type { Channel } from '../../data/generated/client.ts'
import { type AnswerDelays, answerPatienceDays, densityOf, shareAnswered } from './answer-delays.ts'
import type { Try } from './try.ts'

/** Hours of a day: the model's circle. */
export const hoursOfDay = 24
export const daysOfWeek = 7

/**
 * After so many days a message says half as much about today's habits as one of today does. Long enough to keep what a contact with one
 * message a month has taught, short enough to follow a contact whose habits change.
 */
export const evidenceHalfLifeDays = 240

const day = 24 * 60 * 60 * 1000

/** The messages that went out on one channel at one local hour of a weekday, and their answers, in messages of today. */
export interface Cell {
  readonly channel: Channel
  /** 0 (Sunday) to 6, of sending. */
  readonly weekday: number
  /** 0 to 23, of sending. */
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

/** The weekday (0 is Sunday) and hour at a time where the contact is. */
export type Clock = (at: Date) => { readonly weekday: number; readonly hour: number }

export interface EvidenceOptions {
  readonly now: Date
  readonly clock: Clock
  readonly delays: AnswerDelays
  /** Default: {@link evidenceHalfLifeDays}. Infinity forgets nothing. */
  readonly halfLifeDays?: number
}

/**
 * Turns a past into evidence, filed under the weekday and hour of sending. Each try weighs w = 2^(−age / half-life): the decay says which of
 * them resemble today more than others do. How many messages the mixture is worth is Kish's effective sample size, (Σw)² / Σw² (Kish 1965,
 * Survey Sampling, 11.7), and not Σw: fading weights that are taken as fractions of messages would throw evidence away. Beside that stands
 * how fresh the latest of it is, so that a long silence leads back to the organization's habits.
 *
 * A message without an answer counts as far as answers have had time to come: by the share of the organization's answers that take no longer
 * than the message is old. Answers may come late, after the next message: each is shared among the messages before it by how likely its
 * delay is for each of them.
 */
export function evidenceOf(tries: readonly Try[], options: EvidenceOptions): Evidence {
  const { now, clock, delays, halfLifeDays = evidenceHalfLifeDays } = options
  const answers = sharedAnswers(tries, delays)
  const cells = new Map<string, { channel: Channel; weekday: number; hour: number; tries: number; answers: number }>()
  let [sum, squares, latest] = [0, 0, 0]
  for (const [index, { channel, sentAt }] of tries.entries()) {
    const age = Math.max(now.getTime() - sentAt.getTime(), 0)
    const weight = 2 ** (-age / day / halfLifeDays)
    const answered = answers[index] ?? 0
    const known = channel === 'voice' ? 1 : Math.max(shareAnswered(delays, age), answered)
    sum += weight
    squares += weight ** 2
    latest = Math.max(latest, weight)
    const { weekday, hour } = clock(sentAt)
    const key = `${channel} ${weekday} ${hour}`
    const cell = cells.get(key) ?? { channel, weekday, hour, tries: 0, answers: 0 }
    cell.tries += weight * known
    cell.answers += weight * answered
    cells.set(key, cell)
  }
  const scale = squares > 0 ? sum / squares : 0
  const scaled = [...cells.values()].map((cell) => ({ ...cell, tries: cell.tries * scale, answers: cell.answers * scale }))
  return { cells: scaled, freshness: latest }
}

/** How much of an answer each try has. The tries of each channel must be in the order of sending. */
function sharedAnswers(tries: readonly Try[], delays: AnswerDelays): number[] {
  const shares = tries.map(() => 0)
  const waiting = new Map<Channel, number[]>()
  for (const [index, { channel, answeredAt }] of tries.entries()) {
    const before = waiting.get(channel) ?? []
    waiting.set(channel, before)
    before.push(index)
    if (answeredAt === null) continue
    waiting.set(channel, [])
    const possible = before.filter((earlier) => delayTo(tries[earlier], answeredAt) <= answerPatienceDays * day)
    const densities = possible.map((earlier) => densityOf(delays, delayTo(tries[earlier], answeredAt)))
    const sum = densities.reduce((total, density) => total + density, 0)
    if (sum === 0 || channel === 'voice') shares[index] = 1
    else for (const [at, earlier] of possible.entries()) shares[earlier] = (densities[at] ?? 0) / sum
  }
  return shares
}

function delayTo(earlier: Try | undefined, answeredAt: Date): number {
  return earlier === undefined ? Infinity : answeredAt.getTime() - earlier.sentAt.getTime()
}
