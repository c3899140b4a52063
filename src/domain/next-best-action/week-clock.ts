import { offsetAt } from '../../kernel/local-time.ts'

import { type Clock, daysOfWeek } from './evidence.ts'

const hour = 60 * 60 * 1000
const day = 24 * hour

/** The weekday and hour on a zone's clocks. */
export function clockOf(zone: string): Clock {
  return (at) => {
    const local = new Date(at.getTime() + offsetAt(zone, at.getTime()))
    return { weekday: local.getUTCDay(), hour: local.getUTCHours() }
  }
}

/** A time at which a message can go out, and what the contact's clocks show then. */
export interface Slot {
  readonly at: Date
  readonly weekday: number
  readonly hour: number
}

/** Local hours at which an agent would write. */
const decent = { from: 8, until: 21 }

/** The beginnings of the decent local hours of the week that follows a time, and that time itself if its hour is decent, in their order. */
export function slotsOfWeek(zone: string, from: Date): Slot[] {
  const start = from.getTime()
  const clock = clockOf(zone)
  const next = start - ((((start + offsetAt(zone, start)) % hour) + hour) % hour) + hour
  const times = [start, ...Array.from({ length: daysOfWeek * 24 }, (_, index) => next + index * hour)]
  // Asking for the offset takes as long as all else: without a change of clocks within the week, one is enough.
  const offset = offsetAt(zone, start)
  const isSteady = offset === offsetAt(zone, start + daysOfWeek * day + hour)
  return times.flatMap((time) => {
    const shown = isSteady ? shownAt(time + offset) : clock(new Date(time))
    return shown.hour >= decent.from && shown.hour < decent.until ? [{ at: new Date(time), ...shown }] : []
  })
}

function shownAt(local: number): { weekday: number; hour: number } {
  const days = Math.floor(local / day)
  // 1 January 1970 was a Thursday.
  return { weekday: (((days + 4) % daysOfWeek) + daysOfWeek) % daysOfWeek, hour: Math.floor((local - days * day) / hour) }
}

/** A time as a person says it where the contact is: "Tuesday 10:00". */
export function weekTime({ weekday, hour: of }: { weekday: number; hour: number }): string {
  return `${weekdays[weekday] ?? ''} ${String(of).padStart(2, '0')}:00`
}

/** A date and time as the contact's clocks show it: "2026-11-30 09:00". */
export function localDateTime(zone: string, at: Date): string {
  return new Date(at.getTime() + offsetAt(zone, at.getTime())).toISOString().slice(0, 16).replace('T', ' ')
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
