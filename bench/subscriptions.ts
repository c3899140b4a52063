// `npm run build && DATABASE_URL=… npx tsx bench/subscriptions.ts [subscribers] [changes a second] [seconds]`: subscriptions of one filter on
// one process, their memory, and the time from a change's commit to each client. Makes a database of its own.
import { Agent, request } from 'node:http'
import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { serveOn, megabytes, report, withDatabase } from './bulk/support.ts'

const [subscribers = 2000, perSecond = 200, seconds = 20] = process.argv.slice(2).map(Number)
const query = 'subscription { contactsChanged { changes { contactId contact { company updatedAt } } } }'

await withDatabase(async (url) => {
  const server = await serveOn(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const contacts = Array.from({ length: 400 }, (_, index) => ({ email: `c${index}@example.com` }))
  await server.ask('POST', '/bulk', JSON.stringify({ contacts }))
  const { rows } = await client.query<{ id: string }>('select id from contacts')
  const ids = rows.map(({ id }) => id)
  const { now: idle } = await server.memory()
  const tally = { told: 0, events: 0, ended: 0 }
  const delays: number[] = []
  for (let count = 0; count < subscribers; count += 50)
    await Promise.all(Array.from({ length: Math.min(50, subscribers - count) }, subscribe))
  await new Promise((resolve) => setTimeout(resolve, 5000))
  const { now: open } = await server.memory()
  const cpuBefore = await server.cpu()
  const changes = perSecond * seconds
  const began = performance.now()
  // Set-based, as a bulk action would be: what is measured is the telling, not the writing.
  for (let done = 0, tick = 0; done < changes; tick += 1) {
    const due = Math.min(changes, Math.floor(((performance.now() - began) / 1000) * perSecond))
    for (; done < due; done += 1) await change(ids[done % ids.length] ?? '')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const took = performance.now() - began
  const cpu = (await server.cpu()) - cpuBefore
  await new Promise((resolve) => setTimeout(resolve, 5000))
  const { peak } = await server.memory()
  delays.sort((one, other) => one - other)
  const at = (share: number) => `${Math.round(delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0)} ms`
  report([
    ['subscriptions open, ended by the server', `${subscribers}, ${tally.ended}`],
    ['memory: idle, with all open, at the peak', `${megabytes(idle)}, ${megabytes(open)}, ${megabytes(peak)}`],
    ['memory for each', `${Math.round((open - idle) / subscribers / 1024)} KB`],
    ['changes a second', (changes / (took / 1000)).toFixed(0)],
    ['changes told, of those that should be', `${tally.told} of ${changes * subscribers}, in ${tally.events} events`],
    ['from commit to client: p50, p99, longest', `${at(0.5)}, ${at(0.99)}, ${at(1)}`],
    ['CPU of the server while changes come', `${(cpu / took).toFixed(2)} processors`],
  ])
  await client.end()
  await server.kill()

  /** Changes a contact and says so, as the gateway does, with the moment in the text. */
  async function change(id: string): Promise<void> {
    await client.query(
      `with changed as (update contacts set company = (extract(epoch from clock_timestamp()) * 1000)::bigint::text, revision = revision + 1 where id = $1 returning organization_id),
        written as (insert into changes (organization_id, kind, contact_id, subject_id, fields, occurred_at)
          select organization_id, 'contact.updated', $1, null, '{company}', now() from changed)
       select pg_notify('contact_changes', organization_id) from changed`,
      [id],
    )
  }

  function subscribe(): Promise<void> {
    return new Promise((resolve, reject) => {
      const headers = { ...server.headers('application/json'), Accept: 'text/event-stream' }
      const sent = request(`${new URL(server.base).origin}/graphql`, { method: 'POST', headers, agent: new Agent() }, (response) => {
        resolve()
        response.on('data', (chunk: Buffer) => take(chunk.toString('latin1')))
        response.on('end', () => (tally.ended += 1))
      })
      sent.on('error', reject)
      sent.end(JSON.stringify({ query }))
    })
  }

  function take(text: string): void {
    const told = text.match(/"company":"\d+"/g)
    if (told === null) return
    tally.events += 1
    tally.told += told.length
    const moments = told.map((field) => Number(/\d+/.exec(field)))
    if (tally.events % 7 === 0) delays.push(Date.now() - Math.min(...moments))
  }
})
