import type { ReadDb } from '../database.ts'

/** An opt-in that an earlier release has recorded and that licenses nothing today. */
export interface LostOptIn {
  readonly contactId: string
  readonly channel: string
  readonly recordedAt: Date
  /** `address`: it is not known for which address it was given; `purpose`; `lawful_basis`. */
  readonly because: string
}

/**
 * Opt-ins of living contacts from before consent had addresses that license nothing since: the latest of each contact and channel, where nothing else holds
 * now. They have no dedupe key. One statement.
 */
export async function selectLostOptIns(
  db: Pick<ReadDb, 'sql'>,
  organizationId: string,
  page: { readonly after: { readonly contactId: string; readonly channel: string }; readonly limit: number },
): Promise<LostOptIn[]> {
  return db.sql<LostOptIn[]>`
    select distinct on (r.contact_id, r.channel::text) r.contact_id as "contactId", r.channel::text as channel, r.recorded_at as "recordedAt",
      case when r.address_key is null and r.channel in ('email', 'fax', 'rcs', 'sms', 'viber', 'voice', 'whatsapp') then 'address'
        when r.purpose is not null then 'purpose' else 'lawful_basis' end as because
    from consent_records r
    join contacts c on c.organization_id = ${organizationId} and c.id = r.contact_id and c.deleted_at is null
    where r.organization_id = ${organizationId} and r.dedupe_key is null and r.state = 'opted_in'
      and (r.contact_id, r.channel::text) > (${page.after.contactId}, ${page.after.channel})
      and (r.purpose is not null or r.lawful_basis not in ('consent', 'legitimate_interests')
        or (r.address_key is null and r.channel in ('email', 'fax', 'rcs', 'sms', 'viber', 'voice', 'whatsapp')))
      and not exists (
        select from channel_preferences p
        where p.organization_id = ${organizationId} and p.contact_id = r.contact_id and p.channel = r.channel)
    order by r.contact_id, r.channel::text, r.recorded_at desc
    limit ${page.limit}`
}
