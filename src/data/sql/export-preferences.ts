import type { ChannelName } from '../../kernel/channels.ts'
import { Prisma } from '../generated/client.ts'
import { isStillValid } from './find-preferences.ts'

/**
 * What holds for a contact `c`, as JSON by channel: the state with what it rests on, which is all that another organization needs to
 * know it by. Null if nothing is on record.
 */
export function preferencesAsJson(organizationId: string): Prisma.Sql {
  return Prisma.sql`(
    select json_object_agg(p.channel, json_strip_nulls(json_build_object(
      'state', p.state,
      'address', case when r.id is not null then r.address_key when p.channel = 'email' then c.email_key
        when p.channel in ('fax', 'rcs', 'sms', 'viber', 'voice', 'whatsapp') then coalesce(c.phone_key, c.phone) end,
      'source', coalesce(r.source, 'suppression_list'),
      'recorded_at', ${time(Prisma.sql`p.recorded_at`)},
      'text_version', r.text_version,
      'proof_url', r.proof_url,
      'lawful_basis', r.lawful_basis,
      'purpose', r.purpose,
      'valid_until', ${time(Prisma.sql`p.valid_until`)}
    )) order by p.channel)
    from channel_preferences p left join consent_records r on r.organization_id = ${organizationId} and r.id = p.record_id
    where p.organization_id = ${organizationId} and p.contact_id = c.id and ${isStillValid})`
}

/** What holds for a contact `c` on one channel, in one word. */
export function preferenceOnChannel(organizationId: string, channel: ChannelName): Prisma.Sql {
  return Prisma.sql`coalesce((
    select p.state::text from channel_preferences p
    where p.organization_id = ${organizationId} and p.contact_id = c.id and p.channel = ${channel}::channel and ${isStillValid}), 'unknown')`
}

function time(value: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}
