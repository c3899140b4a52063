import { z } from 'zod'
import { InvalidInput } from './errors.ts'
import { shorten } from './text.ts'

/** Returns the current time. Code that depends on the time gets a clock as an argument, so that a test can stop it. */
export type Clock = () => Date

const dateTime = z.iso.datetime({ offset: true })
const date = z.iso.date()

/**
 * Accepts an ISO 8601 date-time with its offset (`2026-03-01T09:30:00Z`).
 * @throws InvalidInput for any other text, days that do not exist (February 30) included
 */
export function parseDateTime(text: string, field: string): Date {
  if (dateTime.safeParse(text).success) return inRange(new Date(text), text, field)
  throw new InvalidInput('This is not a date-time.', {
    field,
    value: shorten(text),
    expected: 'an ISO 8601 date-time with its offset, such as 2026-03-01T09:30:00Z',
  })
}

/** Accepts what {@link parseDateTime} does, or a date, which stands for its first instant in UTC. @throws InvalidInput */
export function parseDateOrDateTime(text: string, field: string): Date {
  if (date.safeParse(text).success) return inRange(new Date(`${text}T00:00:00Z`), text, field)
  if (dateTime.safeParse(text).success) return inRange(new Date(text), text, field)
  throw new InvalidInput('This is neither a date nor a date-time.', {
    field,
    value: shorten(text),
    expected: 'an ISO 8601 date or date-time, such as 2026-03-01 or 2026-03-01T09:30:00Z',
  })
}

function inRange(moment: Date, text: string, field: string): Date {
  const year = moment.getUTCFullYear()
  if (year >= 1 && year <= 9999) return moment
  throw new InvalidInput('This date is out of range.', { field, value: shorten(text), expected: 'a year from 1 to 9999' })
}
