// `DATABASE_URL=… npx tsx bench/bulk/index-cost.ts` on a PostgreSQL of this machine: what the search index of contacts costs when 50,000 of them are written
// at once, step by step, and what searches cost beside `--contacts` others. CPU time of the one process of the database that works.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { migrate } from '../../src/data/migrate.ts'
import { storedContact } from '../../src/domain/contacts/names.ts'
import { contactsMatching } from '../../src/data/sql/contacts-matching.ts'
import { newContact } from '../../src/domain/contacts/rules.ts'
import { parseFilter } from '../../src/domain/finding/filter.ts'
import { parsePhone, phoneDigits } from '../../src/kernel/phone.ts'
import { fold } from '../../src/kernel/text.ts'
import { withDatabase } from './support.ts'

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '50000' },
    contacts: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '3' },
  },
})
const rows = Number(options.rows)
const contacts = Number(options.contacts)
const pick = (list: string, at: number) => list.split(' ')[at % list.split(' ').length] ?? ''
const first =
  'Ana Ben Chloë Dmitri Fatima Hana Inés João Kwame Lena Maya Noor Ottilie Priya Quentin Rosa Sven Tomás Ute Vera Wanda Ximena Yusuf Zoé'
const last =
  'Okafor Müller García Smith Nakamura Dubois Rossi Novák Silva Haddad Anderson Kowalski Petrov Jansen Lindqvist Moreau Costa Weber Fischer'
const companies =
  'Northwind Harbour-Lane Blue-Finch-Bikes Kestrel-Logistics Meadow Alder&Ash Quayside Fernhill Larkspur-Books Old-Mill-Bakery'

/** Names, mailboxes and numbers of many people, and now and then one in another script. */
function person(n: number): Record<string, unknown> {
  const [given, family] = n % 40 === 7 ? ['Мария', 'Иванова'] : n % 60 === 9 ? ['花子', '佐藤'] : [pick(first, n * 7), pick(last, n * 5)]
  const email = `${fold(given).replace(/[^a-z]/g, '') || 'p'}.${fold(family).replace(/[^a-z]/g, '')}${n}@example.com`
  const phone = n % 3 === 0 ? `+4930${10_000_000 + n * 31}` : `+1${2_122_000_000 + n * 37}`
  const company = pick(companies, n * 3).replaceAll('-', ' ')
  const tags = ['vip', 'newsletter', 'wholesale'].slice(0, n % 4)
  const id = `con_${String(n).padStart(26, '0')}`
  const fields = newContact(
    { email, firstName: given, lastName: family, company, tags, lifecycleStage: n % 2 === 0 ? 'lead' : 'customer' },
    null,
  )
  const contact = storedContact({ ...fields, id, phone: parsePhone(phone, null).number, countryCode: n % 3 === 0 ? 'DE' : 'US' })
  const before = fold([given, family, company, email, ...phoneDigits(phone, '')].join(' '))
  return { ...contact, before }
}

const lookup = (...columns: string[]) =>
  `using gin (${['organization_id', ...columns].join(', ')}) with (gin_pending_list_limit = 512) where deleted_at is null`
const rest = ['tag_keys', '(array[lifecycle_stage])', '(array[country_code])']
const steps: readonly (readonly [name: string, index: string | null, text: 'before' | 'search_text'])[] = [
  ['no search index', null, 'search_text'],
  [
    'before: trigrams, letters and pairs, digits by four, tags, stage, country',
    lookup('search_text gin_trgm_ops', 'letters_and_pairs(search_text) collate "C"', 'digits_by_four(search_text) collate "C"', ...rest),
    'before',
  ],
  ['without letters and pairs', lookup('search_text gin_trgm_ops', 'digits_by_four(search_text) collate "C"', ...rest), 'before'],
  [
    'digits as numbers of the program, once each; no trigrams of digits',
    lookup('search_text gin_trgm_ops', 'search_terms', ...rest),
    'search_text',
  ],
  ['the same without tags, stage and country', lookup('search_text gin_trgm_ops', 'search_terms'), 'search_text'],
  ['trigrams alone', lookup('search_text gin_trgm_ops'), 'search_text'],
]

await withDatabase(async (url) => {
  const pool = new pg.Pool({ connectionString: url })
  await migrate(pool)
  await pool.end()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const pid = Number((await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid)
  const cpu = async () => {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  }
  const timed = async (sql: string, values: unknown[] = []) => {
    const [before, began] = [await cpu(), performance.now()]
    const { rowCount } = await client.query(sql, values)
    return { cpu: (await cpu()) - before, wall: performance.now() - began, rowCount }
  }
  await client.query(`insert into organizations (id, name, created_at, updated_at) values ('org_1', 'Bench', now(), now())`)
  await client.query('create unlogged table staged (like contacts including defaults, before text)')
  await stage(client, rows)
  const { rows: columns } = await client.query<{ name: string }>(
    `select string_agg(quote_ident(column_name), ', ' order by ordinal_position) as name from information_schema.columns
     where table_name = 'contacts' and table_schema = 'public'`,
  )
  const names = columns[0]?.name ?? ''
  const btrees = await client.query<{ definition: string }>(
    `select indexdef as definition from pg_indexes where tablename = 'contacts' and indexdef not like '%USING gin%'`,
  )
  const figures = new Map<string, number[]>()
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const [name, index, text] of steps) {
      await client.query('create table trial (like contacts including defaults including constraints)')
      for (const { definition } of btrees.rows) await client.query(definition.replace(/INDEX \S+ ON \S+/, 'INDEX ON trial'))
      if (index !== null) await client.query(`create index on trial ${index}`)
      const values = names.replace('search_text', text).replaceAll('"', '')
      const { cpu: took } = await timed(`insert into trial (${names}) select ${values} from staged`)
      figures.set(name, [...(figures.get(name) ?? []), took])
      await client.query('drop table trial')
    }
  }
  for (const [name, list] of figures) console.log(`${String(median(list)).padStart(7)} ms  ${name}`)
  await searches(client, timed, names)
  await client.end()
})

async function stage(client: pg.Client, count: number): Promise<void> {
  for (let from = 0; from < count; from += 1000) {
    const batch = Array.from({ length: Math.min(1000, count - from) }, (_, n) => person(from + n))
    await client.query(
      `insert into staged (organization_id, id, phone, email, email_key, first_name, last_name, company, country_code, lifecycle_stage, tags, tag_keys, source,
         search_text, search_digits, search_terms, search_version, name_key, created_at, updated_at, before)
       select 'org_1', r.id, r.phone, r.email, r."emailKey", r."firstName", r."lastName", r.company, r."countryCode", r."lifecycleStage", r.tags, r."tagKeys",
         'import', r."searchText", r."searchDigits", r."searchTerms", 1, r."nameKey", timestamptz '2026-01-01' + right(r.id, 9)::int * interval '1 second', now(), r.before
       from json_to_recordset($1::json) as r(id text, phone text, email text, "emailKey" text, "firstName" text, "lastName" text, company text,
         "countryCode" text, "lifecycleStage" lifecycle_stage, tags text[], "tagKeys" text[], "searchText" text, "searchDigits" text, "searchTerms" int[],
         "nameKey" text, before text)`,
      [JSON.stringify(batch)],
    )
  }
}

const asked = [
  'ana',
  'okafor',
  'okafor 31',
  'jo',
  'z',
  'kestrel',
  '5550199',
  '0199',
  '212 2000 370',
  '946',
  'мария',
  '佐',
  '佐藤',
  'quentin@example',
  'absent',
]

type Timed = (sql: string, values?: unknown[]) => Promise<{ wall: number }>

/** How long the database takes to count what is found, before and now. */
async function searches(client: pg.Client, timed: Timed, names: string): Promise<void> {
  await client.query('truncate staged')
  await stage(client, contacts)
  await client.query(`insert into contacts (${names}) select ${names} from staged`)
  await client.query('create table earlier (like contacts including defaults)')
  await client.query(`insert into earlier (${names}) select ${names.replace('search_text', 'before')} from staged`)
  await client.query(`create index on earlier ${steps[1]?.[1]}`)
  await client.query('vacuum analyze contacts')
  await client.query('vacuum analyze earlier')
  console.log(`\nsearches among ${contacts.toLocaleString('en')} contacts: before, now (fastest of five)`)
  for (const search of asked) {
    const condition = contactsMatching('org_1', parseFilter({ search }))
    const [before, now] = [
      await fastest(client, timed, `select count(*)::int as found from earlier c where c.deleted_at is null and ${earlier(search)}`, []),
      await fastest(client, timed, `select count(*)::int as found from contacts c where ${condition.text}`, [...condition.values]),
    ]
    console.log(`${search.padEnd(18)} ${before.padStart(28)} ${now.padStart(28)}`)
  }
}

async function fastest(client: pg.Client, timed: Timed, sql: string, values: unknown[]): Promise<string> {
  const { rows } = await client.query<{ found: number }>(sql, values)
  const rounds: number[] = []
  for (let round = 0; round < 5; round += 1) rounds.push((await timed(sql, values)).wall)
  return `${Math.min(...rounds).toFixed(1)} ms (${rows[0]?.found} found)`
}

/** What was asked of the index before. */
function earlier(search: string): string {
  const words = /^[\d\s()+-]+$/.test(search) ? [search.replace(/\D/g, '')] : fold(search).split(' ')
  const conditions = words.map((word) => {
    if (/^\d{4,}$/.test(word)) return `(${has('digits_by_four(c.search_text)', runs(word, 4))} and strpos(c.search_text, '${word}') > 0)`
    if (/[a-z0-9]{3}/.test(word)) return `c.search_text like '%${word}%'`
    return `(${has('letters_and_pairs(c.search_text)', Array.from(word).length < 3 ? [word] : runs(word, 2))} and strpos(c.search_text, '${word}') > 0)`
  })
  return `c.organization_id = 'org_1' and ${conditions.join(' and ')}`
}

function median(list: readonly number[]): number {
  return list.toSorted((one, other) => one - other)[Math.floor(list.length / 2)] ?? 0
}

function runs(word: string, length: number): string[] {
  const letters = Array.from(word)
  return letters.slice(length - 1).map((_, at) => letters.slice(at, at + length).join(''))
}

function has(expression: string, terms: readonly string[]): string {
  return `${expression} collate "C" @> '{${terms.join(',')}}'::text[]`
}
