import type { ReadDb } from '../database.ts'
import type { Channel, Direction, MessageCategory } from '../generated/client.ts'
import { idArray } from './id-array.ts'

/** A message, an outbound call or a reservation. */
export interface TrafficRow {
  readonly contactId: string
  readonly direction: Direction
  readonly channel: Channel
  /** Null for a call, whose purpose is not recorded, and for what came in. */
  readonly category: MessageCategory | null
  readonly occurredAt: Date
  readonly isReservation: boolean
  /** When a reservation expires; null for what was sent. */
  readonly expiresAt: Date | null
}

/** Which traffic is read. */
export interface TrafficQuery {
  /** What was sent after this. */
  readonly sentAfter: Date
  /** What came in after this. */
  readonly receivedAfter: Date
  /** Reservations that are held then; a time ahead of it counts as now. */
  readonly now: Date
}

/**
 * What was sent to each of several contacts, what they wrote, and the slots that are reserved for them; one statement. A message that failed
 * was not delivered and is left out; one that waits to be sent counts. Clocks of senders may be ahead: an activity counts from when it was
 * recorded at the latest.
 */
export async function selectTraffic(
  db: ReadDb,
  organizationId: string,
  contactIds: readonly string[],
  { sentAfter, receivedAfter, now }: TrafficQuery,
): Promise<TrafficRow[]> {
  const after = sentAfter < receivedAfter ? sentAfter : receivedAfter
  return db.sql<TrafficRow[]>`
    select m.contact_id as "contactId", m.direction, m.channel,
      case m.direction when 'outbound' then coalesce(m.category, 'service') end as category,
      least(m.occurred_at, m.created_at, ${now}::timestamptz) as "occurredAt", false as "isReservation", null::timestamptz as "expiresAt"
    from messages m
    where m.organization_id = ${organizationId} and m.contact_id = any(${idArray(contactIds)}) and m.occurred_at > (select ${after}::timestamptz)
      and case m.direction
        when 'outbound' then m.status <> 'failed' and m.occurred_at > ${sentAfter}::timestamptz
        else m.routed_to is distinct from 'spam' and not m.is_automatic and m.occurred_at > ${receivedAfter}::timestamptz
      end
    union all
    select c.contact_id, c.direction, 'voice'::channel, null, least(c.occurred_at, c.created_at, ${now}::timestamptz), false, null
    from calls c
    where c.organization_id = ${organizationId} and c.contact_id = any(${idArray(contactIds)}) and c.occurred_at > (select ${sentAfter}::timestamptz)
      and c.direction = 'outbound'
    union all
    select r.contact_id, 'outbound'::direction, r.channel, r.category, r.occurs_at, true, r.expires_at
    from send_reservations r
    where r.organization_id = ${organizationId} and r.contact_id = any(${idArray(contactIds)}) and r.expires_at > ${now}::timestamptz
      and r.used_at is null and r.released_at is null`
}
