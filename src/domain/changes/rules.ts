import type { Place } from '../../data/place.ts'
import { DomainError, InvalidInput } from '../../kernel/errors.ts'
import { shorten } from '../../kernel/text.ts'
import { contactActions } from '../audit/rules.ts'

/** What can happen to a contact. */
export const contactChangeKinds = [...contactActions, 'activity.recorded', 'activity.updated'] as const
export type ContactChangeKind = (typeof contactChangeKinds)[number]

/** What those who watch are told of: what happens to contacts, and how far imports are. */
export type ChangeKind = ContactChangeKind | 'import.progressed'

export function isContactChangeKind(kind: string): kind is ContactChangeKind {
  return contactChangeKinds.some((known) => known === kind)
}

/** How long changes are kept, and so how long somebody may have been away and still miss nothing. */
export const retention = 24 * 60 * 60 * 1000

/** The changes after this event are not kept any more, or never were kept here. */
export class EventIdExpired extends DomainError {
  constructor(eventId: string) {
    super(
      'EVENT_ID_EXPIRED',
      'What happened since this event is not kept any more: changes are kept for 24 hours. Read again what you show, and subscribe without `after`.',
      { field: 'after', value: shorten(eventId), expected: 'the id of an event of the last 24 hours' },
    )
  }
}

/** Writes a place down as the id of an event, with the moment at which it was read. Opaque to callers. */
export function encodeEventId({ next, underWay, parts }: Place, readAt: Date): string {
  const since = (transaction: bigint) => String(next - transaction)
  const begun = [...parts].map(([transaction, id]) => `${since(transaction)}-${id}`)
  const text = [next, [...underWay].map(since), begun, readAt.getTime()]
  return Buffer.from(text.join('.')).toString('base64url')
}

const eventIdForm = /^(\d{1,19})\.((?:\d{1,19}(?:,\d{1,19})*)?)\.((?:\d{1,19}-\d{1,18}(?:,\d{1,19}-\d{1,18})*)?)\.(\d{1,15})$/

/** Reads the id of an event back. @throws InvalidInput for anything else, EventIdExpired for one that is too old */
export function decodeEventId(eventId: string, now: Date): Place {
  const text = eventId.length <= 8192 ? Buffer.from(eventId, 'base64url').toString() : ''
  const [, next, underWay = '', parts = '', readAt] = eventIdForm.exec(text) ?? []
  if (next === undefined || BigInt(next) > maxBigint) {
    throw new InvalidInput('This is not the id of an event.', {
      field: 'after',
      value: shorten(eventId),
      expected: 'the eventId of an event that you have received, unchanged',
    })
  }
  if (Number(readAt) < now.getTime() - retention) throw new EventIdExpired(eventId)
  const before = (since: string) => BigInt(next) - BigInt(since)
  return {
    next: BigInt(next),
    underWay: new Set(listOf(underWay).map(before)),
    parts: new Map(listOf(parts).map((part): [bigint, bigint] => [before(part.split('-')[0] ?? ''), BigInt(part.split('-')[1] ?? '')])),
  }
}

function listOf(text: string): string[] {
  return text === '' ? [] : text.split(',')
}

const maxBigint = 2n ** 63n - 1n
