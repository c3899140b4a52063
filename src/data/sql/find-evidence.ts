import type { ReadDb } from '../database.ts'
import { type Channel, Prisma } from '../generated/client.ts'
import { attempts, settledAfter } from './attempts.ts'
import { idArray } from './id-array.ts'

/** What an engagement is judged by. */
export interface Evidence {
  readonly contactId: string
  /** When the contact came to its stage. */
  readonly stageSince: Date
  /** The time zone of the hours: the contact's, or UTC. */
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
  /** The most messages, and the most calls, whose answers are counted. */
  readonly most: number
}

/**
 * The evidence of each of several contacts, in one statement. What a contact does itself: messages to us that are not spam, calls to
 * us and calls that it answered, tickets and events. What it could have answered, and what it answered: see {@link attempts}; a message without
 * an answer counts once the organization's contacts have mostly answered by then. The contacts must have been read through a scope.
 */
export async function selectEvidence(
  db: ReadDb,
  organizationId: string,
  contactIds: readonly string[],
  { now, horizon, halfLife, patience, recent, most }: EvidenceOptions,
): Promise<Evidence[]> {
  const ofContact = Prisma.sql`organization_id = ${organizationId} and contact_id = c.id`
  const lately = Prisma.sql`${ofContact} and occurred_at >= ${daysBefore(now, horizon)}`
  const weight = Prisma.sql`power(0.5, extract(epoch from ${now}::timestamptz - occurred_at)::float8 / ${halfLife * secondsPerDay}::float8)`
  return db.sql<Evidence[]>`
    select c.id as "contactId", zone.name as timezone, seen.first as "firstSeenAt", seen.last as "lastSeenAt", seen.recent as "recentActs",
      coalesce((select max(occurred_at) from lifecycle_transitions where ${ofContact}), c.created_at) as "stageSince",
      channels.list as channels, hours.list as hours
    from contacts c
    cross join lateral (select coalesce(known_timezone(c.timezone), 'UTC') as name) zone
    cross join lateral (
      select min(occurred_at) as first, max(occurred_at) as last,
        count(*) filter (where occurred_at >= ${daysBefore(now, recent)})::int as recent
      from (
        select occurred_at from messages where ${ofContact} and direction = 'inbound' and routed_to = 'inbox' and not is_automatic
        union all select occurred_at from calls where ${ofContact} and (direction = 'inbound' or status = 'answered')
        union all select occurred_at from tickets where ${ofContact}
        union all select occurred_at from events where ${ofContact}
      ) acts
    ) seen
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('channel', channel, 'sent', sent, 'replied', replied, 'weight', weight)), '[]') as list
      from (
        select channel, count(sent_at) as sent, count(answered_at) as replied, round(coalesce(sum(spoken), 0)::numeric, 6) as weight
        from (
          select a.channel, a.sent_at, a.answered_at, null::float8 as spoken
          from (${attempts(Prisma.sql`c.id`, { organizationId, after: daysBefore(now, horizon), until: now, most, patience })}) a
          where a.answered_at is not null or a.channel = 'voice' or a.sent_at <= ${now}::timestamptz - make_interval(secs => ${settledAfter(organizationId)})
          union all
          select channel, null, null, ${weight} from messages
          where ${lately} and direction = 'inbound' and routed_to = 'inbox' and not is_automatic
          union all
          select 'voice', null, null, ${weight} from calls where ${lately} and (direction = 'inbound' or status = 'answered')
        ) words group by channel
      ) by_channel
    ) channels
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('hour', hour, 'weight', weight)), '[]') as list
      from (
        select extract(hour from occurred_at at time zone zone.name)::int as hour, round(sum(${weight})::numeric, 6) as weight
        from (
          select occurred_at from messages where ${lately} and direction = 'inbound' and routed_to = 'inbox' and not is_automatic
          union all select occurred_at from calls where ${lately} and (direction = 'inbound' or status = 'answered')
        ) words group by 1
      ) by_hour
    ) hours
    where c.organization_id = ${organizationId} and c.id = any(${idArray(contactIds)})`
}

const secondsPerDay = 24 * 60 * 60

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * secondsPerDay * 1000)
}
