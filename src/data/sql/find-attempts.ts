import type { ReadDb } from '../database.ts'
import { type Channel, Prisma } from '../generated/client.ts'
import { attempts, type AttemptsQuery } from './attempts.ts'
import { idArray } from './id-array.ts'

/** A message or call to a contact, and when the contact answered. */
export interface ContactAttempt {
  readonly contactId: string
  readonly channel: Channel
  readonly sentAt: Date
  readonly answeredAt: Date | null
}

/**
 * The attempts of each of several contacts, in the order of sending; one statement. Of two at the same time the answered one is the later:
 * the evidence of a contact must not depend on the order in which a plan finds them.
 */
export async function selectAttempts(db: ReadDb, contactIds: readonly string[], query: AttemptsQuery): Promise<ContactAttempt[]> {
  return db.sql<ContactAttempt[]>`
    select wanted.id as "contactId", t.channel, t.sent_at as "sentAt", t.answered_at as "answeredAt"
    from unnest(${idArray(contactIds)}) wanted(id)
    cross join lateral (${attempts(Prisma.sql`wanted.id`, query)}) t
    order by t.sent_at, t.channel, t.answered_at nulls first`
}

/** A contact that was sent something lately, and what says where it is. */
export interface ActiveContact {
  readonly id: string
  readonly timezone: string | null
  readonly phone: string | null
  readonly countryCode: string | null
}

/** Contacts with messages among the organization's latest, at most so many; one statement. */
export async function selectActiveContacts(
  db: ReadDb,
  organizationId: string,
  limits: { readonly messages: number; readonly contacts: number },
): Promise<ActiveContact[]> {
  return db.sql`
    select c.id, c.timezone, c.phone, c.country_code as "countryCode"
    from (
      select m.contact_id, max(m.id) as latest
      from (
        select m.contact_id, m.id from messages m
        where m.organization_id = ${organizationId} order by m.id desc limit ${limits.messages}
      ) m
      group by m.contact_id order by latest desc limit ${limits.contacts}
    ) m
    join contacts c on c.organization_id = ${organizationId} and c.id = m.contact_id and c.deleted_at is null
    order by m.latest desc`
}

/** The channels of an organization's latest messages, of either direction and not failed; one statement. */
export async function selectChannelsInUse(db: ReadDb, organizationId: string, messages: number): Promise<Channel[]> {
  const rows = await db.sql<{ channel: Channel }[]>`
    select distinct m.channel
    from (
      select m.channel, m.status from messages m where m.organization_id = ${organizationId} order by m.id desc limit ${messages}
    ) m
    where m.status <> 'failed'
    order by m.channel`
  return rows.map(({ channel }) => channel)
}

/** The latest message of an organization, and how many have been recorded after a given one, counted up to a limit; one statement. */
export async function countNewMessages(
  db: ReadDb,
  organizationId: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<number> {
  const [row] = await db.sql<{ count: number }[]>`
    select count(*)::int as count
    from (select from messages m where m.organization_id = ${organizationId} and m.id > ${after} limit ${limit}) m`
  return row?.count ?? 0
}

/** The id of the message of an organization that was recorded last; null if there is none. */
export async function selectLatestMessageId(db: ReadDb, organizationId: string): Promise<string | null> {
  const [row] = await db.sql<{ id: string }[]>`
    select m.id from messages m where m.organization_id = ${organizationId} order by m.id desc limit 1`
  return row?.id ?? null
}
