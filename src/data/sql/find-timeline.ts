import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import { type Call, type Event, type Message, Prisma, type Ticket } from '../generated/client.ts'
import { keyset } from './keyset.ts'

export interface TimelineQuery {
  readonly organizationId: string
  readonly kinds: readonly (keyof typeof kinds)[]
  /** Inclusive. */
  readonly from: Date | null
  /** Exclusive. */
  readonly to: Date | null
  readonly page: PageRequest
}

export interface TimelineOfContact {
  readonly entries: (Message | Call | Ticket | Event)[]
  readonly total: number | null
}

/** The columns of each kind beside those that all have, under the names that Prisma gives them. */
const kinds = {
  message: {
    table: Prisma.sql`messages`,
    columns: Prisma.sql`a.channel, a.direction, a.category, a.status, a.routed_to as "routedTo", a.subject, a.body,
      a.sent_at as "sentAt", a.delivered_at as "deliveredAt", a.read_at as "readAt"`,
  },
  call: {
    table: Prisma.sql`calls`,
    columns: Prisma.sql`a.direction, a.status, a.duration_seconds as "durationSeconds", a.recording_url as "recordingUrl"`,
  },
  ticket: {
    table: Prisma.sql`tickets`,
    columns: Prisma.sql`a.subject, a.status, a.status_at as "statusAt", a.priority, a.first_reply_at as "firstReplyAt",
      a.closed_at as "closedAt"`,
  },
  event: { table: Prisma.sql`events`, columns: Prisma.sql`a.name, a.properties` },
}
