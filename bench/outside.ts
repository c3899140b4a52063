// `npm run build && DATABASE_URL=… npx tsx bench/outside.ts`: what the built server holds against clients that do not behave: see docs/benchmarks.md.
// It makes a database of its own beside the one that DATABASE_URL names. Limits are the default ones.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCli } from '../test/support/process.ts'
import { megabytes, peopleCsv, report, SECRET_KEYS, serveOn, withDatabase } from './bulk/support.ts'

const contacts = 20_000
const reads = 200
const limits = { RATE_LIMIT: 'on' }

type Server = Awaited<ReturnType<typeof serveOn>>

function percentile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((one, other) => one - other)
  return `${(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0)} ms`
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Mutations at once, each with an Idempotency-Key. */
async function keyedMutations({ origin, headers }: Server, count: number): Promise<string> {
  const statuses = new Map<number, number>()
  const took = await timed(() =>
    Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const query = `mutation { createContact(input: { email: "keyed${index}@example.com" }) { __typename } }`
        const sent = { ...headers('application/json'), 'Idempotency-Key': `keyed-${index}` }
        const response = await fetch(`${origin}/graphql`, { method: 'POST', headers: sent, body: JSON.stringify({ query }) })
        await response.text()
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      }),
    ),
  )
  return `${took.toFixed(0)} ms (${[...statuses].map(([status, many]) => `${many} × ${status}`).join(', ')})`
}

/** Exports of an organization that are not read. @returns ends them */
async function unreadExports({ port, headers }: Server, count: number): Promise<() => void> {
  const body = '{"format":"ndjson"}'
  const head = `POST /api/v1/contacts/export HTTP/1.1\r\nHost: x\r\nX-API-Key: ${headers('')['X-API-Key']}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  const sockets = await Promise.all(Array.from({ length: count }, () => opened(port)))
  for (const socket of sockets) socket.pause().write(`${head}${body}`)
  await new Promise((resolve) => setTimeout(resolve, 2000))
  return () => sockets.forEach((socket) => socket.destroy())
}

async function opened(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  return socket
}

async function listsOf({ base }: Server, otherKey: string): Promise<number[]> {
  const times: number[] = []
  for (let read = 0; read < reads; read += 1) {
    times.push(await timed(async () => (await fetch(base, { headers: { 'X-API-Key': otherKey } })).text()))
  }
  return times
}

const repeat = (times: number, part: (at: number) => string) => Array.from({ length: times }, (_, at) => part(at)).join(' ')

/** Operations that validation refuses after much work, each a text of its own. */
function refusedOperation(index: number): string {
  const kinds = [
    () => `{ contacts { nodes { ${repeat(980, () => 'block { id }')} } } }`,
    () => `{ contacts { nodes { ${repeat(300, (at) => `...F${at}`)} } } } ${repeat(300, (at) => `fragment F${at} on Contact { id }`)}`,
    () => `{ contacts { nodes { ${repeat(1000, (at) => `a: ${at % 2 === 0 ? 'id' : 'email'}`)} } } }`,
  ]
  return `${kinds[index % kinds.length]?.()} # ${index}`
}

/** How long `/health` takes while four connections send refused operations for five seconds. */
async function healthBesideRefusals({ origin, headers }: Server): Promise<number[]> {
  const end = performance.now() + 5000
  const times: number[] = []
  let sent = 0
  const refuse = async () => {
    while (performance.now() < end) {
      const body = JSON.stringify({ query: refusedOperation((sent += 1)) })
      await (await fetch(`${origin}/graphql`, { method: 'POST', headers: headers('application/json'), body })).text()
    }
  }
  const look = async () => {
    while (performance.now() < end) {
      times.push(await timed(async () => (await fetch(`${origin}/health`)).text()))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  await Promise.all([refuse(), refuse(), refuse(), refuse(), look()])
  return times
}

/** The memory under anonymous requests that send all but the last byte of 1 MiB. */
async function anonymousBodies({ port, memory }: Server, count: number): Promise<string> {
  const before = (await memory()).now
  const size = 1024 * 1024
  const sockets = await Promise.all(Array.from({ length: count }, () => opened(port)))
  for (const socket of sockets) {
    socket.write(`POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n`)
    socket.write(Buffer.alloc(size - 1, 32))
  }
  await new Promise((resolve) => setTimeout(resolve, 4000))
  const { now } = await memory()
  for (const socket of sockets) socket.destroy()
  return `${megabytes(before)} before, ${megabytes(now)} with them`
}

async function fill(server: Server): Promise<void> {
  const { data: job } = await server.ask('POST', '/bulk', peopleCsv(contacts), 'text/csv')
  for (let status: unknown = ''; status !== 'completed';) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    status = (await server.ask('GET', `/import-jobs/${String(job['id'])}`)).data['status']
  }
}

/** Another organization with some contacts. @returns its key */
async function another({ base, headers }: Server, env: Readonly<Record<string, string>>): Promise<string> {
  const made = await runCli(['organizations', 'create', '--name', 'Another'], env)
  const organization = /org_\w+/.exec(made.output)?.[0] ?? ''
  const { output } = await runCli(['keys', 'create', '--name', 'Another', '--organization', organization], env)
  const otherKey = /dv_live_sk_\S+/.exec(output)?.[0] ?? ''
  const body = JSON.stringify({ contacts: Array.from({ length: 100 }, (_, index) => ({ email: `other${index}@example.com` })) })
  await fetch(`${base}/bulk`, { method: 'POST', headers: { ...headers('application/json'), 'X-API-Key': otherKey }, body })
  return otherKey
}

const load = () =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(', ')
console.log(`load of the machine: ${load()}`)
await withDatabase(async (url) => {
  const server = await serveOn(url, { ...limits, WORKERS: '2' })
  report([['32 keyed mutations at once, PostgreSQL, 2 workers', await keyedMutations(server, 32)]])
  await server.stop()
  const alone = await serveOn(url, limits)
  await fill(alone)
  const otherKey = await another(alone, { DATABASE_URL: url, SECRET_KEYS })
  const quiet = await listsOf(alone, otherKey)
  const release = await unreadExports(alone, 10)
  const beside = await listsOf(alone, otherKey)
  release()
  const refused = await healthBesideRefusals(alone)
  report([
    ['list of another organization', `p50 ${percentile(quiet, 0.5)}, p99 ${percentile(quiet, 0.99)}`],
    ['the same beside 10 unread exports', `p50 ${percentile(beside, 0.5)}, p99 ${percentile(beside, 0.99)}`],
    ['/health beside refused operations', `p50 ${percentile(refused, 0.5)}, p99 ${percentile(refused, 0.99)}`],
    ['memory under 300 anonymous bodies of 1 MiB', await anonymousBodies(alone, 300)],
  ])
  await alone.stop()
})
const dataDir = await mkdtemp(join(tmpdir(), 'contact-gateway-outside-'))
const embedded = await serveOn('', { ...limits, DATA_DIR: dataDir })
report([
  ['1 keyed mutation, embedded', await keyedMutations(embedded, 1)],
  ['32 keyed mutations at once, embedded', await keyedMutations(embedded, 32)],
])
await embedded.stop()
await rm(dataDir, { recursive: true, force: true })
console.log(`load of the machine: ${load()}`)
