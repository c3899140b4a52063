/**
 * The forms of texts that have a meaning as values of attributes. JavaScript and PostgreSQL read these patterns alike: the checks of new values, the index
 * of stored ones and filters go by them.
 */

const day = '[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'

/** A day, such as `2026-02-01`; whether the month has it is checked beside. */
export const dayPattern = `^${day}$`

/** A time with its zone, such as `2026-02-01T09:30:00.5Z` or `2026-02-01T09:30+01:00`. */
export const timePattern = `^${day}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$`

/** An address of the web. */
export const urlPattern = '^[hH][tT][tT][pP][sS]?://[^ \\t\\r\\n/?#]+[^ \\t\\r\\n]*$'

const expressions = { day: new RegExp(dayPattern), time: new RegExp(timePattern), url: new RegExp(urlPattern) }

/** Whether a text is a day of the calendar. */
export function isDay(text: string): boolean {
  return expressions.day.test(text) && hasDay(text)
}

/** Whether a text is a time with its zone. */
export function isTimeWithZone(text: string): boolean {
  return expressions.time.test(text) && hasDay(text)
}

/** Whether a text is an address of the web. */
export function isWebAddress(text: string): boolean {
  return expressions.url.test(text)
}

/** Whether the month has the day that a text begins with. */
function hasDay(text: string): boolean {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text.slice(0, 10)
}
