// `npm run build && DATABASE_URL=… npx tsx bench/bulk/suppressions.ts`: what an import of 100,000 contacts costs beside 1,000,000 suppressed addresses.
// Each round imports the same file into two new databases, one without suppressions and one with them. One address of the file in 100 is suppressed.
import pg from 'pg'
import { median, peopleCsv, report, seconds, serveOn, upload, withDatabase } from './support.ts'

const rows = 100_000
const suppressed = 1_000_000
const rounds = 3

const file = peopleCsv(rows)
const [without, beside]: [number[], number[]] = [[], []]
for (let round = 0; round < rounds; round += 1) {
  without.push(await importInto(0))
  beside.push(await importInto(suppressed))
}
const [bare, full] = [median(without), median(beside)]
report([
  [`import of ${rows.toLocaleString('en')} contacts`, `${seconds(bare)} (${without.map(seconds).join(', ')})`],
  [
    `beside ${suppressed.toLocaleString('en')} suppressions`,
    `${seconds(full)} (${beside.map(seconds).join(', ')}), ${(full / bare).toFixed(2)} times`,
  ],
])

/** @returns the milliseconds of an import into a new database that has this many suppressions */
async function importInto(suppressions: number): Promise<number> {
  let milliseconds = 0
  await withDatabase(async (url) => {
    const server = await serveOn(url)
    try {
      await suppress(url, suppressions)
      ;({ milliseconds } = await upload(server, file, 'skip'))
    } finally {
      await server.stop()
    }
  })
  return milliseconds
}

async function suppress(url: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    `insert into suppressions (organization_id, id, kind, key, channel, topic_id, reason, since, created_by, created_at)
     select o.id, 'sup_' || lpad(n::text, 26, '0'), 'email', case when n % 1000 = 0 then 'person' || n / 10 || '@example.com' else 'listed' || n || '@example.org' end,
       '', '', 'imported', now(), 'benchmark', now()
     from organizations o, generate_series(1, $1) n where o.id = (select min(id) from organizations)`,
    [count],
  )
  await client.query('vacuum analyze suppressions')
  await client.end()
}
