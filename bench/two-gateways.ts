// `npm run build && DATABASE_URL=… DATABASE_DIRECT_URL=… npx tsx bench/two-gateways.ts [--requests 10000] [--concurrency 8] [--organizations 2] [--during "select …"]`:
// two gateways that start at once on the empty database that the URLs name, through a pooler or on Citus, and work side by side on a mix of
// reads and writes, for one organization or for one each. A subscription on each must report every change, and statements must end at their time limit: through a pooler in transaction
// mode the role needs one below 10 s. `--during` is run on the direct URL when half of
// the requests are answered, and may be given several times; the load lasts until it has ended.
import { loadavg } from 'node:os'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Db } from '../src/data/database.ts'
import { openDatabase } from '../src/data/open-database.ts'
import { hashKey } from '../src/domain/api-keys/rules.ts'
import { runCli, type Running, startServer } from '../test/support/process.ts'
import { createClient } from '../test/support/soak/client.ts'
import { Figures } from '../test/support/soak/figures.ts'
import { compare } from '../test/support/soak/ledger.ts'
import { work } from '../test/support/soak/mix.ts'
import { Worker } from '../test/support/soak/worker.ts'
import { watching, type Watching } from '../test/support/subscriptions.ts'
import { report } from './bulk/support.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    concurrency: { type: 'string', default: '8' },
    organizations: { type: 'string', default: '1' },
    during: { type: 'string', multiple: true, default: [] },
  },
})
const requests = Number(values.requests)
const url = process.env['DATABASE_URL'] ?? ''
const directUrl = process.env['DATABASE_DIRECT_URL'] ?? null
const apiKey = 'dv_live_sk_two_gateways_two_gateways'
const env = {
  DATABASE_URL: url,
  ...(directUrl !== null && { DATABASE_DIRECT_URL: directUrl }),
  DEMO_DATA: 'false',
  BOOTSTRAP_API_KEY: apiKey,
  RATE_LIMIT: 'off',
  LOG_LEVEL: 'warn',
  REQUEST_TIMEOUT: '10',
}
const subscription = 'subscription { contactsChanged { changes { contactId kinds contact { revision } } } }'

const started = performance.now()
const servers = await Promise.all([startServer(env), startServer(env)])
const start = performance.now() - started
for (const server of servers) if (!server.output().includes('GraphiQL')) throw new Error(`A gateway did not start: ${server.output()}`)

const figures = new Figures()
/** The key that each gateway is asked with. */
const keys = [apiKey, values.organizations === '1' ? apiKey : await keyOfAnother()]
const followers = await Promise.all(servers.map(follow))
const statements = new AbortController()
const workers = servers.flatMap((server, number) => {
  const client = createClient({ url: server.url, apiKey: keys[number] ?? '', stopping: () => null }, Number(values.concurrency), figures)
  return Array.from(
    { length: Number(values.concurrency) },
    (_, index) => new Worker(`g${number}w${index}`, client, figures, number * 100 + index),
  )
})
const began = performance.now()
const [during] = await Promise.all([halfWay(), ...workers.map(drive)])
const seconds = (performance.now() - began) / 1000
const delays = await delaysOfEvents()
await lastChangesReported()
for (const { watched } of followers) await watched.close()
const timeout = await timeoutOfStatements()
for (const server of servers) server.process.kill('SIGTERM')
await Promise.all(servers.map((server) => server.exit()))
const faults = [...figures.faults, ...(await faultsOfDatabase()), ...servers.flatMap(faultsOfLog)]
for (const status of figures.statuses.keys()) if (status >= 500) faults.push(`There were answers with ${status}.`)
report([
  ['both gateways started after', `${Math.round(start)} ms`],
  ['requests answered', [...figures.statuses].map(([status, count]) => `${count} × ${status}`).join(', ')],
  ['time', `${seconds.toFixed(0)} s, ${Math.round(figures.requests / seconds)} requests/s`],
  ['p50, p99', `${figures.percentile(0.5).toFixed(0)} ms, ${figures.percentile(0.99).toFixed(0)} ms`],
  ['sent again', [...figures.retries].map(([why, count]) => `${count} × ${why}`).join(', ') || 'none'],
  ['statement during the load', during ?? 'none'],
  ...(delays.length === 0
    ? []
    : [['event of the other gateway: p50, p95, longest of 100', [0.5, 0.95, 1].map((share) => at(delays, share)).join(', ')] as const]),
  ['statements that waited for a lock', timeout],
  ['changes that each subscription reported', followers.map(({ seen }) => String(seen.size)).join(', ')],
])
for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`)
console.log(faults.length === 0 ? 'PASS' : `FAIL: ${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1

interface Follower {
  readonly watched: Watching
  /** Kinds with their contacts, and the latest revision of each contact. */
  readonly seen: Set<string>
  readonly revisions: Map<string, number>
  /** When a contact was reported last. */
  readonly times: Map<string, number>
  /** Whether the server has ended the subscription, or it broke off. */
  isOver: boolean
}

/** Makes a second organization. @returns a key of it */
async function keyOfAnother(): Promise<string> {
  const { output: id } = await runCli(['organizations', 'create', '--name', 'Second'], env)
  const { output } = await runCli(['keys', 'create', '--name', 'Second', '--organization', id.trim()], env)
  return /dv_live_sk_[\w-]+/.exec(output)?.[0] ?? ''
}

/** Subscribes to all changes. */
async function follow(server: Running, number: number): Promise<Follower> {
  const headers = { 'X-API-Key': keys[number] ?? '', 'Content-Type': 'application/json', Accept: 'text/event-stream' }
  const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: subscription }) })
  const follower: Follower = { watched: watching(response), seen: new Set(), revisions: new Map(), times: new Map(), isOver: false }
  void (async () => {
    for (let event = await follower.watched.next(); event !== null; event = await follower.watched.next()) {
      for (const { contactId, kinds, contact } of event.body.data.contactsChanged.changes) {
        for (const kind of kinds) follower.seen.add(`${kind} ${contactId}`)
        if (contact !== null) follower.revisions.set(contactId, contact.revision)
        follower.times.set(contactId, performance.now())
      }
    }
  })()
    .catch(() => {})
    .finally(() => (follower.isOver = true))
  return follower
}

/**
 * Creates a contact through each gateway when all other writes were answered, and waits until every subscription of its organization has
 * reported it. These transactions are the last ones, and changes are read in the order of transactions: what is missing then is lost.
 */
async function lastChangesReported(): Promise<void> {
  const lastOnes = await Promise.all(servers.map((server, number) => createMeasured(server, number, `last${number}`)))
  const isReported = (follower: Follower, number: number) =>
    lastOnes.every(({ id }, from) => keys[from] !== keys[number] || follower.times.has(id))
  const limit = performance.now() + 30_000
  for (const [number, follower] of followers.entries()) {
    while (!isReported(follower, number) && !follower.isOver && performance.now() < limit) await pause(5)
    if (follower.isOver) figures.broken(`The subscription on gateway ${number} has ended.`)
    else if (!isReported(follower, number)) figures.broken(`Gateway ${number} has not reported the last contact within 30 s.`)
  }
}

/** Creates a contact that is in no ledger. */
async function createMeasured(server: Running, number: number, name: string): Promise<{ id: string; created_at: string }> {
  const headers = { 'X-API-Key': keys[number] ?? '', 'Content-Type': 'application/json' }
  const body = JSON.stringify({ email: `${name}@measured.example` })
  const response = await fetch(`${server.url}/api/v1/contacts`, { method: 'POST', headers, body })
  if (response.status !== 201) throw new Error(`A contact was not created: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { data: { id: string; created_at: string } }).data
}

async function drive(worker: Worker): Promise<void> {
  while (figures.requests < requests || !statements.signal.aborted) await work(worker)
}

/** Runs the given statements under load. @returns how long they took */
async function halfWay(): Promise<string | null> {
  if (values.during.length === 0) {
    statements.abort()
    return null
  }
  while (figures.requests < requests / 2) await pause(20)
  const client = new pg.Client({ connectionString: directUrl ?? url })
  await client.connect()
  const took: string[] = []
  for (const statement of values.during) {
    const [from, before] = [performance.now(), figures.requests]
    await client.query(statement)
    took.push(`${((performance.now() - from) / 1000).toFixed(1)} s, ${figures.requests - before} requests`)
  }
  await client.end()
  statements.abort()
  return took.join('; ')
}

/** How long events take from one gateway to the other when nothing else is under way. */
async function delaysOfEvents(): Promise<number[]> {
  const found: number[] = []
  const [one] = servers
  const [, other] = followers
  if (other === undefined || keys[0] !== keys[1]) return found
  for (let index = 0; index < 100; index += 1) {
    const data = await createMeasured(one, 0, `delay${index}`)
    const answered = performance.now()
    if (Math.abs(Date.parse(data.created_at) - Date.now()) > 60_000) figures.broken(`A contact of now was created at ${data.created_at}`)
    while (!other.times.has(data.id) && performance.now() - answered < 10_000) await pause(1)
    found.push(Math.max(0, (other.times.get(data.id) ?? Infinity) - answered))
    await pause(10)
  }
  return found.toSorted((a, b) => a - b)
}

/** Sends a request to each gateway that waits for a lock, and looks for statements that go on after both were answered. */
async function timeoutOfStatements(): Promise<string> {
  const client = new pg.Client({ connectionString: directUrl ?? url })
  await client.connect()
  await client.query('begin')
  await client.query('lock table contacts')
  const from = performance.now()
  const answers = await Promise.all(servers.map((server) => fetch(`${server.url}/api/v1/contacts`, { headers: { 'X-API-Key': apiKey } })))
  const took = performance.now() - from
  await pause(500)
  const { rows } = await client.query(
    "select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and wait_event_type = 'Lock'",
  )
  await client.query('rollback')
  await client.end()
  for (const { status } of answers) if (status !== 503) figures.broken(`A statement that took too long was answered with ${status}.`)
  if (rows.length > 0) figures.broken(`${rows.length} statements went on after their time limit.`)
  return `${answers.map(({ status }) => status).join(', ')} after ${(took / 1000).toFixed(1)} s, ${rows.length} went on`
}

function at(sorted: readonly number[], share: number): string {
  return `${Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN)} ms`
}

/** Compares what was acknowledged with the rows, and what was reported with the recorded changes. */
async function faultsOfDatabase(): Promise<string[]> {
  const database = await openDatabase({ url: directUrl ?? url, dataDir: '' })
  const { db } = database
  const measured = await db.prisma.contact.findMany({ where: { email: { endsWith: '@measured.example' } }, select: { id: true } })
  const people = workers.flatMap((worker) => worker.people)
  const compared = (await compare(db, people)).filter((fault) => !measured.some(({ id }) => fault.includes(id)))
  const changes = await db.prisma.change.findMany({
    where: { contactId: { not: null } },
    select: { kind: true, contactId: true, occurredAt: true, organizationId: true },
  })
  const deletions = changes.filter(({ kind }) => kind === 'contact.deleted')
  // What happened shortly before a contact was deleted may be read afterwards. Then only the deletion is reported.
  const isReported = ({ kind, contactId, occurredAt }: (typeof changes)[number]) =>
    kind === 'contact.deleted' || !deletions.some((one) => one.contactId === contactId && isWithin(5000, occurredAt, one.occurredAt))
  const contacts = await db.prisma.contact.findMany({
    where: { deletedAt: null },
    select: { id: true, revision: true, organizationId: true },
  })
  const ofKeys = await Promise.all(keys.map((key) => organizationOf(db, key)))
  await database.close()
  const unreported = followers.flatMap(({ seen, revisions }, index) => {
    const isOwn = ({ organizationId }: { organizationId: string }) => organizationId === ofKeys[index]
    const wanted = new Set(changes.filter(isReported).filter(isOwn).map(nameOf))
    const missing = [...wanted].filter((change) => !seen.has(change))
    const stale = contacts.filter((contact) => isOwn(contact) && revisions.get(contact.id) !== contact.revision)
    const counts = `${changes.filter(isOwn).length} changes, ${wanted.size} of a kind and a contact`
    console.log(
      `gateway ${index}: ${counts}, ${wanted.size - missing.length} reported, ${missing.length} and ${stale.length} last revisions missing`,
    )
    return [
      ...missing.map((change) => `Gateway ${index} did not report ${change}`),
      ...stale.map(({ id }) => `Gateway ${index} did not report the last revision of ${id}`),
    ]
  })
  console.log(`load ${loadavg()[0]?.toFixed(1)}`)
  return [...compared, ...unreported]
}

async function organizationOf({ prisma }: Db, key: string): Promise<string> {
  const { organizationId } = await prisma.apiKey.findUniqueOrThrow({ where: { hash: hashKey(key) } })
  return organizationId
}

/** A change as a subscription reports it. */
function nameOf({ kind, contactId }: { kind: string; contactId: string | null }): string {
  const name = kind
    .replace(/^contact\./, '')
    .replaceAll('.', '_')
    .toUpperCase()
  return `${name} ${contactId}`
}

function faultsOfLog(server: Running): string[] {
  const lines = server.output().split('\n')
  return lines
    .filter((line) => line.startsWith('{') && !line.includes('ALTER ROLE'))
    .map((line) => `A gateway has logged ${line.slice(0, 300)}`)
}

/** Whether something happened at most so many milliseconds before something else. */
function isWithin(milliseconds: number, before: Date, after: Date): boolean {
  const lead = after.getTime() - before.getTime()
  return lead >= 0 && lead < milliseconds
}
