import type { FeedPosition } from '../../data/feed-position.ts'
import { DomainError, InvalidInput } from '../../kernel/errors.ts'
import type { SecretKeys } from '../../kernel/secret-keys.ts'
import { shorten } from '../../kernel/text.ts'
import type { Clock } from '../../kernel/time.ts'
import { contactActions } from '../audit/rules.ts'

/** What can happen to a contact. */
export const contactChangeKinds = [...contactActions, 'activity.recorded', 'activity.updated'] as const
export type ContactChangeKind = (typeof contactChangeKinds)[number]

/** The kinds of events: changes of contacts, and the progress of imports. */
export type ChangeKind = ContactChangeKind | 'import.progressed'

export function isContactChangeKind(kind: string): kind is ContactChangeKind {
  return contactChangeKinds.some((known) => known === kind)
}

const day = 24 * 60 * 60 * 1000

/** The changes after this event are not kept any more, or never were kept here. */
export class EventIdExpired extends DomainError {
  constructor(eventId: string, keptDays: number) {
    super(
      'EVENT_ID_EXPIRED',
      `What happened since this event is not kept: changes are kept for ${keptDays} days. Read everything again, and go on from its event id.`,
      { field: 'after', value: shorten(eventId), expected: `the id of an event of the last ${keptDays} days` },
    )
  }
}

interface EventIdServices {
  readonly now: Clock
  readonly secretKeys: SecretKeys
  /** How many days changes are kept, and so how long a reader may have been away and still miss nothing. */
  readonly changesKeptDays: number
}

/** The time since which all changes are kept. */
export function keptSince({ now, changesKeptDays }: Pick<EventIdServices, 'now' | 'changesKeptDays'>): Date {
  return new Date(now().getTime() - changesKeptDays * day)
}

/** What event ids are encrypted for. */
const purpose = 'event-id'
/** Event ids have a few lengths only: how many transactions are under way is the business of other organizations too. */
const lengthStep = 48

/**
 * Writes a position among the changes as the id of an event, with the time at which it was read. Encrypted: transaction numbers of the
 * database would reveal how busy all organizations are together.
 */
export function encodeEventId(
  { next, underWay, parts }: FeedPosition,
  { now, secretKeys }: Omit<EventIdServices, 'changesKeptDays'>,
): string {
  const since = (transaction: bigint) => String(next - transaction)
  const startedParts = [...parts].map(([transaction, id]) => `${since(transaction)}-${id}`)
  const text = [next, [...underWay].map(since), startedParts, now().getTime()].join('.')
  return secretKeys.encrypt(purpose, text.padEnd(Math.ceil(text.length / lengthStep) * lengthStep))
}

const eventIdForm = /^(\d{1,19})\.((?:\d{1,19}(?:,\d{1,19})*)?)\.((?:\d{1,19}-\d{1,18}(?:,\d{1,19}-\d{1,18})*)?)\.(\d{1,15})$/

/** Reads the id of an event back. @throws InvalidInput for anything else, EventIdExpired for one that is too old */
export function decodeEventId(eventId: string, services: EventIdServices): FeedPosition {
  const { secretKeys, changesKeptDays } = services
  const text = eventId.length <= 16_384 ? secretKeys.decrypt(purpose, eventId) : null
  const [, next, underWay = '', parts = '', readAt] = eventIdForm.exec(text?.trimEnd() ?? '') ?? []
  if (next === undefined || BigInt(next) > maxBigint) {
    throw new InvalidInput('This is not the id of an event. Send one that an event or a page of changes had as eventId, unchanged.', {
      field: 'after',
      value: shorten(eventId),
      expected: 'the eventId of an event that you have received, unchanged',
    })
  }
  if (Number(readAt) < keptSince(services).getTime()) throw new EventIdExpired(eventId, changesKeptDays)
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
