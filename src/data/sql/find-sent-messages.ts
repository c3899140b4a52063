import type { ReadDb } from '../database.ts'
import type { Channel, MessageCategory } from '../generated/client.ts'
import { listed } from './listed.ts'

export interface SentMessage {
  readonly contactId: string
  readonly channel: Channel
  readonly category: MessageCategory
  readonly occurredAt: Date
}

/**
 * What was sent to each of several contacts after a moment, in one statement. A message that failed reached nobody and is left out; one
 * that waits to be sent counts.
 */
export async function selectSentMessages(
  db: ReadDb,
  organizationId: string,
  contactIds: readonly string[],
  after: Date,
): Promise<SentMessage[]> {
  return db.$queryRaw<SentMessage[]>`
    select m.contact_id as "contactId", m.channel, coalesce(m.category, 'service') as category, m.occurred_at as "occurredAt"
    from messages m
    where m.organization_id = ${organizationId} and m.contact_id = any(${listed(contactIds)}) and m.occurred_at > (select ${after}::timestamptz)
      and m.direction = 'outbound' and m.status <> 'failed'`
}
