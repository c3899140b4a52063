import type { ReadDb } from '../database.ts'
import type { Channel } from '../generated/client.ts'
import { idArray } from './id-array.ts'

/**
 * On which of some channels there is a message from or to each of several contacts, failed ones left out; one
 * statement. The limit keeps it to the contact's own messages: without it, all of the organization's may be read instead.
 */
export async function selectUsedChannels(
  db: ReadDb,
  organizationId: string,
  contactIds: readonly string[],
  among: readonly Channel[],
): Promise<{ contactId: string; channel: Channel }[]> {
  return db.sql<{ contactId: string; channel: Channel }[]>`
    select wanted.id as "contactId", c.channel
    from unnest(${idArray(contactIds)}) wanted(id)
    cross join unnest(${among}::text[]::channel[]) c(channel)
    cross join lateral (
      select from messages m
      where m.organization_id = ${organizationId} and m.contact_id = wanted.id and m.channel = c.channel and m.status <> 'failed'
      limit 1
    ) met`
}
