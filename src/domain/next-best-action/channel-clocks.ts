import type { Channel } from '../../data/generated/client.ts'
import { type Evidence, hoursOfDay } from './evidence.ts'
import { hours } from './habits.ts'

/** How many hours later than on other channels the contacts answer on a channel. */
export type ChannelClocks = ReadonlyMap<Channel, number>

/** What the clock of a channel shows at an hour of the contact's. */
export function hourOnClock(clocks: ChannelClocks, channel: Channel, hour: number): number {
  return (hour - (clocks.get(channel) ?? 0) + hoursOfDay) % hoursOfDay
}

/** How much better a shift has to explain the answers than none does, in logarithms of likelihood: chance must not move clocks. */
const threshold = 6
const rounds = 3
/** Answers that an even curve is worth, by hour. */
const assumedAnswers = 1

interface Counts {
  readonly tries: number[]
  readonly answers: number[]
}

/**
 * Finds the channels whose good hours lie earlier or later than those of the others, for all contacts alike: email in the morning, text
 * messages in the evening. The curve of answers over the day is learned from all channels, and each channel gets the shift at which it
 * explains the channel's own answers best, if that is clearly better than none. The busiest channel keeps its clock.
 */
export function learnChannelClocks(contacts: readonly Evidence[], channels: readonly Channel[]): ChannelClocks {
  const counts = new Map<Channel, Counts>(channels.map((channel) => [channel, { tries: hours.map(() => 0), answers: hours.map(() => 0) }]))
  for (const { cells } of contacts)
    for (const { channel, hour, tries, answers } of cells) {
      const count = counts.get(channel)
      if (count === undefined) continue
      count.tries[hour] = (count.tries[hour] ?? 0) + tries
      count.answers[hour] = (count.answers[hour] ?? 0) + answers
    }
  const total = (channel: Channel) => sum(counts.get(channel)?.answers ?? [])
  const [busiest, ...others] = channels.toSorted((one, other) => total(other) - total(one))
  let clocks = new Map<Channel, number>(channels.map((channel) => [channel, 0]))
  if (busiest === undefined) return clocks
  for (let round = 0; round < rounds; round += 1) {
    const found = new Map<Channel, number>([[busiest, 0]])
    for (const channel of others) {
      const count = counts.get(channel)
      const curve = curveOf(counts, clocks, channel)
      if (count !== undefined) found.set(channel, bestShift(count, curve))
    }
    clocks = found
  }
  return clocks
}

/** How readily the contacts answer at each hour on the clock of the busiest channel, learned from all channels but one. */
function curveOf(counts: ReadonlyMap<Channel, Counts>, clocks: ChannelClocks, but: Channel): number[] {
  const answered = hours.map(() => assumedAnswers)
  const expected = hours.map(() => assumedAnswers)
  for (const [channel, { tries, answers }] of counts) {
    if (channel === but) continue
    const shift = clocks.get(channel) ?? 0
    const rate = sum(answers) / (sum(tries) || 1)
    for (const hour of hours) {
      const at = (hour - shift + hoursOfDay) % hoursOfDay
      answered[at] = (answered[at] ?? 0) + (answers[hour] ?? 0)
      expected[at] = (expected[at] ?? 0) + rate * (tries[hour] ?? 0)
    }
  }
  const raw = answered.map((value, hour) => value / (expected[hour] ?? 1))
  return raw.map((value, hour) => (2 * value + (raw[(hour + 23) % 24] ?? value) + (raw[(hour + 1) % 24] ?? value)) / 4)
}

function bestShift({ tries, answers }: Counts, curve: readonly number[]): number {
  const all = sum(answers)
  const fitOf = (shift: number) => {
    let [fit, expected] = [0, 0]
    for (const hour of hours) {
      const level = curve[(hour - shift + hoursOfDay) % hoursOfDay] ?? 1
      fit += (answers[hour] ?? 0) * Math.log(level)
      expected += (tries[hour] ?? 0) * level
    }
    return fit - all * Math.log(expected || 1)
  }
  const unmoved = fitOf(0) + threshold
  let [best, highest] = [0, unmoved]
  for (const shift of hours) {
    const fit = fitOf(shift)
    if (fit > highest) [best, highest] = [shift, fit]
  }
  return best
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
