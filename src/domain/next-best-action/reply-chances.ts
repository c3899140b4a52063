import type { Channel } from '../../data/generated/client.ts'
import { hourOnClock } from './channel-clocks.ts'
import { daysOfWeek, type Evidence, hoursOfDay } from './evidence.ts'
import { type Habits, rateOf } from './habits.ts'
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

/**
 * What a chance is worth when times are compared: less, the less is known of it. A time at which the contact has answered is preferred to one
 * that may be better or worse. Never negative, so that it can be discounted.
 */
export function cautious({ mean, variance }: Chance): number {
  return Math.max(mean - caution * Math.sqrt(variance), 0)
}

/** What is believed about one contact: when and how readily it answers on each channel. */
export interface ReplyChances {
  /** The chance that a message on the channel at a local weekday (0 is Sunday) and hour (0 to 23) is answered. */
  at(channel: Channel, weekday: number, hour: number): Chance
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
      const variance = (square[index] ?? 0) - (mean[index] ?? 0) ** 2
      const expected = Math.min(overall + belief * (certain - overall), mostCertain)
      return { mean: certain, variance: Math.min(Math.max(variance, 1e-9), certain * (1 - certain)), expected }
    },
    anyTime: (channel) => Math.min(tableOf(channel).overall, mostCertain),
  }
}

/** By weekday and hour, the mean of the chance and the mean of its square; and the mean over all times. */
interface ChannelTable {
  readonly mean: Float64Array
  readonly square: Float64Array
  readonly overall: number
}

function tabulate(posterior: Posterior, habits: Habits, channel: Channel): ChannelTable {
  const { weeks, tastes } = habits
  const known = posterior.channels.find((one) => one.channel === channel)
  const joint = posterior.joint.get(channel) ?? unseen(posterior, habits, channel)
  const [mean, square] = [new Float64Array(daysOfWeek * hoursOfDay), new Float64Array(daysOfWeek * hoursOfDay)]
  const [first, second, effective] = [new Float64Array(hoursOfDay), new Float64Array(hoursOfDay), new Float64Array(hoursOfDay)]
  const levelsOf = levelsByBestHour(habits, channel)
  let overall = 0
  for (const [week, { levels }] of weeks.entries()) {
    if (known !== undefined) effectiveTries(known, levels, effective)
    first.fill(0)
    second.fill(0)
    for (const [taste, kind] of tastes.entries()) {
      const prior = rateOf(kind, channel)
      const base = (taste * weeks.length + week) * hoursOfDay
      for (let best = 0; best < hoursOfDay; best += 1) {
        const probability = joint[base + best] ?? 0
        if (probability < 1e-6) continue
        const rate = posteriorRate(prior, known?.answers ?? 0, effective[best] ?? 0)
        first[best] = (first[best] ?? 0) + probability * rate.mean
        second[best] = (second[best] ?? 0) + probability * (rate.variance + rate.mean ** 2)
        overall += probability * rate.mean
      }
    }
    for (let hour = 0; hour < hoursOfDay; hour += 1) {
      let [ofHour, ofSquare] = [0, 0]
      for (let best = 0; best < hoursOfDay; best += 1) {
        const level = levelsOf[hour * hoursOfDay + best] ?? 1
        ofHour += (first[best] ?? 0) * level
        ofSquare += (second[best] ?? 0) * level * level
      }
      for (let weekday = 0; weekday < daysOfWeek; weekday += 1) {
        const level = levels[weekday] ?? 1
        const index = weekday * hoursOfDay + hour
        mean[index] = (mean[index] ?? 0) + ofHour * level
        square[index] = (square[index] ?? 0) + ofSquare * level * level
      }
    }
  }
  return { mean, square, overall }
}

/** How readily a contact answers on a channel at each hour under each best hour, as a multiple of its average: index hour × 24 + best hour. */
function levelsByBestHour({ profile, curves, clocks }: Habits, channel: Channel): Float64Array {
  const curve = curves.get(channel)
  const levels = new Float64Array(hoursOfDay * hoursOfDay)
  for (let hour = 0; hour < hoursOfDay; hour += 1) {
    const usual = curve?.[hour] ?? 1
    const onClock = hourOnClock(clocks, channel, hour)
    for (let best = 0; best < hoursOfDay; best += 1)
      levels[hour * hoursOfDay + best] = usual * (profile[(onClock - best + hoursOfDay) % hoursOfDay] ?? 1)
  }
  return levels
}

/** The distribution of the best hour on a channel that the contact was never written to on. */
function unseen({ shared, apart }: Posterior, habits: Habits, channel: Channel): Float64Array {
  const usual = habits.bestHoursOn.get(channel) ?? habits.bestHours
  const joint = new Float64Array(shared.length)
  for (let index = 0; index < joint.length; index += 1)
    joint[index] = (shared[index] ?? 0) + (apart[Math.floor(index / hoursOfDay)] ?? 0) * (usual[index % hoursOfDay] ?? 0)
  return joint
}

/** Counts what is left of evidence that is not fresh. Learning habits takes it whole: what it says of the contact's time then stays true. */
function aged({ cells, freshness }: Evidence): Evidence {
  return { cells: cells.map((cell) => ({ ...cell, tries: cell.tries * freshness, answers: cell.answers * freshness })), freshness: 1 }
}

/** The mean rate of an organization's contacts on a channel. */
export function usualRate(habits: Habits, channel: Channel): number {
  return habits.tastes.reduce((sum, taste) => sum + taste.share * rateOf(taste, channel).mean, 0)
}
