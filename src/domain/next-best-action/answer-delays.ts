import type { Try } from './try.ts'

const minute = 60_000

/** How long after a message an answer still counts as one. */
export const answerPatienceDays = 14

/** The ends of the intervals in which delays are counted, in milliseconds: finer where they are short. */
const ends = [1, 5, 15, 30, 60, 120, 240, 480, 960, 1440, 2880, 4320, 7200, 10_080, 14_400, answerPatienceDays * 1440].map(
  (minutes) => minutes * minute,
)

/** In how many intervals delays are counted. */
export const answerIntervals = ends.length

/** How long an organization's contacts take to answer: the share of answers that fall into each interval. */
export type AnswerDelays = readonly number[]

/** What is assumed where nothing is known: half of the answers come within four hours. */
export const assumedDelays: AnswerDelays = [0.02, 0.06, 0.08, 0.08, 0.08, 0.09, 0.1, 0.12, 0.12, 0.09, 0.07, 0.04, 0.02, 0.01, 0.01, 0.01]
/** Answers that the assumption is worth, and the share of messages that is assumed to be answered. */
const assumed = { answers: 6, rate: 1 / 6 }

/** The share of answers that have come so many milliseconds after a message, 0 to 1. */
export function shareAnswered(delays: AnswerDelays, age: number): number {
  let [share, start] = [0, 0]
  for (const [index, end] of ends.entries()) {
    const ofInterval = delays[index] ?? 0
    if (age < end) return share + (ofInterval * Math.max(age - start, 0)) / (end - start)
    share += ofInterval
    start = end
  }
  return 1
}

/** How likely a delay is beside other delays: the density, in answers a millisecond. */
export function densityOf(delays: AnswerDelays, delay: number): number {
  const index = ends.findIndex((end) => delay < end)
  if (index < 0) return 0
  return (delays[index] ?? 0) / ((ends[index] ?? 1) - (ends[index - 1] ?? 0))
}

/**
 * Learns how long answers take. For each interval it counts the answers that came in it, out of the messages that are old enough to have got
 * one then: messages of today say nothing about answers that take a week, so that a short history is not mistaken for quick answers.
 */
export function learnDelays(tries: readonly Try[], now: Date): AnswerDelays {
  const answers = ends.map((_, index) => assumed.answers * (assumedDelays[index] ?? 0))
  const waited = ends.map(() => assumed.answers / assumed.rate)
  for (const { channel, sentAt, answeredAt } of tries) {
    if (channel === 'voice') continue
    const age = now.getTime() - sentAt.getTime()
    for (const [index, end] of ends.entries()) if (age >= end) waited[index] = (waited[index] ?? 0) + 1
    if (answeredAt === null) continue
    const interval = ends.findIndex((end) => answeredAt.getTime() - sentAt.getTime() < end)
    if (interval >= 0 && age >= (ends[interval] ?? 0)) answers[interval] = (answers[interval] ?? 0) + 1
  }
  const frequency = answers.map((count, index) => count / (waited[index] ?? 1))
  const sum = frequency.reduce((total, value) => total + value, 0)
  return frequency.map((value) => value / sum)
}

/** The share of answers that have come before a message without one counts as not answered. */
const settledShare = 0.9

/** After how many seconds most answers have come. */
export function settledAfterOf(delays: AnswerDelays): number {
  let share = 0
  for (const [index, end] of ends.entries()) {
    const ofInterval = delays[index] ?? 0
    if (share + ofInterval >= settledShare) {
      const start = ends[index - 1] ?? 0
      return Math.round((start + ((end - start) * (settledShare - share)) / ofInterval) / 1000)
    }
    share += ofInterval
  }
  return answerPatienceDays * 86_400
}
