import type pg from 'pg'
import { withClient } from './postgres.ts'

/** The key that the gateway is started with, which makes the organization that everything belongs to. */
export const apiKey = 'dv_live_sk_benchmark_benchmark'

/** How many contacts have the rare name, whatever their number from 160 on: what a search for it costs then grows with the table and not with the answer. */
const namesakes = 20

/** How many timeline entries the first contact has beyond those that everybody has, so that there is a thousandth page. */
export const longHistory = 20_100

export interface Size {
  readonly contacts: number
  /** On how many of the eleven channels each contact has said what it wants. */
  readonly channels: number
  /** Only two messages and a call each, and no notes. Default: no. */
  readonly isLight?: boolean
}

const tables = [
  'contacts',
  'notes',
  'messages',
  'calls',
  'tickets',
  'events',
  'lifecycle_transitions',
  'consent_records',
  'channel_preferences',
  'contact_addresses',
]

/**
 * Fills the gateway's own tables: each contact with 6 notes, 20 timeline entries over the four kinds, preferences and 2 lifecycle
 * transitions. The same rows for the same size, always.
 * @returns the organization's id
 */
export async function seed(url: string, size: Size): Promise<string> {
  return withClient(url, async (client) => {
    const organization = (await client.query<{ id: string }>('select id from organizations limit 1')).rows[0]?.id
    if (organization === undefined) throw new Error('The gateway has not made its organization yet.')
    // Indexes are built once over all rows, and what refers to what is known to be there.
    await client.query(`set session_replication_role = replica; set maintenance_work_mem = '1GB'; set synchronous_commit = off`)
    const indexes = await dropIndexes(client)
    for (const statement of statements(organization, size)) await client.query(statement)
    for (const index of indexes) await client.query(index)
    for (const table of tables) await client.query(`vacuum (analyze) ${table}`)
    return organization
  })
}

async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
     where i.indrelid = any($1::regclass[]) and not i.indisprimary
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables],
  )
  for (const { name } of rows) await client.query(`drop index ${name}`)
  return rows.map(({ definition }) => definition)
}

/** The terms that the gateway works out of the digits of a number. */
function termsOf(digits: string): string {
  const fours = `select substr(${digits}, s, 4)::int from generate_series(1, length(${digits}) - 3) s`
  return `(select array_agg(distinct t) from (${fours} union all select 10000 + right(${digits}, 3)::int) terms(t))`
}

/** How many rows of each kind a contact has. */
const full = { notes: 6, messages: 8, calls: 4, tickets: 3, events: 5, transitions: 2 }
const light = { notes: 0, messages: 2, calls: 1, tickets: 0, events: 0, transitions: 0 }

function statements(organization: string, { contacts, channels, isLight = false }: Size): string[] {
  const counts = isLight ? light : full
  const org = `'${organization}'`
  const everyone = (each: number) => `generate_series(1, ${contacts}) n, generate_series(1, ${each}) k`
  return [
    `create or replace function pick(list text[], n bigint) returns text language sql immutable as $$ select list[1 + n % cardinality(list)] $$`,
    `insert into contacts (organization_id, id, phone, email, email_key, first_name, last_name, company, country_code, timezone, lifecycle_stage,
       tags, tag_keys, custom_attributes, source, search_text, search_digits, search_terms,
       search_version, name_key, created_at, updated_at)
     select ${org}, ${id('con', 'n')}, phone, email, email, first_name, last_name, company, 'US', 'America/New_York', stage::lifecycle_stage,
       tags, tags, jsonb_build_object('plan', 'pro', 'seats', n % 50, 'account', 'A-' || n), 'import',
       ' ' || lower(first_name || ' ' || last_name || ' ' || company || ' ' || email), substr(phone, 2), ${termsOf('substr(phone, 2)')}, 1, lower(first_name || ' ' || last_name),
       created_at, created_at
     from (
       select n, '+1' || (2120000000 + n::bigint * 37) as phone, 'person' || n || '@example.com' as email,
         case when n % ${Math.max(8, Math.floor(contacts / namesakes))} = 7 then 'Zbigniew' else pick('{Ana,Ben,Chloe,Dmitri,Fatima,Hana,Ines,Joao,Kwame,Lena,Maya,Noor}', n * 7) end as first_name,
         pick('{Okafor,Miller,Garcia,Smith,Nakamura,Dubois,Rossi,Novak,Silva,Haddad,Anderson}', n * 5) as last_name,
         pick('{Northwind,Harbour Lane,Blue Finch Bikes,Kestrel Logistics,Meadow}', n * 3) as company,
         pick('{subscriber,lead,qualified,opportunity,customer,advocate,churned}', n) as stage,
         array(select distinct pick('{vip,newsletter,wholesale,beta,partner,event}', n * s) from generate_series(1, (n % 4)::int) s) as tags,
         timestamptz '2025-01-01' + n * interval '30 seconds' as created_at
       from generate_series(1, ${contacts}) n
     ) people`,
    `insert into contact_addresses (organization_id, kind, key, contact_id, value, created_at)
     select organization_id, a.kind::address_kind, a.value, id, a.value, created_at from contacts
     cross join lateral (values ('phone', phone), ('email', email)) a(kind, value)`,
    `insert into notes (organization_id, id, contact_id, body, pinned, author, created_at, updated_at)
     select ${org}, ${id('note', 'n * 100 + k')}, ${id('con', 'n')}, 'Asked about the delivery of order ' || n * k || ', call back next week.', k = 1, 'Support desk', ${instant(0)}, ${instant(0)}
     from ${everyone(counts.notes)}`,
    messages(everyone(counts.messages), 'n * 100 + k', instant(0)),
    messages(
      `(select 1 as n) one, generate_series(1001, ${1000 + longHistory}) k`,
      '9000000000 + k',
      `timestamptz '2026-06-01' - k * interval '7 minutes'`,
    ),
    `insert into calls (organization_id, id, contact_id, direction, status, duration_seconds, occurred_at, created_at, updated_at)
     select ${org}, ${id('call', 'n * 100 + k')}, ${id('con', 'n')}, 'inbound', 'answered', 60 + (n * k) % 600, ${instant(1)}, ${instant(1)}, ${instant(1)} from ${everyone(counts.calls)}`,
    `insert into tickets (organization_id, id, contact_id, subject, status, occurred_at, created_at, updated_at)
     select ${org}, ${id('tkt', 'n * 100 + k')}, ${id('con', 'n')}, 'Where is order ' || n * k, 'open', ${instant(2)}, ${instant(2)}, ${instant(2)} from ${everyone(counts.tickets)}`,
    `insert into events (organization_id, id, contact_id, name, properties, occurred_at, created_at, updated_at)
     select ${org}, ${id('evt', 'n * 100 + k')}, ${id('con', 'n')}, 'page_viewed', jsonb_build_object('path', '/pricing/' || k), ${instant(3)}, ${instant(3)}, ${instant(3)} from ${everyone(counts.events)}`,
    `insert into lifecycle_transitions (organization_id, id, contact_id, from_stage, to_stage, occurred_at, changed_by)
     select ${org}, ${id('lct', 'n * 100 + k')}, ${id('con', 'n')}, case k when 1 then 'subscriber'::lifecycle_stage else 'lead' end, case k when 1 then 'lead'::lifecycle_stage else 'customer' end, ${instant(0)}, 'Import'
     from ${everyone(counts.transitions)}`,
    `insert into consent_records (organization_id, id, contact_id, channel, state, source, recorded_at, recorded_by, created_at)
     select ${org}, ${id('cns', 'n * 100 + k')}, ${id('con', 'n')}, (enum_range(null::channel))[k], (case (n + k) % 3 when 0 then 'opted_out' else 'opted_in' end)::consent_state, 'web form', ${instant(0)}, 'Website', ${instant(0)}
     from ${everyone(channels)}`,
    `insert into channel_preferences (organization_id, contact_id, channel, state, record_id, recorded_at)
     select organization_id, contact_id, channel, state, id, recorded_at from consent_records`,
  ]

  function messages(from: string, number: string, at: string): string {
    return `insert into messages (organization_id, id, contact_id, channel, direction, category, status, subject, body, occurred_at, sent_at, created_at, updated_at)
      select ${org}, ${id('msg', number)}, ${id('con', 'n')}, (enum_range(null::channel))[1 + k % 11], 'outbound', 'marketing', 'delivered', 'News of week ' || k,
        'Hello, this week we have something new for you: see what it is and write to us.', ${at}, ${at}, ${at}, ${at} from ${from}`
  }
}

function id(prefix: string, number: string): string {
  return `'${prefix}_' || lpad((${number})::text, 26, '0')`
}

/** When entry k of contact n happened: some days back, and no two of a contact at the same time. */
function instant(kind: number): string {
  return `timestamptz '2026-06-01' - (k * 4 + ${kind}) * interval '31 hours' - (n % 86400) * interval '1 second'`
}
