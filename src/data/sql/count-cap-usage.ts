import type { ReadDb } from '../database.ts'
import { type Channel, type MessageCategory, Prisma } from '../generated/client.ts'
import { contactConditions, type ContactMatch, created, livingContacts } from './contacts-matching.ts'

/** What a rule counts, and for whom. */
export interface CountedRule {
  readonly channel: Channel | null
  readonly category: MessageCategory | null
  readonly limit: number
  readonly windowSeconds: number
  /** Whom the rule holds for. */
  readonly audience: ContactMatch
}

export interface CapUsageRow {
  /** Contacts with at least one slot taken. */
  readonly sentTo: number
  /** Contacts with all slots taken. */
  readonly atCap: number
  /** Whether everything within the window was looked at. */
  readonly isExact: boolean
}

interface Looking {
  readonly now: Date
  /** The most messages, calls and reservations that are looked at, each kind by itself; the latest first. */
  readonly reach: number
}

/**
 * For each of some rules, how many living contacts of its audience have a slot taken now, and how many all of them: what `usageAt` of the domain
 * finds for one contact, and of the rows that `selectTraffic` reads. A message now must fit into every window that it would be in: those that end now
 * or at a reservation for later. One statement, however many rules. What is looked at is bounded, so counts that are not exact are too low.
 */
export async function countCapUsage(
  db: ReadDb,
  organizationId: string,
  rules: readonly CountedRule[],
  { now, reach }: Looking,
): Promise<CapUsageRow[]> {
  if (rules.length === 0) return []
  const sentAfter = startOf({ windowSeconds: Math.max(...rules.map((rule) => rule.windowSeconds)) }, now)
  const each = (write: (rule: CountedRule, index: number) => Prisma.Sql) => Prisma.join(rules.map(write), ', ')
  const [row] = await db.sql<Record<string, number | boolean>[]>`
    with latest_messages as materialized (
      select m.contact_id, m.direction, m.status, m.channel, m.category, m.occurred_at, m.created_at from messages m
      where m.organization_id = ${organizationId} and m.occurred_at > ${sentAfter}::timestamptz order by m.occurred_at desc limit ${reach}
    ), latest_calls as materialized (
      select c.contact_id, c.direction, c.occurred_at, c.created_at from calls c
      where c.organization_id = ${organizationId} and c.occurred_at > ${sentAfter}::timestamptz order by c.occurred_at desc limit ${reach}
    ), held as materialized (
      select r.contact_id, r.channel, r.category, r.occurs_at from send_reservations r
      where r.organization_id = ${organizationId} and r.expires_at > ${now}::timestamptz and r.used_at is null and r.released_at is null
      limit ${reach}
    ), unread as (
      select (
        select max(o.occurred_at) from (
          select min(m.occurred_at) as occurred_at from latest_messages m having count(*) = ${reach}
          union all select min(c.occurred_at) from latest_calls c having count(*) = ${reach}
          union all select ${now}::timestamptz from held having count(*) = ${reach}
        ) o
      ) as until
    ), slots as materialized (
      select m.contact_id, m.channel, coalesce(m.category, 'service') as category, least(m.occurred_at, m.created_at, ${now}::timestamptz) as at
      from latest_messages m where m.direction = 'outbound' and m.status <> 'failed'
      union all
      select c.contact_id, 'voice'::channel, null, least(c.occurred_at, c.created_at, ${now}::timestamptz)
      from latest_calls c where c.direction = 'outbound'
      union all
      select r.contact_id, r.channel, r.category, r.occurs_at from held r
    ), windows as (
      select s.contact_id, s.channel, s.category, s.at, ${now}::timestamptz as ends_at from slots s where s.at <= ${now}::timestamptz
      union all
      select s.contact_id, s.channel, s.category, s.at, l.ends_at
      from (select distinct s.contact_id, s.at as ends_at from slots s where s.at > ${now}::timestamptz) l
      join slots s on s.contact_id = l.contact_id and s.at <= l.ends_at
    ), filled as (
      select w.contact_id, ${each((rule, index) => Prisma.sql`count(*) filter (where ${isCounted(rule, now)}) as ${column('used', index)}`)}
      from windows w group by w.contact_id, w.ends_at
    ), usage as (
      select f.contact_id, ${each((_, index) => Prisma.sql`max(f.${column('used', index)}) as ${column('used', index)}`)}
      from filled f group by f.contact_id
    ), holding as materialized (
      select ${each((rule, index) => {
        const used = Prisma.sql`u.${column('used', index)}`
        const conditions = [Prisma.sql`${used} > 0`, ...contactConditions(organizationId, rule.audience), ...created(rule.audience)]
        return Prisma.sql`case when ${Prisma.join(conditions, ' and ')} then ${used} end as ${column('used', index)}`
      })}
      from usage u join contacts c on c.id = u.contact_id and ${livingContacts(organizationId)}
    )
    select ${each((rule, index) => {
      const used = Prisma.sql`h.${column('used', index)}`
      return Prisma.sql`count(${used})::int as ${column('sent', index)},
        count(*) filter (where ${used} >= ${rule.limit}::int)::int as ${column('full', index)},
        coalesce((select n.until from unread n) <= ${startOf(rule, now)}::timestamptz, true) as ${column('exact', index)}`
    })}
    from holding h`
  return rules.map((_, index) => ({
    sentTo: Number(row?.[`sent_${index}`]),
    atCap: Number(row?.[`full_${index}`]),
    isExact: row?.[`exact_${index}`] === true,
  }))
}

/** Whether a slot in a window `w` takes one of a rule's; without a category a rule counts all but transactional messages, and calls count always. */
function isCounted({ channel, category, windowSeconds }: CountedRule, now: Date): Prisma.Sql {
  const length = Prisma.sql`make_interval(secs => ${windowSeconds}::int)`
  const conditions = [
    Prisma.sql`w.at > w.ends_at - ${length}`,
    // What is sent now has left a window that ends later than this.
    Prisma.sql`w.ends_at < ${now}::timestamptz + ${length}`,
    ...(channel === null ? [] : [Prisma.sql`w.channel = ${channel}::text::channel`]),
    category === null
      ? Prisma.sql`w.category is distinct from 'transactional'`
      : Prisma.sql`(w.category is null or w.category = ${category}::text::message_category)`,
  ]
  return Prisma.join(conditions, ' and ')
}

function startOf({ windowSeconds }: Pick<CountedRule, 'windowSeconds'>, now: Date): Date {
  return new Date(now.getTime() - windowSeconds * 1000)
}

function column(name: 'used' | 'sent' | 'full' | 'exact', index: number): Prisma.Sql {
  return Prisma.raw(`${name}_${index}`)
}
