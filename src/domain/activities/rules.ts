import type { CallStatus, MessageStatus, TicketStatus } from '../../data/generated/client.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { parseText } from '../../kernel/text.ts'

/** The most activities that one batch has. */
export const maxActivities = 1000

/** How far the clocks of callers may be ahead of ours, in milliseconds. */
const clockSkew = 5 * 60 * 1000

/**
 * How far an outbound message has come. Reports arrive in any order and more than once: the furthest one counts, whenever it
 * comes in. A message that failed does not become queued or sent again; but a receipt proves that it arrived after all.
 */
export const messageProgress: Readonly<Record<MessageStatus, number>> = {
  queued: 0,
  sent: 1,
  failed: 2,
  delivered: 3,
  read: 4,
  // What came in has arrived: an inbound message is received and never anything else.
  received: 0,
}

/**
 * How much a report says about a call. Telephone systems report one leg at a time: a call that one desk missed another one
 * answers, and a voicemail is left after a call was not answered. A busy line says more than an unanswered call.
 */
export const callProgress: Readonly<Record<CallStatus, number>> = { no_answer: 0, busy: 1, missed: 2, voicemail: 3, answered: 4 }

/**
 * How far a ticket has come, where two reports have the same time. Otherwise the later one counts: a ticket may be opened
 * again, so that no status is behind another for good.
 */
export const ticketProgress: Readonly<Record<TicketStatus, number>> = { open: 0, pending: 1, solved: 2, closed: 3 }

/** Whether a ticket in this status needs nothing more from us. */
export function isDone(status: TicketStatus): boolean {
  return status === 'solved' || status === 'closed'
}

/** Parses a time at which something happened: since 1970, and not in the future but for five minutes of clock skew. @throws InvalidInput */
export function parseInstant(instant: Date, field: string, now: Date): Date {
  if (instant.getTime() < 0) {
    throw new InvalidInput(`${field} is ${instant.toISOString()}, which is before 1970.`, {
      field,
      value: instant.toISOString(),
      expected: 'a time since 1970',
    })
  }
  if (instant.getTime() > now.getTime() + clockSkew) {
    throw new InvalidInput(`${field} is ${instant.toISOString()}, which is in the future: only what has happened is recorded.`, {
      field,
      value: instant.toISOString(),
      expected: 'a time in the past',
    })
  }
  return instant
}

/** Parses a time that may be unknown: absence and null are the same. @throws InvalidInput */
export function parseOptionalInstant(instant: Date | null | undefined, field: string, now: Date): Date | null {
  return instant instanceof Date ? parseInstant(instant, field, now) : null
}

/** Accepts the id that the sending system has given; null if it has none. @throws InvalidInput */
export function parseExternalId(text: string | null | undefined): string | null {
  if (typeof text !== 'string') return null
  const id = parseText(text, 'externalId', { max: 200 })
  if (id !== null) return id
  throw new InvalidInput('The external id is empty.', { field: 'externalId', value: text, expected: '1 to 200 characters, or nothing' })
}

/** Accepts the address of something on the web. @throws InvalidInput */
export function parseWebAddress(text: string | null | undefined, field: string): string | null {
  const address = typeof text === 'string' ? parseText(text, field, { max: 2048 }) : null
  if (address === null) return null
  if (URL.canParse(address) && ['http:', 'https:'].includes(new URL(address).protocol)) return address
  throw new InvalidInput(`${field} is not the address of something on the web.`, {
    field,
    value: address,
    expected: 'an http or https address',
  })
}

/** The earlier of two times, of which either may be unknown: of several receipts the first one counts. */
export function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other
  return one <= other ? one : other
}
