import type { ReadDb } from '../database.ts'
import type { Channel } from '../generated/client.ts'
import { listed } from './listed.ts'

/** Something that went out to a contact, and when the contact answered. */
export interface ContactTry {
  readonly contactId: string
  readonly channel: Channel
  readonly triedAt: Date
  readonly answeredAt: Date | null
}

export interface TriesQuery {
  readonly organizationId: string
  readonly contactIds: readonly string[]
  /** What is older is left out. */
  readonly after: Date
  readonly until: Date
  /** The most messages, and the most calls, of one contact. */
  readonly most: number
}

/**
 * What was tried with each of several contacts, and what came of it, in one statement. A message is answered by the next one on its
 * channel if that is inbound and comes within seven days; a call by being answered.
 */
export async function selectTries(db: ReadDb, { organizationId, contactIds, after, until, most }: TriesQuery): Promise<ContactTry[]> {
  return db.$queryRaw<ContactTry[]>`
    select wanted.id as "contactId", t.channel, t.tried_at as "triedAt", t.answered_at as "answeredAt"
    from unnest(${listed(contactIds)}) wanted(id)
    cross join lateral (
      select m.channel, m.occurred_at as tried_at,
        case when m.next_direction = 'inbound' and m.next_at <= m.occurred_at + interval '7 days' then m.next_at end as answered_at
      from (
        select m.channel, m.direction, m.occurred_at,
          lead(m.direction) over following as next_direction, lead(m.occurred_at) over following as next_at
        from (
          select m.channel, m.direction, m.occurred_at, m.id from messages m
          where m.organization_id = ${organizationId} and m.contact_id = wanted.id
            and m.occurred_at > ${after} and m.occurred_at <= ${until}
            and m.status <> 'failed' and m.routed_to is distinct from 'spam'
          order by m.occurred_at desc, m.id desc limit ${most}
        ) m
        window following as (partition by m.channel order by m.occurred_at, m.id)
      ) m
      where m.direction = 'outbound'
      union all
      select 'voice', c.occurred_at, case when c.status = 'answered' then c.occurred_at end
      from (
        select c.occurred_at, c.status from calls c
        where c.organization_id = ${organizationId} and c.contact_id = wanted.id and c.direction = 'outbound'
          and c.occurred_at > ${after} and c.occurred_at <= ${until}
        order by c.occurred_at desc, c.id desc limit ${most}
      ) c
    ) t`
}

/** Contacts with messages among the organization's latest, at most so many; one statement. */
export async function selectActiveContacts(
  db: ReadDb,
  organizationId: string,
  limits: { readonly messages: number; readonly contacts: number },
): Promise<{ id: string; timezone: string | null; phone: string | null; countryCode: string | null }[]> {
  return db.$queryRaw`
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
