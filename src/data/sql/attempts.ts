import { Prisma } from '../generated/client.ts'

export interface AttemptsQuery {
  readonly organizationId: string
  /** What is older is left out. */
  readonly after: Date
  readonly until: Date
  /** The most messages, and the most calls, of one contact. */
  readonly most: number
  /** How many days an answer may take. */
  readonly patience: number
}

/** An answer that comes sooner than this many seconds was not written by a person: an email has to be fetched, a chat is open. */
const fastest = { email: 30, other: 5 } as const

/**
 * A relation (channel, sent_at, answered_at) of the messages and calls to one contact that could be answered: not queued, failed or
 * transactional ones. A message is answered by the next one on its channel if that is from the contact and comes within the patience;
 * automatic replies, flagged or faster than a person, are skipped. So an answer belongs to one message only. A call is answered or not.
 * @param contactId the column or value that holds the contact's id; its table is not called m or made here
 */
export function attempts(contactId: Prisma.Sql, { organizationId, after, until, most, patience }: AttemptsQuery): Prisma.Sql {
  return Prisma.sql`
    select m.channel, m.at as sent_at,
      case when m.next_direction = 'inbound' and m.next_at <= m.at + make_interval(days => ${patience}::int) then m.next_at end as answered_at
    from (
      select m.channel, m.direction, m.at, lead(m.direction) over following as next_direction, lead(m.at) over following as next_at
      from (
        select m.*, lag(m.direction) over earlier as last_direction, lag(m.at) over earlier as last_at
        from (
          select m.channel, m.direction, m.id,
            case when m.direction = 'outbound' then coalesce(m.sent_at, m.occurred_at) else m.occurred_at end as at
          from messages m
          where m.organization_id = ${organizationId} and m.contact_id = ${contactId}
            and m.occurred_at > ${after} and m.occurred_at <= ${until}
            and m.status not in ('queued', 'failed') and m.category is distinct from 'transactional'
            and m.routed_to is distinct from 'spam' and not (m.direction = 'inbound' and m.is_automatic)
          order by m.occurred_at desc, m.id desc limit ${most}
        ) m
        window earlier as (partition by m.channel order by m.at, m.id)
      ) m
      where not (m.direction = 'inbound' and m.last_direction = 'outbound'
        and m.at < m.last_at + make_interval(secs => case when m.channel = 'email' then ${fastest.email}::int else ${fastest.other}::int end))
      window following as (partition by m.channel order by m.at, m.id)
    ) m
    where m.direction = 'outbound'
    union all
    select 'voice', made.occurred_at, case when made.status = 'answered' then made.occurred_at end
    from (
      select made.occurred_at, made.status from calls made
      where made.organization_id = ${organizationId} and made.contact_id = ${contactId} and made.direction = 'outbound'
        and made.occurred_at > ${after} and made.occurred_at <= ${until}
      order by made.occurred_at desc, made.id desc limit ${most}
    ) made`
}

/** How many seconds after a message an organization's contacts have mostly answered, or how many are assumed if that was not learned. */
export function settledAfter(organizationId: string): Prisma.Sql {
  return Prisma.sql`coalesce(
    (select (h.habits ->> 'settledAfter')::float8 from reply_habits h where h.organization_id = ${organizationId}), ${assumedSettledAfter}::float8)`
}

/** Two days. */
export const assumedSettledAfter = 2 * 24 * 60 * 60
