import type { Channel } from '../../data/generated/client.ts'
import { hourOnClock } from './channel-clocks.ts'
import { daysOfWeek, type Evidence, hoursOfDay } from './evidence.ts'
import { type Habits, rateOf, ratesOn, stanceOf, stancesOn, stances } from './habits.ts'
import { effectiveTries, posteriorOf, posteriorRate, type Posterior } from './posterior.ts'

/** How likely an answer is, and how well that is known. */
export interface Chance {
  readonly mean: number
  readonly variance: number
  /**
   * What is to be expected of a time that was chosen because its mean is high. The best of many times is overestimated where few answers of the
   * organization have shown its habits, so as far as they have not, the mean over all times stands in.
   */
  readonly expected: number
}

/** Answers of an organization's contacts after which half of what makes one time better than others is expected to be true. */
const answersToBelieve = 30

/** How many standard deviations a time has to be better by, on top of the chance itself. */
const caution = 0.5

/** What is believed about one contact: when and how readily it answers on each channel. */
export interface ReplyChances {
  /** The chance that a message on the channel at a local weekday (0 is Sunday) and hour (0 to 23) is answered. */
  at(channel: Channel, weekday: number, hour: number): Chance
  /**
   * What that chance is worth when times are compared: less, the less is known of it. A time at which the contact has answered is preferred to one
   * that may be better or worse. Never negative, so that it can be discounted.
   */
  worthAt(channel: Channel, weekday: number, hour: number): number
  /** The chance over all times alike. */
  anyTime(channel: Channel): number
}

const mostCertain = 0.95

/** What a contact's evidence and the organization's habits together say about the chances of an answer. */
export function replyChances(evidence: Evidence, habits: Habits): ReplyChances {
  const posterior = posteriorOf(aged(evidence), habits)
  const answered = [...habits.counts.values()].reduce((sum, count) => sum + count.answered, 0)
  const belief = answered / (answered + answersToBelieve)
  const tables = new Map<Channel, ChannelTable>()
  const tableOf = (channel: Channel) => {
    const table = tables.get(channel) ?? tabulate(posterior, habits, channel)
    tables.set(channel, table)
    return table
  }
  return {
    at(channel, weekday, hour) {
      const { mean, square, overall } = tableOf(channel)
      const index = weekday * hoursOfDay + hour
      const certain = Math.min(mean[index] ?? 0, mostCertain)
      const expected = Math.min(overall + belief * (certain - overall), mostCertain)
      return { mean: certain, variance: varianceOf(mean[index] ?? 0, square[index] ?? 0), expected }
    },
    worthAt(channel, weekday, hour) {
      const { mean, square } = tableOf(channel)
      const index = weekday * hoursOfDay + hour
      const [chance, squared] = [mean[index] ?? 0, square[index] ?? 0]
      return Math.max(Math.min(chance, mostCertain) - caution * Math.sqrt(varianceOf(chance, squared)), 0)
    },
    anyTime: (channel) => Math.min(tableOf(channel).overall, mostCertain),
  }
}

function varianceOf(mean: number, square: number): number {
  const certain = Math.min(mean, mostCertain)
  return Math.min(Math.max(square - mean ** 2, 1e-9), certain * (1 - certain))
}

/** By weekday and hour, the mean of the chance and the mean of its square; and the mean over all times. */
interface ChannelTable {
  readonly mean: Float64Array
  readonly square: Float64Array
  readonly overall: number
}

function tabulate(posterior: Posterior, habits: Habits, channel: Channel): ChannelTable {
  const { weeks } = habits
  const rates = ratesOn(habits, channel)
  const known = posterior.channels.find((one) => one.channel === channel)
  const joint = known?.joint ?? unseen(posterior, habits, channel)
  // By weekday and best hour: the rate and its square then, times how likely they are. By hour, both become means over the best hours.
  const [first, second] = [new Float64Array(daysOfWeek * hoursOfDay), new Float64Array(daysOfWeek * hoursOfDay)]
  const [ofWeek, squareOfWeek, effective] = [new Float64Array(hoursOfDay), new Float64Array(hoursOfDay), new Float64Array(hoursOfDay)]
  let overall = 0
  for (const [week, { levels }] of weeks.entries()) {
    if (known !== undefined) effectiveTries(known, levels, effective)
    ofWeek.fill(0)
    squareOfWeek.fill(0)
    for (const [stance, prior] of rates.entries()) {
      if (prior === null) continue
      const base = (stance * weeks.length + week) * hoursOfDay
      for (let best = 0; best < hoursOfDay; best += 1) {
        const probability = joint[base + best] ?? 0
        if (probability < 1e-6) continue
        const rate = posteriorRate(prior, known?.answers ?? 0, effective[best] ?? 0)
        ofWeek[best] = (ofWeek[best] ?? 0) + probability * rate.mean
        squareOfWeek[best] = (squareOfWeek[best] ?? 0) + probability * (rate.variance + rate.mean ** 2)
        overall += probability * rate.mean
      }
    }
    for (let weekday = 0; weekday < daysOfWeek; weekday += 1) {
      const level = levels[weekday] ?? 1
      for (let best = 0; best < hoursOfDay; best += 1) {
        const index = weekday * hoursOfDay + best
        first[index] = (first[index] ?? 0) + level * (ofWeek[best] ?? 0)
        second[index] = (second[index] ?? 0) + level * level * (squareOfWeek[best] ?? 0)
      }
    }
  }
  return { mean: atEachHour(first, habits, channel, 1), square: atEachHour(second, habits, channel, 2), overall }
}

/** From values by weekday and best hour, their means by weekday and hour: each best hour counts as readily as it lets answer at that hour, to a power. */
function atEachHour(values: Float64Array, { profile, curves, clocks }: Habits, channel: Channel, power: number): Float64Array {
  const curve = curves.get(channel)
  // Twice over, so that no hour goes round.
  const levels = Float64Array.from([...profile, ...profile], (level) => level ** power)
  const means = new Float64Array(values.length)
  for (let hour = 0; hour < hoursOfDay; hour += 1) {
    const usual = (curve?.[hour] ?? 1) ** power
    const from = hourOnClock(clocks, channel, hour) + hoursOfDay
    for (let start = 0; start < values.length; start += hoursOfDay) {
      let sum = 0
      for (let best = 0; best < hoursOfDay; best += 1) sum += (values[start + best] ?? 0) * (levels[from - best] ?? 0)
      means[start + hour] = usual * sum
    }
  }
  return means
}

/** The distribution of the best hour on a channel that the contact was never written to on. */
function unseen({ shared, apart }: Posterior, habits: Habits, channel: Channel): Float64Array {
  const usual = habits.bestHoursOn.get(channel) ?? habits.bestHours
  const size = habits.weeks.length * hoursOfDay
  const joint = new Float64Array(stances.length * size)
  for (const [taste, stance] of stancesOn(habits.tastes, channel).entries())
    for (let offset = 0; offset < size; offset += 1) {
      const from = taste * size + offset
      const probability = (shared[from] ?? 0) + (apart[Math.floor(from / hoursOfDay)] ?? 0) * (usual[offset % hoursOfDay] ?? 0)
      joint[stance * size + offset] = (joint[stance * size + offset] ?? 0) + probability
    }
  return joint
}

/** Counts what is left of evidence that is not fresh. Learning habits takes it whole: what it says of the contact's time then stays true. */
function aged({ cells, freshness }: Evidence): Evidence {
  return { cells: cells.map((cell) => ({ ...cell, tries: cell.tries * freshness, answers: cell.answers * freshness })), freshness: 1 }
}

/** The mean rate of an organization's contacts on a channel. */
export function usualRate(habits: Habits, channel: Channel): number {
  return habits.tastes.reduce((sum, taste) => sum + taste.share * rateOf(habits, channel, stanceOf(taste, channel)).mean, 0)
}
