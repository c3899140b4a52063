import type { Channel, Direction, FailureReason, Message, MessageCategory, MessageStatus } from '../../data/generated/client.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { parseText } from '../../kernel/text.ts'
import { ContactBlocked } from '../blocking/errors.ts'
import { addressKindOf, parseAddress } from '../consent/channels.ts'
import type { Keyword } from '../consent/keywords.ts'
import { ExternalIdTaken } from './errors.ts'
import { isAutomaticSubject } from './automatic-replies.ts'
import { parseReservation } from './reservations.ts'
import { earlier, messageProgress, parseExternalId, parseInstant, parseOptionalInstant } from './rules.ts'
import type { ActivityInput, Owner, ReportedOptOut, UpdatedRow, ActivityReport } from './report.ts'

export const maxSubjectLength = 500
const maxBodyLength = 100_000

export interface MessageInput extends ActivityInput {
  readonly channel: Channel
  readonly direction: Direction
  /** Outbound only. Default: `service`. */
  readonly category?: MessageCategory | null | undefined
  /** The reservation whose slot of the frequency caps it takes; outbound only. */
  readonly reservationId?: string | null | undefined
  /** Default: the furthest status that the times below prove, at least `sent`, or `received` if inbound. */
  readonly status?: MessageStatus | null | undefined
  /** Outbound only: whether a machine sent it. Default: false. */
  readonly isAutomated?: boolean | null | undefined
  /** Inbound only: whether a machine wrote it. Default: whether the subject is one of an automatic reply. */
  readonly isAutomatic?: boolean | null | undefined
  readonly subject?: string | null | undefined
  readonly body?: string | null | undefined
  readonly sentAt?: Date | null | undefined
  readonly deliveredAt?: Date | null | undefined
  readonly readAt?: Date | null | undefined
  /** The address that it went to or came from. Default: that of its reservation, else the contact's primary one for the channel. */
  readonly address?: string | null | undefined
  /** Why an outbound message did not arrive, or that the person complained about it. */
  readonly failureReason?: FailureReason | null | undefined
}

/** What of an organization decides how messages are read. */
export interface MessageSettings {
  readonly defaultCountry: string | null
  readonly keywordOf: (channel: Channel, text: string | null) => Keyword | null
}

/** Failures that say that the address cannot be reached. */
export const unreachableReasons: readonly FailureReason[] = ['hard_bounce', 'unreachable']

type ReportedFields = ReturnType<typeof parse>

/** Parses the report of a message. @throws InvalidInput */
export function parseMessage(input: MessageInput, now: Date, settings: MessageSettings): ActivityReport<Message> {
  const reported = parse(input, now, settings)
  const keyword = reported.direction === 'inbound' ? settings.keywordOf(reported.channel, reported.body) : null
  return {
    externalId: reported.externalId,
    mayChangeConsent: keyword !== null || reported.failureReason !== null,
    optOut: optOutOf(reported, keyword, now),
    reservation: parseReservation(input, input.channel, reported.addressKey),
    create: (owner) => create(reported, owner),
    update: (message) => update(reported, message),
  }
}

/** A stop word proves itself by its text. A complaint counts from when it is reported. */
function optOutOf(
  { channel, failureReason, addressKey, occurredAt, body }: ReportedFields,
  keyword: Keyword | null,
  now: Date,
): ReportedOptOut | null {
  if (failureReason === 'complaint') return { channel, origin: 'complaint', text: null, addressKey, occurredAt: now }
  return keyword === 'stop' ? { channel, origin: 'keyword', text: body ?? '', addressKey, occurredAt } : null
}

function parse(input: MessageInput, now: Date, settings: MessageSettings) {
  const inbound = input.direction === 'inbound'
  const times = {
    sentAt: parseOptionalInstant(input.sentAt, 'sentAt', now),
    deliveredAt: parseOptionalInstant(input.deliveredAt, 'deliveredAt', now),
    readAt: parseOptionalInstant(input.readAt, 'readAt', now),
  }
  if (inbound && typeof input.category === 'string') {
    throw new InvalidInput('An inbound message has no category: that is why we send one.', {
      field: 'category',
      value: input.category,
      expected: 'nothing',
    })
  }
  const failureReason = input.failureReason ?? null
  if (inbound && failureReason !== null) {
    throw new InvalidInput('An inbound message has arrived: it has no failure reason.', {
      field: 'failureReason',
      value: failureReason,
      expected: 'nothing',
    })
  }
  const body = parseOptionalText(input.body, 'body', { max: maxBodyLength, multiline: true })
  const isOptOut = failureReason === 'complaint' || (inbound && settings.keywordOf(input.channel, body) === 'stop')
  const status = inbound ? parseInboundStatus(input.status) : parseOutboundStatus(input.status, times)
  return {
    externalId: parseExternalId(input.externalId),
    // An opt-out is not refused for its time: one that is ahead counts as now.
    occurredAt: isOptOut && input.occurredAt > now ? now : parseInstant(input.occurredAt, 'occurredAt', now),
    channel: input.channel,
    direction: input.direction,
    category: input.category ?? null,
    isAutomatic: parseAutomatic(input, inbound),
    // What did not arrive has failed; a complaint says nothing about that.
    status: status === null && failureReason !== null && failureReason !== 'complaint' ? ('failed' as const) : status,
    subject: parseOptionalText(input.subject, 'subject', { max: maxSubjectLength }),
    body,
    ...times,
    addressKey: typeof input.address === 'string' ? parseAddress(input.address, input.channel, settings.defaultCountry, 'address') : null,
    failureReason,
    mayBeOptOut: inbound && settings.keywordOf(input.channel, body) === 'mentions_stop',
  }
}

/** Each direction has its own word for it; null if neither is used. */
function parseAutomatic({ isAutomated, isAutomatic }: MessageInput, inbound: boolean): boolean | null {
  const [own, other] = inbound ? [isAutomatic, isAutomated] : [isAutomated, isAutomatic]
  if (typeof other !== 'boolean') return own ?? null
  throw new InvalidInput(
    inbound
      ? 'isAutomated is for outbound messages. Use isAutomatic for an automatic reply.'
      : 'isAutomatic is for inbound messages. Use isAutomated for a message that a machine sends.',
    { field: inbound ? 'isAutomated' : 'isAutomatic', value: other, expected: 'nothing' },
  )
}

function parseOptionalText(text: string | null | undefined, field: string, rule: { max: number; multiline?: boolean }): string | null {
  return typeof text === 'string' ? parseText(text, field, rule) : null
}

function parseInboundStatus(status: MessageStatus | null | undefined): MessageStatus | null {
  if (typeof status !== 'string' || status === 'received') return status ?? null
  throw new InvalidInput(`An inbound message is received; ${status} is what becomes of an outbound one.`, {
    field: 'status',
    value: status,
    expected: 'received, or nothing',
  })
}

/** The status that was said, or the one that the times prove if that is further; null if neither says anything. */
function parseOutboundStatus(
  status: MessageStatus | null | undefined,
  times: { readonly sentAt: Date | null; readonly deliveredAt: Date | null; readonly readAt: Date | null },
): MessageStatus | null {
  if (status === 'received') {
    throw new InvalidInput('An outbound message is not received by us.', {
      field: 'status',
      value: status,
      expected: 'queued, sent, delivered, read or failed',
    })
  }
  const proven = times.readAt !== null ? 'read' : times.deliveredAt !== null ? 'delivered' : times.sentAt !== null ? 'sent' : null
  if (typeof status !== 'string' || proven === null) return status ?? proven
  return messageProgress[proven] > messageProgress[status] ? proven : status
}

/** A blocked contact gets nothing from us, and what comes from it is filed under spam. */
function create(reported: ReportedFields, { organizationId, contactId, isBlocked, phoneKey, emailKey, reservedKey, now }: Owner): Message {
  const inbound = reported.direction === 'inbound'
  const kind = addressKindOf(reported.channel)
  if (isBlocked && !inbound) throw new ContactBlocked(contactId)
  return {
    ...reported,
    organizationId,
    id: newId('message'),
    contactId,
    category: inbound ? null : (reported.category ?? 'service'),
    status: reported.status ?? (inbound ? 'received' : 'sent'),
    isAutomatic: reported.isAutomatic ?? (inbound && isAutomaticSubject(reported.subject)),
    resolvedAt: null,
    routedTo: inbound ? (isBlocked ? 'spam' : 'inbox') : null,
    addressKey: reported.addressKey ?? reservedKey ?? (kind === 'phone' ? phoneKey : kind === 'email' ? emailKey : null),
    createdAt: now,
    updatedAt: now,
  }
}

/** The furthest status counts, and the first of each time. Old news fills in what is unknown and replaces nothing. */
function update(reported: ReportedFields, message: Message): UpdatedRow<Message> {
  if (reported.channel !== message.channel || reported.direction !== message.direction) {
    throw new ExternalIdTaken('message', message.externalId, 'another channel or direction')
  }
  const behind = reported.status !== null && messageProgress[reported.status] < messageProgress[message.status]
  const said = <Value>(before: Value | null, now: Value | null): Value | null => (behind ? (before ?? now) : (now ?? before))
  const hasArrived = reported.status !== null && !behind && (reported.status === 'delivered' || reported.status === 'read')
  return {
    row: {
      ...message,
      category: said(message.category, reported.category),
      status: behind ? message.status : (reported.status ?? message.status),
      isAutomatic:
        reported.isAutomatic ?? (message.isAutomatic || (message.direction === 'inbound' && isAutomaticSubject(reported.subject))),
      subject: said(message.subject, reported.subject),
      body: said(message.body, reported.body),
      sentAt: earlier(message.sentAt, reported.sentAt),
      deliveredAt: earlier(message.deliveredAt, reported.deliveredAt),
      readAt: earlier(message.readAt, reported.readAt),
      // A bounce or a complaint may be reported after a receipt, and counts all the same; a receipt refutes an earlier bounce.
      failureReason: reported.failureReason ?? (hasArrived && message.failureReason !== 'complaint' ? null : message.failureReason),
      mayBeOptOut: message.mayBeOptOut || (message.body === null && reported.mayBeOptOut),
    },
    ignored: behind ? `The message is ${message.status} already: ${reported.status} comes before that and was ignored.` : null,
  }
}
