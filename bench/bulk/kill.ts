// `npm run build && npx tsx bench/bulk/kill.ts`: an import of 100,000 contacts whose server is killed (SIGKILL) at ten random times and started again.
// Needs DATABASE_URL (a PostgreSQL server, in which it makes a database of its own).
import pg from 'pg'
import { peopleCsv, report, seconds, serveOn, withDatabase } from './support.ts'

const rows = 100_000
const kills = 10

await withDatabase(async (url) => {
  let server = await serveOn(url)
  const began = performance.now()
  const { data } = await server.ask('POST', '/bulk', peopleCsv(rows), 'text/csv')
  const path = `/import-jobs/${String(data['import_job_id'])}`
  const processedAtKill: number[] = []
  for (let kill = 0; kill < kills; kill += 1) {
    await until((job) => Number(job['processed_rows']) >= (rows * kill) / kills)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 300))
    processedAtKill.push(Number((await server.ask('GET', path)).data['processed_rows']))
    await server.kill()
    server = await serveOn(url)
  }
  const job = await until(({ status }) => status !== 'processing')
  const took = performance.now() - began
  await server.stop()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const contacts = await client.query(
    `select count(*)::int as contacts, count(distinct email_key)::int as people, max(revision) as revision from contacts`,
  )
  const outcomes = await client.query(
    `select outcome, count(*)::int as rows, count(distinct contact_id)::int as contacts from import_rows group by outcome`,
  )
  await client.end()
  report([
    ['killed after so many rows', processedAtKill.map((rows) => rows.toLocaleString('en')).join(', ')],
    [
      'the job in the end',
      JSON.stringify({ status: job['status'], processed_rows: job['processed_rows'], created: job['created'], skipped: job['skipped'] }),
    ],
    ['contacts', JSON.stringify(contacts.rows[0])],
    ['rows of the job', JSON.stringify(outcomes.rows)],
    ['time, ten starts included', seconds(took)],
  ])

  async function until(condition: (job: Readonly<Record<string, unknown>>) => boolean) {
    for (;;) {
      const { data: now } = await server.ask('GET', path)
      if (condition(now)) return now
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
})
