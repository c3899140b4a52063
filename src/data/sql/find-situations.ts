import type { ReadDb } from '../database.ts'
import type { Channel, TicketPriority } from '../generated/client.ts'
import { listed } from './listed.ts'

/** What is going on with a contact, as far as it asks for something to be done. */
export interface SituationRow {
  readonly contactId: string
  /** The latest message from the contact, spam left out. */
  readonly inboundChannel: Channel | null
  readonly inboundAt: Date | null
  /** The latest message to the contact, failed ones left out. */
  readonly outboundAt: Date | null
  /** Messages to the contact within the last seven days. */
  readonly outboundLately: number
  /** The latest call from the contact that nobody took. */
  readonly missedCallAt: Date | null
  /** The latest call to the contact, or one from it that was taken. */
  readonly calledAt: Date | null
  /** Of the tickets that are not solved, the most urgent one, and of equals the oldest. */
  readonly ticketSubject: string | null
  readonly ticketPriority: TicketPriority | null
  readonly ticketAt: Date | null
  readonly openTickets: number
  /** When a ticket was last closed. */
  readonly solvedAt: Date | null
  /** When the contact last ordered something: an event named `order_placed`. */
  readonly orderedAt: Date | null
  /** When the contact came to its stage; null if it has always been there. */
  readonly stageSince: Date | null
}

/** The situation of each of several contacts at a moment, in one statement. */
export async function selectSituations(
  db: ReadDb,
  organizationId: string,
  contactIds: readonly string[],
  now: Date,
): Promise<SituationRow[]> {
  return db.$queryRaw<SituationRow[]>`
    select wanted.id as "contactId",
      i.channel as "inboundChannel", i.occurred_at as "inboundAt",
      (select max(m.occurred_at) from messages m
        where m.organization_id = ${organizationId} and m.contact_id = wanted.id and m.occurred_at <= ${now}
          and m.direction = 'outbound' and m.status <> 'failed') as "outboundAt",
      (select count(*)::int from messages m
        where m.organization_id = ${organizationId} and m.contact_id = wanted.id
          and m.occurred_at > ${now}::timestamptz - interval '7 days' and m.occurred_at <= ${now}
          and m.direction = 'outbound' and m.status <> 'failed') as "outboundLately",
      c.missed_at as "missedCallAt", c.called_at as "calledAt",
      t.subject as "ticketSubject", t.priority as "ticketPriority", t.occurred_at as "ticketAt",
      s.open as "openTickets", s.solved_at as "solvedAt",
      (select max(e.occurred_at) from events e
        where e.organization_id = ${organizationId} and e.contact_id = wanted.id and e.occurred_at <= ${now}
          and e.name = 'order_placed') as "orderedAt",
      (select max(l.occurred_at) from lifecycle_transitions l
        where l.organization_id = ${organizationId} and l.contact_id = wanted.id) as "stageSince"
    from unnest(${listed(contactIds)}) wanted(id)
    left join lateral (
      select m.channel, m.occurred_at from messages m
      where m.organization_id = ${organizationId} and m.contact_id = wanted.id and m.occurred_at <= ${now}
        and m.direction = 'inbound' and m.routed_to is distinct from 'spam'
      order by m.occurred_at desc, m.id desc limit 1
    ) i on true
    left join lateral (
      select max(c.occurred_at) filter (where c.direction = 'inbound' and c.status <> 'answered') as missed_at,
        max(c.occurred_at) filter (where c.direction = 'outbound' or c.status = 'answered') as called_at
      from calls c
      where c.organization_id = ${organizationId} and c.contact_id = wanted.id and c.occurred_at <= ${now}
    ) c on true
    left join lateral (
      select t.subject, t.priority, t.occurred_at from tickets t
      where t.organization_id = ${organizationId} and t.contact_id = wanted.id and t.occurred_at <= ${now}
        and t.status in ('open', 'pending')
      order by t.priority desc, t.occurred_at, t.id limit 1
    ) t on true
    left join lateral (
      select count(*) filter (where t.status in ('open', 'pending'))::int as open,
        max(t.closed_at) filter (where t.status in ('solved', 'closed') and t.closed_at <= ${now}) as solved_at
      from tickets t
      where t.organization_id = ${organizationId} and t.contact_id = wanted.id and t.occurred_at <= ${now}
    ) s on true`
}
