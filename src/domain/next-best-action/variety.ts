import { type Cell, daysOfWeek, hoursOfDay } from './evidence.ts'

/** How much tries differ in their hours and weekdays: 0 if all are alike, 1 if they are spread evenly. */
interface Variety {
  readonly ofHours: number
  readonly ofWeekdays: number
}

/**
 * How much tries differ in time: the circular variance 1 − R² of their hours and weekdays (Mardia and Jupp 2000, Directional Statistics, 2.3).
 * Tries at one hour only say nothing about which hours are good: everything that is believed of that fits them alike.
 */
export function varietyOf(cells: Iterable<Cell>): Variety {
  const [hours, weekdays] = [new Float64Array(hoursOfDay), new Float64Array(daysOfWeek)]
  for (const { hour, weekday, tries } of cells) {
    hours[hour] = (hours[hour] ?? 0) + tries
    weekdays[weekday] = (weekdays[weekday] ?? 0) + tries
  }
  return { ofHours: circularVariance(hours), ofWeekdays: circularVariance(weekdays) }
}

function circularVariance(tries: Float64Array): number {
  let [sum, cosines, sines] = [0, 0, 0]
  for (const [index, of] of tries.entries()) {
    const angle = (2 * Math.PI * index) / tries.length
    sum += of
    cosines += of * Math.cos(angle)
    sines += of * Math.sin(angle)
  }
  return sum > 0 ? Math.max(1 - (cosines ** 2 + sines ** 2) / sum ** 2, 0) : 0
}
