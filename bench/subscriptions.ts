// `npm run build && DATABASE_URL=… npx tsx bench/subscriptions.ts [subscribers] [changes a second] [seconds]`: subscriptions of one filter on
// one process, their memory, and the time from a change's commit to each client. Makes a database of its own.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { megabytes, report, serveOn, withDatabase } from './bulk/support.ts'
import type { Tally, Task } from './subscribers.ts'

const [subscribers = 2000, perSecond = 200, seconds = 20] = process.argv.slice(2).map(Number)
const query = 'subscription { contactsChanged { changes { contactId contact { company updatedAt } } } }'
const writers = 4

await withDatabase(async (url) => {
  const busy = loadavg()[0] ?? 0
  const server = await serveOn(url)
  const pool = new pg.Pool({ connectionString: url, max: writers })
  // More contacts than can change within one event: each change is delivered by itself.
  const contacts = Array.from({ length: 4000 }, (_, index) => ({ email: `c${index}@example.com` }))
  await server.ask('POST', '/bulk', JSON.stringify({ contacts }))
  const { rows } = await pool.query<{ id: string }>('select id from contacts')
  const ids = rows.map(({ id }) => id)
  const { now: idle } = await server.memory()
  const clients = fork(join(import.meta.dirname, 'subscribers.ts'))
  const address = `${new URL(server.base).origin}/graphql`
  clients.send({ url: address, headers: server.headers('application/json'), query, count: subscribers } satisfies Task)
  await once(clients, 'message')
  await sleep(5000)
  const { now: open } = await server.memory()
  const [cpuBefore, machineBefore] = [await server.cpu(), await cpuOfMachine()]
  const changes = perSecond * seconds
  const began = performance.now()
  let done = 0
  await Promise.all(Array.from({ length: writers }, write))
  const took = performance.now() - began
  const [cpu, machine] = [(await server.cpu()) - cpuBefore, (await cpuOfMachine()) - machineBefore]
  await sleep(5000)
  const { peak } = await server.memory()
  clients.send('tally')
  // proof: the process says nothing else
  const [tally] = (await once(clients, 'message')) as [Tally]
  const at = (share: number) => {
    let left = tally.events * share
    return `${tally.delays.findIndex((times) => (left -= times) <= 0)} ms`
  }
  report([
    ['subscriptions open, ended by the server', `${subscribers}, ${tally.ended}`],
    ['memory: idle, with all open, at the peak', `${megabytes(idle)}, ${megabytes(open)}, ${megabytes(peak)}`],
    ['memory for each', `${Math.round((open - idle) / subscribers / 1024)} KB`],
    ['changes a second', (changes / (took / 1000)).toFixed(0)],
    [
      'changes delivered: of all, to each subscriber',
      `${changes}, ${tally.least} to ${tally.most}, in ${tally.events / subscribers} events`,
    ],
    ['from the oldest commit to client: p50, p99', `${at(0.5)}, ${at(0.99)}`],
    ['CPU of the server while changes come', `${(cpu / took).toFixed(2)} processors`],
    ['CPU of the machine meanwhile; load before', `${(machine / took).toFixed(2)} processors; ${busy.toFixed(1)}`],
  ])
  clients.kill()
  await pool.end()
  await server.stop()

  /** Changes contacts as fast as is asked for, one commit each: delivery is measured, not writing. */
  async function write(): Promise<void> {
    while (done < changes) {
      const due = Math.floor(((performance.now() - began) / 1000) * perSecond)
      if (done >= due) await sleep(2)
      else await change(ids[done++ % ids.length] ?? '')
    }
  }

  /** Changes a contact and says so, as the gateway does, with the time in the text. */
  async function change(id: string): Promise<void> {
    await pool.query(
      `with changed as (update contacts set company = (extract(epoch from clock_timestamp()) * 1000)::bigint::text, revision = revision + 1 where id = $1 returning organization_id),
        written as (insert into changes (organization_id, kind, contact_id, subject_id, fields, occurred_at)
          select organization_id, 'contact.updated', $1, null, '{company}', now() from changed)
       select pg_notify('contact_changes', organization_id) from changed`,
      [id],
    )
  }
})

/** Milliseconds of CPU that everything on this machine has taken. */
async function cpuOfMachine(): Promise<number> {
  const [, user, nice, system, , , irq, softirq] = (await readFile('/proc/stat', 'utf8')).split(/\s+/)
  return [user, nice, system, irq, softirq].reduce((sum, ticks) => sum + Number(ticks) * 10, 0)
}
