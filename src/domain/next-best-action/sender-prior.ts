import { type Cell, daysOfWeek, type Evidence, hoursOfDay } from './evidence.ts'
import { assumed, assumedHabits, type Habits, hours, scaled, type Week } from './habits.ts'
import { varietyOf } from './variety.ts'

/**
 * What is assumed of an organization before its contacts' answers are looked at. One that sends at one hour or on one weekday only has its
 * reasons, and its contacts cannot show that another time is better: the less its times vary, the more they are assumed to be good ones.
 */
export function assumedOfSender(contacts: readonly Evidence[]): Habits {
  const habits = assumedHabits()
  const cells = contacts.flatMap((evidence) => evidence.cells)
  // Messages that were sent just now weigh nothing yet.
  if (!cells.some(({ tries }) => tries > 0)) return habits
  const { ofHours, ofWeekdays } = varietyOf(cells)
  const atHours = scaled(
    sharesOf(cells, ({ hour }) => hour, hoursOfDay),
    1,
  )
  const onDays = scaled(
    sharesOf(cells, ({ weekday }) => weekday, daysOfWeek),
    1,
  )
  const trust = assumed.reasons * (1 - ofHours)
  return {
    ...habits,
    bestHours: hours.map((hour) => (1 - trust) * (habits.bestHours[hour] ?? 0) + trust * nearby(atHours, hour)),
    weeks: weeksOf(habits.weeks, onDays, assumed.reasons * (1 - ofWeekdays)),
  }
}

function sharesOf(cells: readonly Cell[], part: (cell: Cell) => number, length: number): number[] {
  const shares = Array.from({ length }, () => 0)
  for (const cell of cells) shares[part(cell)] = (shares[part(cell)] ?? 0) + cell.tries
  return shares
}

/** The share of an hour and its neighbours. */
function nearby(shares: readonly number[], hour: number): number {
  return [0.1, 0.2, 0.4, 0.2, 0.1].reduce(
    (sum, weight, index) => sum + weight * (shares[(hour + index - 2 + hoursOfDay) % hoursOfDay] ?? 0),
    0,
  )
}

/** Contacts that prefer one weekday are assumed to prefer those on which the organization sends. */
function weeksOf(weeks: readonly Week[], onDays: readonly number[], trust: number): Week[] {
  const fans = weeks.filter(({ favourite }) => favourite !== null)
  const share = fans.reduce((sum, week) => sum + week.share, 0)
  return weeks.map((week) => {
    if (week.favourite === null) return week
    const of = (1 - trust) * week.share + trust * share * (onDays[week.favourite] ?? 0)
    return { ...week, share: of, assumedShare: of }
  })
}
