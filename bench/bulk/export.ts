// `npm run build && npx tsx bench/bulk/export.ts`: 1,000,000 contacts as CSV through the server, beside a COPY … TO STDOUT of the same columns.
// Needs DATABASE_URL (a PostgreSQL on this machine, in which it makes a database of its own) and psql.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { median, megabytes, report, seconds, serveOn, withDatabase } from './support.ts'

const run = promisify(execFile)
const contacts = 1_000_000
const columns =
  'phone, phone_extension, email, first_name, last_name, display_name, company, country_code, timezone, language, lifecycle_stage, tags, custom_attributes'

await withDatabase(async (url) => {
  const server = await serveOn(url)
  // The search indexes would take minutes to build, and an export does not look at them.
  await run('psql', [
    url,
    '-qc',
    'drop index contacts_search',
    '-c',
    'drop index contacts_tags',
    '-c',
    people(),
    '-c',
    'vacuum analyze contacts',
  ])
  await exportOnce()
  const idle = await server.memory()
  const copied: number[] = []
  const exported: { milliseconds: number; bytes: number; most: number }[] = []
  for (let round = 0; round < 3; round += 1) {
    const began = performance.now()
    await run('psql', [url, '-qc', `\\copy (select ${columns} from contacts order by created_at, id) to '/dev/null' csv header`])
    copied.push(performance.now() - began)
    exported.push(await exportOnce())
  }
  await server.stop()
  const [copy, best] = [median(copied), exported.toSorted((one, other) => one.milliseconds - other.milliseconds)[1]]
  if (best === undefined) throw new Error('Nothing was exported.')
  report([
    ['file', `${contacts.toLocaleString('en')} contacts, ${megabytes(best.bytes)}`],
    ['COPY … TO STDOUT of the same columns', seconds(copy)],
    ['export as CSV over HTTP', `${seconds(best.milliseconds)} (${(copy / best.milliseconds).toFixed(2)} of the speed of COPY)`],
    ['server memory', `${megabytes(idle.now)} idle, at most ${megabytes(Math.max(...exported.map(({ most }) => most)))} while it exports`],
  ])

  async function exportOnce() {
    const began = performance.now()
    const response = await fetch(`${server.base}/export`, { method: 'POST', headers: server.headers('application/json'), body: '{}' })
    let [bytes, most, looked] = [0, 0, 0]
    for await (const part of response.body ?? []) {
      bytes += part.length
      if (performance.now() - looked < 100) continue
      looked = performance.now()
      most = Math.max(most, (await server.memory()).now)
    }
    return { milliseconds: performance.now() - began, bytes, most }
  }
})

function people(): string {
  return `insert into contacts (organization_id, id, phone, email, email_key, first_name, last_name, company, country_code, timezone, lifecycle_stage,
      tags, tag_keys, custom_attributes, source, search_text, search_version, name_key, created_at, updated_at)
    select o.id, 'con_' || lpad(n::text, 26, '0'), '+1212' || (2000000 + n), 'person' || n || '@example.com', 'person' || n || '@example.com',
      'Ana' || n % 100, 'Müller', 'Harbour Lane, Inc.', 'US', 'America/New_York', 'customer', '{vip,newsletter}', '{vip,newsletter}',
      jsonb_build_object('plan', 'pro', 'seats', n % 50), 'import', ' ana', 1, 'ana', now() + n * interval '1 ms', now()
    from generate_series(1, ${contacts}) n, organizations o`
}
