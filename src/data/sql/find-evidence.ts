import type { ReadDb } from '../database.ts'
import { type Channel, Prisma } from '../generated/client.ts'
import { listed } from './listed.ts'

/** What an engagement is judged by. */
export interface Evidence {
  readonly contactId: string
  /** When the contact came to its stage. */
  readonly stageSince: Date
  /** The time zone that the hours are told in: the contact's, or UTC. */
  readonly timezone: string
  /** When the contact first and last did something itself; null if it never did. */
  readonly firstSeenAt: Date | null
  readonly lastSeenAt: Date | null
  /** How often it did something itself within the last so many days. */
  readonly recentActs: number
  readonly channels: readonly ChannelEvidence[]
  /** How much the contact spoke in each local hour of the day, what is older counting for less; silent hours are absent. */
  readonly hours: readonly { readonly hour: number; readonly weight: number }[]
}

export interface ChannelEvidence {
  readonly channel: Channel
  /** What could have been answered, and how much of it was. */
  readonly sent: number
  readonly replied: number
  /** How much the contact spoke on the channel, what is older counting for less. */
  readonly weight: number
}

export interface EvidenceOptions {
  readonly now: Date
  /** How far back channels and hours are looked at, in days. */
  readonly horizon: number
  /** After how many days a word counts half. */
  readonly halfLife: number
  /** How many days an answer may take. */
  readonly patience: number
  /** How many days are recent. */
  readonly recent: number
}

/**
 * The evidence of each of several contacts, in one statement. What a contact does itself: messages to us that are not spam, calls to
 * us and calls that it answered, tickets and events. What it could have answered: messages to it that went out and are not
 * transactional, and calls to it. A message is answered by the next one from the contact on the channel, if that comes in time.
 * The contacts must be known to be visible.
 */
export async function selectEvidence(
  db: ReadDb,
  organizationId: string,
  contactIds: readonly string[],
  { now, horizon, halfLife, patience, recent }: EvidenceOptions,
): Promise<Evidence[]> {
  const ofContact = Prisma.sql`organization_id = ${organizationId} and contact_id = c.id`
  const lately = Prisma.sql`${ofContact} and occurred_at >= ${daysBefore(now, horizon)}`
  const weight = Prisma.sql`power(0.5, extract(epoch from ${now}::timestamptz - occurred_at)::float8 / ${halfLife * secondsPerDay}::float8)`
  return db.$queryRaw<Evidence[]>`
    select c.id as "contactId", zone.name as timezone, seen.first as "firstSeenAt", seen.last as "lastSeenAt", seen.recent as "recentActs",
      coalesce((select max(occurred_at) from lifecycle_transitions where ${ofContact}), c.created_at) as "stageSince",
      channels.list as channels, hours.list as hours
    from contacts c
    cross join lateral (select coalesce(known_timezone(c.timezone), 'UTC') as name) zone
    cross join lateral (
      select min(occurred_at) as first, max(occurred_at) as last,
        count(*) filter (where occurred_at >= ${daysBefore(now, recent)})::int as recent
      from (
        select occurred_at from messages where ${ofContact} and direction = 'inbound' and routed_to = 'inbox'
        union all select occurred_at from calls where ${ofContact} and (direction = 'inbound' or status = 'answered')
        union all select occurred_at from tickets where ${ofContact}
        union all select occurred_at from events where ${ofContact}
      ) acts
    ) seen
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('channel', channel, 'sent', sent, 'replied', replied, 'weight', weight)), '[]') as list
      from (
        select channel, count(*) filter (where is_sent) as sent, count(*) filter (where is_sent and is_replied) as replied,
          round(coalesce(sum(spoken), 0)::numeric, 6) as weight
        from (
          select channel, direction = 'outbound' and category is distinct from 'transactional' and status in ('sent', 'delivered', 'read') as is_sent,
            answered_at <= occurred_at + make_interval(days => ${patience}::int) as is_replied,
            case when direction = 'inbound' and routed_to = 'inbox' then ${weight} end as spoken
          from (
            select *, min(occurred_at) filter (where direction = 'inbound' and routed_to = 'inbox') over (
              partition by channel order by occurred_at desc, id desc rows between unbounded preceding and 1 preceding
            ) as answered_at
            from messages where ${lately}
          ) m
          union all
          select 'voice', direction = 'outbound', status = 'answered', case when direction = 'inbound' or status = 'answered' then ${weight} end
          from calls where ${lately}
        ) words group by channel
      ) by_channel
    ) channels
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('hour', hour, 'weight', weight)), '[]') as list
      from (
        select extract(hour from occurred_at at time zone zone.name)::int as hour, round(sum(${weight})::numeric, 6) as weight
        from (
          select occurred_at from messages where ${lately} and direction = 'inbound' and routed_to = 'inbox'
          union all select occurred_at from calls where ${lately} and (direction = 'inbound' or status = 'answered')
        ) words group by 1
      ) by_hour
    ) hours
    where c.organization_id = ${organizationId} and c.id = any(${listed(contactIds)})`
}

const secondsPerDay = 24 * 60 * 60

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * secondsPerDay * 1000)
}
