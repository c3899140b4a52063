import { z } from 'zod'
import { InvalidInput } from './errors.ts'
import { shorten } from './text.ts'

/** Returns the current time. Code that depends on the time gets a clock as an argument, so that a test can stop it. */
export type Clock = () => Date

const dateTime = z.iso.datetime({ offset: true })
const date = z.iso.date()

/**
 * Accepts a date-time with its offset in ISO 8601 (`2026-03-01T09:30:00Z`), also as Python and SQL write it: with a space before the time,
 * an offset without a colon, or microseconds.
 * @throws InvalidInput for any other text, days that do not exist (February 30) included
 */
export function parseDateTime(text: string, field: string): Date {
  const time = readDateTime(text)
  if (time !== null) return inRange(time, text, field)
  throw new InvalidInput('This is not a date-time. Send ISO 8601 with an offset, such as 2026-03-01T09:30:00Z.', {
    field,
    value: shorten(text),
    expected: 'an ISO 8601 date-time with its offset, such as 2026-03-01T09:30:00Z',
  })
}

/**
 * Accepts what {@link parseDateTime} does, a date, which stands for its start in UTC, and a date-time without an offset, which is one in UTC.
 * @throws InvalidInput
 */
export function parseDateOrDateTime(text: string, field: string): Date {
  const trimmed = text.trim()
  const time = date.safeParse(trimmed).success ? new Date(`${trimmed}T00:00:00Z`) : (readDateTime(trimmed) ?? readDateTime(`${trimmed}Z`))
  if (time !== null) return inRange(time, text, field)
  throw new InvalidInput('This is neither a date nor a date-time. Send ISO 8601, such as 2026-03-01 or 2026-03-01T09:30:00Z.', {
    field,
    value: shorten(text),
    expected: 'an ISO 8601 date or date-time, such as 2026-03-01 or 2026-03-01T09:30:00Z',
  })
}

/** Day, time, seconds, and an offset whose plus sign was decoded as a space on its way through a query string. */
const spelling = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?(?:([Zz])|([+\- ])(\d\d):?(\d\d)?)$/

function readDateTime(text: string): Date | null {
  const parts = spelling.exec(text.trim())
  if (parts === null) return null
  const [, day, minutes, seconds = '00', fraction = '0', zulu, sign = '+', offsetHours = '00', offsetMinutes = '00'] = parts
  const offset = zulu === undefined ? `${sign === ' ' ? '+' : sign}${offsetHours}:${offsetMinutes}` : 'Z'
  const written = `${day}T${minutes}:${seconds}.${fraction}${offset}`
  return dateTime.safeParse(written).success ? new Date(written) : null
}

function inRange(instant: Date, text: string, field: string): Date {
  const year = instant.getUTCFullYear()
  if (year >= 1 && year <= 9999) return instant
  throw new InvalidInput('This date is out of range. Send a year from 1 to 9999.', {
    field,
    value: shorten(text),
    expected: 'a year from 1 to 9999',
  })
}
