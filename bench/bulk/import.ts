// `npm run build && npx tsx bench/bulk/import.ts`: 100,000 contacts by CSV through the server, beside a bare COPY of the same rows into the same table.
// Needs DATABASE_URL (a PostgreSQL on this machine, in which it makes a database of its own) and psql.
import { copyMilliseconds, megabytes, peopleCsv, report, seconds, serveOn, upload, withDatabase } from './support.ts'

const rows = 100_000

await withDatabase(async (url) => {
  const server = await serveOn(url)
  const idle = await server.memory()
  const file = peopleCsv(rows)
  const first = await upload(server, file, 'skip')
  const again = await upload(server, file, 'update')
  const { peak } = await server.memory()
  await server.stop()
  const copy = await copyMilliseconds(url)
  report([
    ['file', `${rows.toLocaleString('en')} rows, ${megabytes(file.length)}`],
    ['bare COPY into the table with its indexes', seconds(copy)],
    [
      'import of new contacts',
      `${seconds(first.milliseconds)} (${(first.milliseconds / copy).toFixed(1)} times COPY), server CPU ${seconds(first.cpu)}, ${outcome(first.job)}`,
    ],
    [
      'the same file again with on_duplicate=update',
      `${seconds(again.milliseconds)}, server CPU ${seconds(again.cpu)}, ${outcome(again.job)}`,
    ],
    ['server memory', `${megabytes(idle.now)} idle, ${megabytes(peak)} at its peak`],
  ])
})

function outcome(job: Readonly<Record<string, unknown>>): string {
  return ['created', 'updated', 'unchanged', 'skipped'].map((what) => `${Number(job[what]).toLocaleString('en')} ${what}`).join(', ')
}
