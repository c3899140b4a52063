// `npm run build && DATABASE_URL=… npx tsx bench/scaling/tenants.ts [--share 0.2] [--rounds 3] [--concurrency 6] PID PID`, as root on Linux with control
// groups of version 1: how many requests two organizations are answered in a second while both are on one worker of Citus, and while each has its
// own. The URL is that of a coordinator with an empty, distributed database, the PIDs are those of the postmasters of the two workers. The kernel
// gives each worker that share of a processor, so that the gateway, the clients and the coordinator, which share the machine, are not the limit.
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { runCli } from '../../test/support/process.ts'
import { median, report, SECRET_KEYS, serveOn } from '../bulk/support.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    share: { type: 'string', default: '0.2' },
    rounds: { type: 'string', default: '3' },
    concurrency: { type: 'string', default: '6' },
  },
})
const url = process.env['DATABASE_URL'] ?? ''
const pids = positionals.map(Number)
/** The controllers that limit and count processor time. */
const [limits, accounts] = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup/cpuacct']
const period = 20_000
const seconds = 8
const contacts = 500

const query = `{ contacts(first: 25) { edges { node { id displayName email tags notes(first: 3) { nodes { id body } }
  timeline(first: 5) { nodes { id } } preferences { channel state } } } } }`
const note =
  'mutation ($id: ID!) { createNote(input: { contactId: $id, body: "Called back" }) { ... on CreateNotePayload { note { id } } } }'

interface Tenant {
  readonly organization: string
  readonly key: string
  readonly ids: readonly string[]
}

interface Round {
  readonly perSecond: number
  /** Processor time that each worker has taken, in cores. */
  readonly cores: readonly number[]
}

const client = new pg.Client({ connectionString: url })
await client.connect()
const workers = (
  await client.query<{ host: string; port: number }>(
    'select nodename as host, nodeport as port from pg_dist_node where shouldhaveshards order by groupid',
  )
).rows
const server = await serveOn(url)
const taken = new Set<number>()
const tenants = [await newTenant(), await newTenant()]
await confine()
const [together, apart]: [Round[], Round[]] = [[], []]
for (let round = 0; round <= Number(values.rounds); round += 1) {
  const found = await measure()
  // The first round compiles and fills caches.
  if (round > 0) together.push(found)
}
// Not there and back again between rounds: Citus refuses to move a shard to where a remnant of it has not been removed yet.
await moveAway(tenants[1])
for (let round = 1; round <= Number(values.rounds); round += 1) apart.push(await measure())
await server.stop()
await client.end()
await release()
const middle = (list: readonly Round[]) => median(list.map(({ perSecond }) => perSecond))
const line = (list: readonly Round[]) =>
  `${middle(list).toFixed(0)} requests/s (${list.map(({ perSecond }) => perSecond.toFixed(0)).join(', ')}); workers took ${list.map(({ cores }) => cores.map((one) => one.toFixed(2)).join(' + ')).join(', ')} cores`
report([
  ['share of a processor for each worker', values.share],
  ['both organizations on one worker', line(together)],
  ['each on its own', line(apart)],
  ['ratio', (middle(apart) / middle(together)).toFixed(2)],
  ['load', (loadavg()[0] ?? 0).toFixed(1)],
])

/** Makes an organization with contacts, in another shard than the others, on the first worker. */
async function newTenant(): Promise<Tenant> {
  const env = { DATABASE_URL: url, SECRET_KEYS }
  for (;;) {
    const organization = (await runCli(['organizations', 'create', '--name', 'Tenant'], env)).output.trim()
    const shard = await shardOf(organization)
    if (taken.has(shard) || (await placeOf(shard))?.port !== workers[0]?.port) continue
    taken.add(shard)
    const { output } = await runCli(['keys', 'create', '--name', 'Tenant', '--organization', organization], env)
    const key = /dv_live_sk_[\w-]+/.exec(output)?.[0] ?? ''
    const people = Array.from({ length: contacts }, (_, index) => ({ email: `person${index}@example.com`, first_name: 'Ana' }))
    await ask(key, '/api/v1/contacts/bulk', { contacts: people })
    const { data } = await ask(key, '/graphql', { query: '{ contacts(first: 50) { nodes { id } } }' })
    return { organization, key, ids: data.contacts.nodes.map(({ id }) => id) }
  }
}

async function shardOf(organization: string): Promise<number> {
  const { rows } = await client.query<{ shard: string }>(
    "select get_shard_id_for_distribution_column('contacts', $1::text)::text as shard",
    [organization],
  )
  return Number(rows[0]?.shard)
}

async function placeOf(shard: number): Promise<{ host: string; port: number } | undefined> {
  const { rows } = await client.query<{ host: string; port: number }>(
    'select nodename as host, nodeport as port from pg_dist_shard_placement where shardid = $1',
    [shard],
  )
  return rows[0]
}

/** Moves an organization, with all of its tables, to the second worker. */
async function moveAway(tenant: Tenant | undefined): Promise<void> {
  const shard = await shardOf(tenant?.organization ?? '')
  const [source, target] = [await placeOf(shard), workers[1]]
  await client.query("select citus_move_shard_placement($1::bigint, $2::text, $3::int, $4::text, $5::int, 'block_writes')", [
    shard,
    source?.host,
    source?.port,
    target?.host,
    target?.port,
  ])
}

/** Three reads and one write, by each of the clients of both organizations. */
async function measure(): Promise<Round> {
  let answered = 0
  const over = new AbortController()
  const asking = tenants.flatMap((tenant) =>
    Array.from({ length: Number(values.concurrency) }, async (_, index) => {
      for (let count = index; !over.signal.aborted; count += 1) {
        const body = count % 4 === 0 ? { query: note, variables: { id: tenant.ids[count % tenant.ids.length] } } : { query }
        await ask(tenant.key, '/graphql', body)
        answered += 1
      }
    }),
  )
  await pause(2000)
  const [before, cpu] = [answered, await Promise.all(pids.map(cpuOf))]
  await pause(seconds * 1000)
  const [after, cpuAfter] = [answered, await Promise.all(pids.map(cpuOf))]
  over.abort()
  await Promise.all(asking)
  return {
    perSecond: (after - before) / seconds,
    cores: cpuAfter.map((time, index) => (time - (cpu[index] ?? 0)) / 1e9 / seconds),
  }
}

async function ask(key: string, path: string, body: object): Promise<{ data: { contacts: { nodes: { id: string }[] } } }> {
  const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
  const response = await fetch(`${server.origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await response.text()
  if (!response.ok || text.includes('"errors":[')) throw new Error(`${response.status} ${text.slice(0, 500)}`)
  // proof: only the answer to the list is looked at
  return JSON.parse(text) as { data: { contacts: { nodes: { id: string }[] } } }
}

function groupOf(controller: string, pid: number): string {
  return `${controller}/contact-gateway-bench-${pid}`
}

/** Nanoseconds of processor time that a worker has taken, with all of its sessions. */
async function cpuOf(pid: number): Promise<number> {
  return Number(await readFile(`${groupOf(accounts, pid)}/cpuacct.usage`, 'utf8'))
}

async function confine(): Promise<void> {
  for (const pid of pids) {
    for (const controller of [limits, accounts]) await mkdir(groupOf(controller, pid))
    await writeFile(`${groupOf(limits, pid)}/cpu.cfs_period_us`, String(period))
    await writeFile(`${groupOf(limits, pid)}/cpu.cfs_quota_us`, String(Math.round(period * Number(values.share))))
    await moveTo(pid, (controller) => groupOf(controller, pid))
  }
}

async function release(): Promise<void> {
  for (const pid of pids) {
    await moveTo(pid, (controller) => controller)
    for (const controller of [limits, accounts]) await rmdir(groupOf(controller, pid)).catch(() => {})
  }
}

/** Puts a server and its sessions into a group; later sessions are put there by the kernel. One that has just ended is none. */
async function moveTo(pid: number, group: (controller: string) => string): Promise<void> {
  for (const one of [pid, ...(await childrenOf(pid))])
    for (const controller of [limits, accounts]) await writeFile(`${group(controller)}/cgroup.procs`, String(one)).catch(() => {})
}

async function childrenOf(pid: number): Promise<number[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').map(Number)
}
