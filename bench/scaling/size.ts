// `npm run build && DATABASE_URL=… npx tsx bench/scaling/size.ts`: what a contact and its past weigh in the database, per million contacts.
// Makes a database of its own and removes it. CONTACTS says how many are made; Default: 200,000.
import pg from 'pg'
import { openDatabase } from '../../src/data/open-database.ts'
import { megabytes, report, seconds, withDatabase } from '../bulk/support.ts'

const contacts = Number(process.env['CONTACTS'] ?? 200_000)

await withDatabase(async (url) => {
  await (await openDatabase({ url, dataDir: '' })).close()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const ask = async (sql: string) => (await client.query<Record<string, string>>(sql)).rows
  await ask(`insert into organizations (id, name, created_at, updated_at) values ('org_1', 'Size', now(), now())`)
  const lines: [string, string][] = []
  let total = 0
  for (const [table, each, insert] of tables()) {
    const began = performance.now()
    await ask(insert)
    const took = performance.now() - began
    await ask(`vacuum analyze ${table}`)
    const [sizes] = await ask(
      `select pg_table_size('${table}') as rows, pg_indexes_size('${table}') as indexes, (select count(*) from ${table}) as count`,
    )
    const [rows, indexes, count] = [Number(sizes?.['rows']), Number(sizes?.['indexes']), Number(sizes?.['count'])]
    const perMillion = 1_000_000 / contacts
    total += (rows + indexes) * perMillion
    lines.push([
      `${table}, ${each} a contact`,
      `${megabytes(rows * perMillion)} rows + ${megabytes(indexes * perMillion)} indexes; ${Math.round((rows + indexes) / count)} bytes a row, ` +
        `${Math.round(count / (took / 1000)).toLocaleString('en')} rows/s (${seconds(took)})`,
    ])
  }
  await client.end()
  report([...lines, ['all, per million contacts', megabytes(total)]])
})

/** Each table, how many of its rows a contact has, and the statement that makes them. */
function tables(): [string, number, string][] {
  const contact = id('con', 'n')
  const of = (each: number) => `from generate_series(1, ${contacts}) n, generate_series(1, ${each}) k`
  const at = "now() - k * interval '9 days' - n * interval '1 second'"
  return [
    [
      'contacts',
      1,
      `insert into contacts (organization_id, id, phone, email, email_key, first_name, last_name, display_name, company, country_code, timezone,
        language, lifecycle_stage, tags, tag_keys, custom_attributes, source, search_text, search_digits, search_terms,
        search_version, name_key, created_at, updated_at)
      select 'org_1', ${contact}, '+1212' || (2000000 + n), md5(n::text) || '@example.com', md5(n::text) || '@example.com', first, last, null,
        'Harbour Lane ' || n % 5000, 'US', 'America/New_York', 'en', 'customer', '{vip,newsletter}', '{vip,newsletter}',
        jsonb_build_object('plan', 'pro', 'seats', n % 50), 'import',
        ' ' || lower(first || ' ' || last) || ' harbour lane ' || n % 5000 || ' ' || md5(n::text) || '@example.com', '1212' || (2000000 + n),
        (select array_agg(distinct substr('1212' || (2000000 + n), s, 4)::int) from generate_series(1, 8) s) || 10000 + (2000000 + n) % 1000, 1,
        lower(first || ' ' || last), now() - n * interval '1 second', now()
      from (select n, initcap(left(md5('f' || n), 6)) as first, initcap(left(md5('l' || n), 8)) as last from generate_series(1, ${contacts}) n) people`,
    ],
    [
      'lifecycle_transitions',
      1,
      `insert into lifecycle_transitions select 'org_1', ${id('lct', 'n')}, ${contact}, 'lead', 'customer', ${at}, 'Website' ${of(1)}`,
    ],
    [
      'notes',
      1,
      `insert into notes select 'org_1', ${id('note', 'n')}, ${contact}, repeat('Called back as agreed. ', 6), false, 'Priya', ${at}, ${at} ${of(1)}`,
    ],
    [
      'consent_records',
      2,
      `insert into consent_records (organization_id, id, contact_id, channel, state, source, lawful_basis, recorded_at, recorded_by, created_at)
      select 'org_1', ${id('cns', 'n * 10 + k')}, ${contact}, (array['email', 'sms'])[k]::channel, 'opted_in', 'web_form', 'consent', ${at}, 'Website', ${at} ${of(2)}`,
    ],
    [
      'channel_preferences',
      2,
      `insert into channel_preferences
      select 'org_1', ${contact}, (array['email', 'sms'])[k]::channel, 'opted_in', ${id('cns', 'n * 10 + k')}, ${at} ${of(2)}`,
    ],
    [
      'messages',
      10,
      `insert into messages (organization_id, id, contact_id, external_id, channel, direction, category, status, subject, body, occurred_at, created_at, updated_at)
      select 'org_1', ${id('msg', 'n::bigint * 100 + k')}, ${contact}, md5(n || '.' || k), 'email', 'outbound', 'service', 'delivered', 'Your order',
        repeat('We have sent your order. ', 8), ${at}, ${at}, ${at} ${of(10)}`,
    ],
    [
      'events',
      5,
      `insert into events select 'org_1', ${id('evt', 'n::bigint * 100 + k')}, ${contact}, md5(n || '.' || k), 'order_placed', '{"total": 12.5, "items": 3}',
        ${at}, ${at}, ${at} ${of(5)}`,
    ],
    [
      'audit_entries',
      5,
      `insert into audit_entries select 'org_1', ${id('aud', 'n::bigint * 100 + k')}, ${at}, 'contact.updated', ${contact}, ${contact}, '{tags,company}',
        'key_01k8qphy80ehyt6ssz4xyh2se4', 'Website', 'req_01m8455vrjfagty0gb5qh1bvgw' ${of(5)}`,
    ],
  ]
}

function id(prefix: string, places: string): string {
  return `'${prefix}_' || lpad(to_hex(${places}), 26, '0')`
}
