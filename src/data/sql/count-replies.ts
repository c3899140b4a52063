import type { ReadDb } from '../database.ts'
import { type Channel, Prisma } from '../generated/client.ts'
import { attempts, type AttemptsQuery, settledAfter } from './attempts.ts'

/** How many messages and calls on a channel could be answered, and how many were. */
export interface Replies {
  readonly channel: Channel
  readonly sent: number
  readonly replied: number
}

/**
 * What was sent within a time to the contacts that live, and how much of it was answered: see {@link attempts}. A message without an answer counts
 * once the organization's contacts have mostly answered by then. The busiest channel is first. One statement.
 */
export function countReplies(db: ReadDb, query: AttemptsQuery, now: Date): Promise<Replies[]> {
  const { organizationId, after, until } = query
  const within = Prisma.sql`organization_id = ${organizationId} and direction = 'outbound' and occurred_at > ${after} and occurred_at <= ${until}`
  return db.sql<Replies[]>`
    select t.channel, count(*)::int as sent, count(t.answered_at)::int as replied
    from (select contact_id from messages where ${within} union select contact_id from calls where ${within}) written
    join contacts c on c.organization_id = ${organizationId} and c.id = written.contact_id and c.deleted_at is null
    cross join lateral (${attempts(Prisma.sql`c.id`, query)}) t
    where t.answered_at is not null or t.channel = 'voice'
      or t.sent_at <= ${now}::timestamptz - make_interval(secs => ${settledAfter(organizationId)})
    group by t.channel order by sent desc, t.channel`
}
