import { type ChannelClocks, hourOnClock } from './channel-clocks.ts'
import { type Evidence, hoursOfDay } from './evidence.ts'
import { type Habits, hours, scaled } from './habits.ts'

/** The share of organizations whose contacts have their best hours close together, and how close: the standard deviation in hours. */
const alike = { share: 0.5, deviation: 2.5 }

/** A guess at the best hours of an organization's contacts, and how readily they then answer at each hour. */
interface Guess {
  readonly weight: number
  readonly bestHours: readonly number[]
  readonly levels: readonly number[]
}

/**
 * Whether an organization's contacts are like those of any other, or have their best hours close together around some hour of the day, such as
 * the evening: the guesses are weighed by how well they explain at which of the hours that were tried the contacts answered. A contact's answers
 * are alike, so those of one contact together count as one.
 * @returns the habits with the mean of the guesses as their best hours
 */
export function withUsualHours(habits: Habits, contacts: readonly Evidence[], clocks: ChannelClocks): Habits {
  const guesses = guessesOf(habits)
  const logs = guesses.map(({ weight }) => Math.log(weight))
  for (const { cells } of contacts) {
    const answers = cells.reduce((sum, cell) => sum + cell.answers, 0)
    if (answers === 0) continue
    for (const [index, { levels }] of guesses.entries()) {
      let [fit, expected] = [0, 0]
      for (const cell of cells) {
        const level = levels[hourOnClock(clocks, cell.channel, cell.hour)] ?? 1
        fit += cell.answers * Math.log(level)
        expected += cell.tries * level
      }
      logs[index] = (logs[index] ?? 0) + (fit - answers * Math.log(expected)) / Math.max(answers, 1)
    }
  }
  const highest = Math.max(...logs)
  const weights = logs.map((log) => Math.exp(log - highest))
  const mean = hours.map((hour) => guesses.reduce((sum, { bestHours }, index) => sum + (weights[index] ?? 0) * (bestHours[hour] ?? 0), 0))
  return { ...habits, bestHours: scaled(mean, 1) }
}

function guessesOf({ bestHours, profile }: Habits): Guess[] {
  const guess = (weight: number, best: readonly number[]): Guess => ({
    weight,
    bestHours: best,
    levels: hours.map((hour) =>
      best.reduce((sum, share, from) => sum + share * (profile[(hour - from + hoursOfDay) % hoursOfDay] ?? 1), 0),
    ),
  })
  return [guess(1 - alike.share, bestHours), ...hours.map((center) => guess(alike.share * (bestHours[center] ?? 0), closeTo(center)))]
}

function closeTo(center: number): number[] {
  return scaled(
    hours.map((hour) => {
      const apart = Math.min((hour - center + hoursOfDay) % hoursOfDay, (center - hour + hoursOfDay) % hoursOfDay)
      return 0.01 + Math.exp(-((apart / alike.deviation) ** 2) / 2)
    }),
    1,
  )
}
