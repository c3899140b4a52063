import type { Place } from '../../data/sql/find-changes.ts'
import { DomainError, InvalidInput } from '../../kernel/errors.ts'
import { shorten } from '../../kernel/text.ts'

/** What can happen to a contact. */
export const contactChangeKinds = [
  'contact.created',
  'contact.updated',
  'contact.deleted',
  'contact.restored',
  'contact.blocked',
  'contact.unblocked',
  'note.created',
  'note.updated',
  'note.deleted',
  'preference.set',
  'activity.recorded',
  'activity.updated',
] as const
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
export function encodeEventId({ transaction, id }: Place, readAt: Date): string {
  return Buffer.from(`${transaction}.${id}.${readAt.getTime()}`).toString('base64url')
}

/** Reads the id of an event back. @throws InvalidInput for anything else, EventIdExpired for one that is too old */
export function decodeEventId(eventId: string, now: Date): Place {
  const text = eventId.length <= 100 ? Buffer.from(eventId, 'base64url').toString() : ''
  const [, transaction, id, readAt] = /^(\d{1,19})\.(\d{1,19})\.(\d{1,15})$/.exec(text) ?? []
  const place = transaction === undefined || id === undefined ? null : { transaction: BigInt(transaction), id: BigInt(id) }
  if (place === null || place.transaction > maxBigint || place.id > maxBigint) {
    throw new InvalidInput('This is not the id of an event.', {
      field: 'after',
      value: shorten(eventId),
      expected: 'the eventId of an event that you have received, unchanged',
    })
  }
  if (Number(readAt) < now.getTime() - retention) throw new EventIdExpired(eventId)
  return place
}

const maxBigint = 2n ** 63n - 1n

/** Which of two places comes first. */
export function isBefore(one: Place, other: Place): boolean {
  return one.transaction < other.transaction || (one.transaction === other.transaction && one.id < other.id)
}
