import type { ReadDb } from '../database.ts'
import { Prisma } from '../generated/client.ts'
import { type ContactMatch, contactsMatching } from './contacts-matching.ts'

export type ContactGrouping = 'stage' | 'country' | 'source' | 'tag' | 'created_month'

/** How many contacts have a value. */
export interface ContactCount {
  /** Null: those that have none. */
  readonly key: string | null
  readonly count: number
}

/** The spelling of a tag that most contacts have stands for it. */
const tags = Prisma.sql`
  select mode() within group (order by t.tag) as key, count(*)::int as count
  from matching m cross join lateral unnest(m.tags, m.tag_keys) t(tag, tag_key) group by t.tag_key
  union all select null, count(*)::int from matching m where m.tags = '{}' having count(*) > 0`

const values: Readonly<Record<Exclude<ContactGrouping, 'tag'>, Prisma.Sql>> = {
  stage: Prisma.sql`m.lifecycle_stage::text`,
  country: Prisma.sql`m.country_code`,
  source: Prisma.sql`m.source::text`,
  created_month: Prisma.sql`to_char(m.created_at at time zone 'UTC', 'YYYY-MM')`,
}

/** How many of the contacts that match have each value, most first. One statement. */
export function countContacts(
  db: ReadDb,
  organizationId: string,
  match: ContactMatch,
  by: ContactGrouping,
  limit: number,
): Promise<ContactCount[]> {
  const counts = by === 'tag' ? tags : Prisma.sql`select ${values[by]} as key, count(*)::int as count from matching m group by 1`
  return db.sql<ContactCount[]>`
    with matching as (
      select c.lifecycle_stage, c.country_code, c.source, c.tags, c.tag_keys, c.created_at
      from contacts c where ${contactsMatching(organizationId, match)}
    )
    select key, count from (${counts}) counts order by count desc, key nulls last limit ${limit}`
}
