import type { ReadDb } from '../database.ts'
import { type Channel, Prisma, type TicketPriority } from '../generated/client.ts'
import { idArray } from './id-array.ts'

/** Something that waits for an answer of the organization, as JSON has it. */
interface OpenRow {
  readonly id: string
  /** When it began to wait: ISO 8601. */
  readonly at: string
}

/** What is going on with a contact, as far as it calls for action. */
export interface SituationRow {
  readonly contactId: string
  /** By channel, the first message that was not answered, and how many there are since. */
  readonly questions: readonly (OpenRow & {
    readonly channel: Channel
    readonly subject: string | null
    readonly body: string | null
    readonly count: number
  })[]
  /** The first call that was missed since one was answered, and how many there are since; none or one. */
  readonly missedCalls: readonly (OpenRow & { readonly count: number })[]
  /** The tickets that wait for the organization, the most urgent first, and of equals the oldest. */
  readonly tickets: readonly (OpenRow & { readonly subject: string; readonly priority: TicketPriority })[]
  /** The channels of the contact's messages of either direction. */
  readonly channels: readonly Channel[]
  /** The channels on which the contact wrote lately. */
  readonly wroteOn: readonly Channel[]
  /** When the contact last wrote, spam and automatic replies left out; null if it never did. */
  readonly inboundAt: Date | null
  /** The latest message to the contact, failed and queued ones left out. */
  readonly outboundAt: Date | null
  /** Messages to the contact within the last seven days. */
  readonly outboundLately: number
  readonly missedCallAt: Date | null
  /** Tickets that are open or pending. */
  readonly unsolvedTickets: number
  /** When a ticket was last closed. */
  readonly solvedAt: Date | null
  /** When the contact last ordered something: an event named `order_placed`. */
  readonly orderedAt: Date | null
  /** When the contact came to its stage; null if it has always been there. */
  readonly stageSince: Date | null
}

export interface SituationsQuery {
  readonly organizationId: string
  readonly now: Date
  /** What seems to happen until then is looked at, and counts from when it was recorded: clocks of senders may be ahead. */
  readonly until: Date
  /** How far back messages, calls and tickets are looked at, in days, and what counts as lately. */
  readonly horizon: number
  readonly lately: number
  /** The most open things of a kind. */
  readonly most: number
  /** A regular expression for texts that need no answer, such as thanks. */
  readonly courtesies: string
}

/** A text message is answered by an RCS message to the same number, and the other way round. */
const conversation = Prisma.raw(`case when m.channel = 'rcs' then 'sms' else m.channel end`)

/**
 * The situation of each of several contacts, in one statement. A message is answered by a later one on its conversation that a person sent
 * as service, by a later call that was answered, or by being resolved; not by marketing, a receipt, a queued or an automated message.
 */
export async function selectSituations(
  db: ReadDb,
  contactIds: readonly string[],
  { organizationId, now, until, horizon, lately, most, courtesies }: SituationsQuery,
): Promise<SituationRow[]> {
  const before = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60 * 1000)
  const time = Prisma.raw(`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`)
  return db.sql<SituationRow[]>`
    select wanted.id as "contactId",
      coalesce(q.list, '[]') as questions, coalesce(c.list, '[]') as "missedCalls", coalesce(t.list, '[]') as tickets,
      coalesce(m.channels, '{}')::text[] as channels, coalesce(m.wrote_on, '{}')::text[] as "wroteOn",
      m.inbound_at as "inboundAt", m.outbound_at as "outboundAt", coalesce(m.outbound_lately, 0)::int as "outboundLately",
      c.missed_at as "missedCallAt", t.unsolved as "unsolvedTickets", t.solved_at as "solvedAt",
      (select max(e.occurred_at) from events e
        where e.organization_id = ${organizationId} and e.contact_id = wanted.id and e.occurred_at <= ${until}
          and e.name = 'order_placed') as "orderedAt",
      (select max(l.occurred_at) from lifecycle_transitions l
        where l.organization_id = ${organizationId} and l.contact_id = wanted.id) as "stageSince"
    from unnest(${idArray(contactIds)}) wanted(id)
    left join lateral (
      select array_agg(distinct m.channel) filter (where m.status <> 'failed') as channels,
        array_agg(distinct m.channel) filter (where m.is_heard and m.occurred_at > ${before(lately)}) as wrote_on,
        max(m.at) filter (where m.is_heard) as inbound_at,
        max(m.at) filter (where m.is_out) as outbound_at,
        count(*) filter (where m.is_out and m.occurred_at > ${before(7)}) as outbound_lately
      from (
        select m.channel, m.status, m.occurred_at, least(m.occurred_at, m.created_at) as at,
          m.direction = 'inbound' and m.routed_to is distinct from 'spam' and not m.is_automatic as is_heard,
          m.direction = 'outbound' and m.status not in ('failed', 'queued') as is_out
        from messages m
        where m.organization_id = ${organizationId} and m.contact_id = wanted.id and m.occurred_at <= ${until}
      ) m
    ) m on true
    left join lateral (
      select max(least(c.occurred_at, c.created_at)) filter (where c.status = 'answered') as answered_at,
        max(least(c.occurred_at, c.created_at)) filter (where c.direction = 'inbound' and c.status <> 'answered') as missed_at
      from calls c
      where c.organization_id = ${organizationId} and c.contact_id = wanted.id and c.occurred_at <= ${until}
    ) answered on true
    left join lateral (
      select answered.missed_at,
        case when count(c.id) > 0 then jsonb_build_array(jsonb_build_object(
          'id', (array_agg(c.id order by c.occurred_at, c.id))[1],
          'at', to_char(min(least(c.occurred_at, c.created_at)) at time zone 'UTC', ${time}), 'count', count(c.id))) end as list
      from calls c
      where c.organization_id = ${organizationId} and c.contact_id = wanted.id and c.occurred_at <= ${until}
        and c.occurred_at > ${before(horizon)} and c.direction = 'inbound' and c.status <> 'answered' and c.resolved_at is null
        and least(c.occurred_at, c.created_at) > coalesce(answered.answered_at, '-infinity')
    ) c on true
    left join lateral (
      select jsonb_agg(jsonb_build_object('id', q.id, 'channel', q.channel, 'at', to_char(q.occurred_at at time zone 'UTC', ${time}),
        'subject', q.subject, 'body', q.body, 'count', q.count) order by q.occurred_at, q.id) as list
      from (
        select distinct on (q.conversation) q.id, q.channel, q.occurred_at, text.subject, left(text.body, 300) as body,
          count(*) over (partition by q.conversation) as count
        from (
          select m.id, m.channel, least(m.occurred_at, m.created_at) as occurred_at, ${conversation} as conversation,
            m.direction = 'inbound' and m.routed_to is distinct from 'spam' and not m.is_automatic and m.resolved_at is null as is_open,
            max(least(m.occurred_at, m.created_at)) filter (where m.direction = 'outbound' and not m.is_automatic and m.status in ('sent', 'delivered', 'read')
              and m.category is distinct from 'marketing' and m.category is distinct from 'transactional')
              over (partition by ${conversation}) as answered_at
          from messages m
          where m.organization_id = ${organizationId} and m.contact_id = wanted.id and m.occurred_at <= ${until}
            and m.occurred_at > ${before(horizon)}
        ) q
        join messages text on text.organization_id = ${organizationId} and text.id = q.id
        where q.is_open and q.occurred_at > coalesce(q.answered_at, '-infinity')
          and q.occurred_at > coalesce(answered.answered_at, '-infinity') and (btrim(coalesce(text.body, '')) = '' or text.body !~* ${courtesies})
        order by q.conversation, q.occurred_at, q.id
      ) q
    ) q on true
    left join lateral (
      select count(*) filter (where t.status in ('open', 'pending'))::int as unsolved,
        max(t.closed_at) filter (where t.status in ('solved', 'closed') and t.closed_at <= ${now}) as solved_at,
        (select jsonb_agg(jsonb_build_object('id', o.id, 'at', to_char(o.occurred_at at time zone 'UTC', ${time}),
            'subject', o.subject, 'priority', o.priority) order by o.priority desc, o.occurred_at, o.id)
          from (
            select o.id, o.occurred_at, o.subject, o.priority from tickets o
            where o.organization_id = ${organizationId} and o.contact_id = wanted.id and o.occurred_at <= ${until} and o.status = 'open'
            order by o.priority desc, o.occurred_at, o.id limit ${most}
          ) o) as list
      from tickets t
      where t.organization_id = ${organizationId} and t.contact_id = wanted.id and t.occurred_at <= ${until}
    ) t on true`
}
