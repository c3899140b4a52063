import type { Ticket, TicketPriority, TicketStatus } from '../../data/generated/client.ts'
import { InvalidInput, MissingRequiredField } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { parseText } from '../../kernel/text.ts'
import { maxSubjectLength } from './messages.ts'
import { earlier, isDone, parseExternalId, parseMoment, parseOptionalMoment, ticketProgress } from './rules.ts'
import type { ActivityInput, Retold, Telling } from './telling.ts'

export interface TicketInput extends ActivityInput {
  readonly subject: string
  /** Default: `closed` if a closing time is given, else `open` for a new ticket. */
  readonly status?: TicketStatus | null | undefined
  /** When the ticket reached this status. Default: when it was closed, else when it was opened. */
  readonly statusAt?: Date | null | undefined
  /** Default for a new ticket: `normal`. */
  readonly priority?: TicketPriority | null | undefined
  readonly firstReplyAt?: Date | null | undefined
  readonly closedAt?: Date | null | undefined
}

type Told = ReturnType<typeof parse>

/** Parses the report of a ticket. @throws InvalidInput, MissingRequiredField */
export function parseTicket(input: TicketInput, now: Date): Telling<Ticket> {
  const told = parse(input, now)
  return {
    externalId: told.externalId,
    reservation: null,
    begin: ({ organizationId, contactId, now }) => ({
      ...told,
      organizationId,
      id: newId('ticket'),
      contactId,
      status: told.status ?? 'open',
      priority: told.priority ?? 'normal',
      createdAt: now,
      updatedAt: now,
    }),
    goOn: (ticket) => goOn(told, ticket),
  }
}

function parse(input: TicketInput, now: Date) {
  const subject = parseText(input.subject, 'subject', { max: maxSubjectLength })
  if (subject === null) {
    throw new MissingRequiredField('A ticket needs a subject.', { field: 'subject', expected: `1 to ${maxSubjectLength} characters` })
  }
  const occurredAt = parseMoment(input.occurredAt, 'occurredAt', now)
  const closedAt = parseOptionalMoment(input.closedAt, 'closedAt', now)
  const status = input.status ?? (closedAt === null ? null : 'closed')
  if (closedAt !== null && status !== null && !isDone(status)) {
    throw new InvalidInput(`A ticket that is ${status} has not been closed.`, {
      field: 'closedAt',
      value: closedAt.toISOString(),
      expected: 'nothing, or the status solved or closed',
    })
  }
  return {
    externalId: parseExternalId(input.externalId),
    occurredAt,
    subject,
    status,
    statusAt: parseOptionalMoment(input.statusAt, 'statusAt', now) ?? closedAt ?? occurredAt,
    priority: input.priority ?? null,
    firstReplyAt: parseOptionalMoment(input.firstReplyAt, 'firstReplyAt', now),
    closedAt,
  }
}

/**
 * The status with the later time counts, and at the same time the further one; so the order of reports does not matter.
 * Old news fills in what is unknown and replaces nothing.
 */
function goOn(told: Told, ticket: Ticket): Retold<Ticket> {
  const behind = told.status !== null && isBehind(told.status, told.statusAt, ticket)
  const status = behind ? ticket.status : (told.status ?? ticket.status)
  return {
    row: {
      ...ticket,
      subject: behind ? ticket.subject : told.subject,
      status,
      statusAt: behind || told.status === null ? ticket.statusAt : told.statusAt,
      priority: behind ? ticket.priority : (told.priority ?? ticket.priority),
      firstReplyAt: earlier(ticket.firstReplyAt, told.firstReplyAt),
      closedAt: isDone(status) ? (behind ? (ticket.closedAt ?? told.closedAt) : (told.closedAt ?? ticket.closedAt)) : null,
    },
    ignored: behind
      ? `The ticket is ${ticket.status} since ${ticket.statusAt.toISOString()}: ${told.status} at ${told.statusAt.toISOString()} ` +
        'comes before that and was ignored. Say statusAt if it came later.'
      : null,
  }
}

function isBehind(status: TicketStatus, statusAt: Date, ticket: Ticket): boolean {
  if (statusAt.getTime() !== ticket.statusAt.getTime()) return statusAt < ticket.statusAt
  return ticketProgress[status] < ticketProgress[ticket.status]
}
