import type { ReadDb } from '../database.ts'
import { Prisma } from '../generated/client.ts'

export type ActivityGrouping = 'channel' | 'kind' | 'day' | 'week'

/** How many activities have a value. */
export interface ActivityGroup {
  /** Null: those that have none. */
  readonly key: string | null
  readonly count: number
}

const keys: Readonly<Record<ActivityGrouping, Prisma.Sql>> = {
  channel: Prisma.sql`a.channel`,
  kind: Prisma.sql`a.kind`,
  day: Prisma.sql`to_char(a.occurred_at at time zone 'UTC', 'YYYY-MM-DD')`,
  // Weeks begin on Monday.
  week: Prisma.sql`to_char(date_trunc('week', a.occurred_at at time zone 'UTC'), 'YYYY-MM-DD')`,
}

/** How many of the organization's activities within a time have each value, in the order of the values. One statement. */
export function countActivitiesBy(
  db: ReadDb,
  organizationId: string,
  by: ActivityGrouping,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<ActivityGroup[]> {
  const within = Prisma.sql`organization_id = ${organizationId} and occurred_at >= ${from} and occurred_at < ${to}`
  return db.sql<ActivityGroup[]>`
    select ${keys[by]} as key, count(*)::int as count
    from (
      select 'message' as kind, channel::text as channel, occurred_at from messages where ${within}
      union all select 'call', 'voice', occurred_at from calls where ${within}
      union all select 'ticket', null, occurred_at from tickets where ${within}
      union all select 'event', null, occurred_at from events where ${within}
    ) a
    group by 1 order by 1 nulls last`
}
