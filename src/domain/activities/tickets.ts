import type { Ticket, TicketPriority, TicketStatus } from '../../data/generated/client.ts'
import { InvalidInput, MissingRequiredField } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { parseText } from '../../kernel/text.ts'
import { maxSubjectLength } from './messages.ts'
import { earlier, isDone, parseExternalId, parseInstant, parseOptionalInstant, ticketProgress } from './rules.ts'
import type { ActivityInput, UpdatedRow, ActivityReport } from './report.ts'

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

type ReportedFields = ReturnType<typeof parse>

/** Parses the report of a ticket. @throws InvalidInput, MissingRequiredField */
export function parseTicket(input: TicketInput, now: Date): ActivityReport<Ticket> {
  const reported = parse(input, now)
  return {
    externalId: reported.externalId,
    reservation: null,
    create: ({ organizationId, contactId, now }) => ({
      ...reported,
      organizationId,
      id: newId('ticket'),
      contactId,
      status: reported.status ?? 'open',
      priority: reported.priority ?? 'normal',
      createdAt: now,
      updatedAt: now,
    }),
    update: (ticket) => update(reported, ticket),
  }
}

function parse(input: TicketInput, now: Date) {
  const subject = parseText(input.subject, 'subject', { max: maxSubjectLength })
  if (subject === null) {
    throw new MissingRequiredField('A ticket needs a subject.', { field: 'subject', expected: `1 to ${maxSubjectLength} characters` })
  }
  const occurredAt = parseInstant(input.occurredAt, 'occurredAt', now)
  const closedAt = parseOptionalInstant(input.closedAt, 'closedAt', now)
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
    statusAt: parseOptionalInstant(input.statusAt, 'statusAt', now) ?? closedAt ?? occurredAt,
    priority: input.priority ?? null,
    firstReplyAt: parseOptionalInstant(input.firstReplyAt, 'firstReplyAt', now),
    closedAt,
  }
}

/**
 * The status with the later time counts, and at the same time the further one; so the order of reports does not matter.
 * Old news fills in what is unknown and replaces nothing.
 */
function update(reported: ReportedFields, ticket: Ticket): UpdatedRow<Ticket> {
  const behind = reported.status !== null && isBehind(reported.status, reported.statusAt, ticket)
  const status = behind ? ticket.status : (reported.status ?? ticket.status)
  return {
    row: {
      ...ticket,
      subject: behind ? ticket.subject : reported.subject,
      status,
      statusAt: behind || reported.status === null ? ticket.statusAt : reported.statusAt,
      priority: behind ? ticket.priority : (reported.priority ?? ticket.priority),
      firstReplyAt: earlier(ticket.firstReplyAt, reported.firstReplyAt),
      closedAt: isDone(status) ? (behind ? (ticket.closedAt ?? reported.closedAt) : (reported.closedAt ?? ticket.closedAt)) : null,
    },
    ignored: behind
      ? `The ticket is ${ticket.status} since ${ticket.statusAt.toISOString()}: ${reported.status} at ${reported.statusAt.toISOString()} ` +
        'comes before that and was ignored. Say statusAt if it came later.'
      : null,
  }
}

function isBehind(status: TicketStatus, statusAt: Date, ticket: Ticket): boolean {
  if (statusAt.getTime() !== ticket.statusAt.getTime()) return statusAt < ticket.statusAt
  return ticketProgress[status] < ticketProgress[ticket.status]
}
