import type { ReadDb } from '../database.ts'
import { type Channel, type Direction, Prisma } from '../generated/client.ts'
import { idArray } from './id-array.ts'

export interface ActivityCount {
  readonly contactId: string
  readonly kind: 'message' | 'call' | 'ticket' | 'event'
  readonly channel: Channel | null
  readonly direction: Direction | null
  readonly count: number
}

/** How many activities each of several contacts has, by kind, channel and direction, in one statement. What there is none of is absent. */
export async function countActivities(db: ReadDb, organizationId: string, contactIds: readonly string[]): Promise<ActivityCount[]> {
  const ofContacts = Prisma.sql`organization_id = ${organizationId} and contact_id = any(${idArray(contactIds)})`
  return db.sql<ActivityCount[]>`
    select contact_id as "contactId", 'message' as kind, channel::text, direction::text, count(*)::int from messages
      where ${ofContacts} group by contact_id, channel, direction
    union all
    select contact_id, 'call', 'voice', direction::text, count(*)::int from calls where ${ofContacts} group by contact_id, direction
    union all
    select contact_id, 'ticket', null, null, count(*)::int from tickets where ${ofContacts} group by contact_id
    union all
    select contact_id, 'event', null, null, count(*)::int from events where ${ofContacts} group by contact_id
    order by 1, 2, 3, 4`
}
