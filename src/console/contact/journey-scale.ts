/** Where things stand on the picture of a journey. Pure, so that it can be tested without a browser. */

export interface TimeRange {
  readonly from: number
  readonly to: number
}

export interface Mark<Entry> {
  readonly x: number
  readonly entries: readonly Entry[]
}

/** A linear scale from time to pixels. */
export function timeScale({ from, to }: TimeRange, width: number): (time: number) => number {
  const span = Math.max(1, to - from)
  return (time) => ((time - from) / span) * width
}

/** Marks of one lane, in the order of time: entries closer than `gap` pixels to the first one of a mark share it. */
export function clustered<Entry>(entries: readonly Entry[], x: (entry: Entry) => number, gap: number): Mark<Entry>[] {
  const marks: { x: number; entries: Entry[] }[] = []
  for (const entry of entries) {
    const at = x(entry)
    const last = marks.at(-1)
    if (last !== undefined && at - last.x < gap) last.entries.push(entry)
    else marks.push({ x: at, entries: [entry] })
  }
  return marks
}

const day = 86_400_000
const steps = [day / 24, day / 4, day, 7 * day]
const monthSteps = [1, 3, 6, 12, 24, 60, 120, 240]

/** Times of the axis: at most `most` and one, a readable step apart; months and years begin on their first day in UTC. */
export function ticks({ from, to }: TimeRange, most: number): number[] {
  const step = steps.find((length) => (to - from) / length <= most)
  if (step !== undefined) {
    const first = Math.ceil(from / step) * step
    return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step)
  }
  const months = (to - from) / (30.4375 * day)
  const size = monthSteps.find((length) => months / length <= most) ?? Math.ceil(months / most)
  const start = new Date(from)
  const [year, month] = [start.getUTCFullYear(), Math.floor(start.getUTCMonth() / size) * size]
  const all = Array.from({ length: Math.ceil(months / size) + 2 }, (_, index) => Date.UTC(year, month + index * size, 1))
  return all.filter((time) => time >= from && time <= to)
}

/** Bars that overlap in time, in rows of which none has two at once; the order is that of their beginnings. At most `most` rows: the last takes the rest. */
export function inRows<Bar extends TimeRange>(bars: readonly Bar[], most: number): { readonly bar: Bar; readonly row: number }[] {
  const ends: number[] = []
  return bars
    .toSorted((one, other) => one.from - other.from)
    .map((bar) => {
      const free = ends.findIndex((end) => end <= bar.from)
      const row = free === -1 ? Math.min(ends.length, most - 1) : free
      ends[row] = Math.max(ends[row] ?? bar.to, bar.to)
      return { bar, row }
    })
}
