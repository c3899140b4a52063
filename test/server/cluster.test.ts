import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { mergeMetrics } from '../../src/server/cluster-metrics.ts'
import { copyTemplate } from '../support/gateway.ts'
import { runCli, type Running, startServer } from '../support/process.ts'
import { startAsking } from '../support/background-changes.ts'
import { watching } from '../support/subscriptions.ts'

const key = 'dv_live_sk_chosen_by_operator'
const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
/** How often all workers are replaced under load; set it higher to believe it more. */
const rounds = Number(process.env['REPLACEMENTS'] ?? 2)

async function childrenOf({ process: { pid } }: Running): Promise<number[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').map(Number)
}

test('the embedded database is for one process', async () => {
  const server = await startServer({ DATA_DIR: 'memory:', WORKERS: '2' })
  expect([await server.exit(), server.output()]).toEqual([
    1,
    'The gateway cannot start:\n  WORKERS=2 needs DATABASE_URL: the embedded database belongs to one process.\n',
  ])
})

test('figures of several processes stand below what they mean, which is said once', () => {
  const text = (worker: number) => `# HELP a What a is.\n# TYPE a gauge\na{worker="${worker}"} 1\n\n# HELP b What b is.\n# TYPE b gauge\n`
  expect(mergeMetrics([text(1), text(2)])).toBe(
    '# HELP a What a is.\n# TYPE a gauge\na{worker="1"} 1\na{worker="2"} 1\n\n# HELP b What b is.\n# TYPE b gauge\n',
  )
})

describe.runIf(inject('template').server !== null)('several processes serve as one', () => {
  let server: Running
  let database: Awaited<ReturnType<typeof copyTemplate>>
  let env: Record<string, string>
  beforeAll(async () => {
    database = await copyTemplate()
    env = { DATABASE_URL: database.config.url ?? '', DEMO_DATA: 'false', BOOTSTRAP_API_KEY: key, WORKERS: '2', RATE_LIMIT_READS: '100' }
    server = await startServer(env)
  })
  afterAll(() => database.remove())

  const graphql = (query: string, more: Record<string, string> = {}, as = key) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'X-API-Key': as, Connection: 'close', ...more },
      body: JSON.stringify({ query }),
    })
  const create = async (email: string, more: Record<string, string> = {}) => {
    const init = { method: 'POST', headers: { ...headers, Connection: 'close', ...more }, body: JSON.stringify({ email }) }
    const response = await fetch(`${server.url}/api/v1/contacts`, init)
    return { status: response.status, body: (await response.json()) as { data: { id: string } } }
  }
  const question = 'subscription { contactsChanged { changes { contact { email } } } }'
  const subscribe = async (as = key) => watching(await graphql(question, { Accept: 'text/event-stream' }, as))
  const figures = async () => (await fetch(`${server.url}/metrics`, { headers })).text()
  const replaced = () => server.output().split('a worker was replaced').length - 1
  const until = async (condition: () => boolean | Promise<boolean>) => {
    while (!(await condition())) await sleep(20)
  }

  test('subscribers of any process receive what happens in any process', async () => {
    const watchers = await Promise.all(Array.from({ length: 6 }, () => subscribe()))
    const created = await Promise.all(['a@example.com', 'b@example.com'].map((email) => create(email)))
    expect(created.map(({ status }) => status)).toEqual([201, 201])
    for (const watcher of watchers) {
      const received = new Set<string>()
      while (received.size < 2) {
        const { changes } = (await watcher.next())?.body.data.contactsChanged ?? { changes: [] }
        for (const { contact } of changes) received.add(contact.email)
      }
      expect([...received].toSorted()).toEqual(['a@example.com', 'b@example.com'])
    }
    const text = await figures()
    const sum = (name: string, labels = '') =>
      text
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) && line.includes(labels))
        .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0)
    expect(sum('gateway_subscriptions')).toBe(6)
    expect(sum('gateway_request_duration_seconds_count', 'operation="POST /api/v1/contacts"')).toBe(2)
    for (const worker of [1, 2]) expect(text).toContain(`process_resident_memory_bytes{worker="${worker}"}`)
    expect(text.match(/^# TYPE process_resident_memory_bytes gauge$/gm)).toHaveLength(1)
    await Promise.all(watchers.map((watcher) => watcher.close()))
  })

  test('a key that is revoked is so everywhere', async () => {
    const { output } = await runCli(['keys', 'create', '--name', 'Other', '--scopes', 'contacts:read'], env)
    const other = /dv_live_sk_[\w-]+/.exec(output)?.[0] ?? ''
    const watchers = await Promise.all(Array.from({ length: 4 }, () => subscribe(other)))
    await runCli(['keys', 'revoke', /key_\w+/.exec(output)?.[0] ?? ''], env)
    for (const watcher of watchers)
      expect((await watcher.next())?.body).toMatchObject({ errors: [{ extensions: { code: 'INVALID_API_KEY' } }] })
    const answers = await Promise.all(Array.from({ length: 6 }, () => graphql('{ viewer { scopes } }', {}, other)))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401])
  })

  test('what is sent twice with one key is done once, and limits are counted together', async () => {
    const twice = { 'Idempotency-Key': 'one-and-the-same' }
    const answers = []
    for (let count = 0; count < 6; count += 1) answers.push(await create('once@example.com', twice))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.data.id}`)).size).toBe(1)
    const list = async () => (await fetch(`${server.url}/api/v1/contacts?limit=1`, { headers: { ...headers, Connection: 'close' } })).status
    const reads = await Promise.all(Array.from({ length: 130 }, list))
    expect([reads.filter((status) => status === 200).length, reads.filter((status) => status === 429).length]).toEqual([100, 30])
  })

  test(
    `all are replaced ${rounds} times under load and open subscriptions, and every request is answered`,
    async () => {
      const load = startAsking({ url: `${server.url}/graphql`, headers, body: JSON.stringify({ query: '{ viewer { scopes } }' }) }, 4)
      let isOver = false
      const rejoin = async () => {
        for (let watcher = await subscribe(); ; watcher = await subscribe()) {
          expect(watcher.status).toBe(200)
          while ((await watcher.next()) !== null);
          expect(watcher.isComplete()).toBe(false)
          if (isOver) return
        }
      }
      const watchers = Promise.all(Array.from({ length: 8 }, rejoin))
      for (let round = 1; round <= rounds; round += 1) {
        server.process.kill('SIGHUP')
        await until(() => replaced() === 2 * round)
      }
      await load.stop()
      expect([...load.outcomes.keys()]).toEqual(['200'])
      isOver = true
      server.process.kill('SIGHUP')
      await watchers
      await until(() => replaced() === 2 * rounds + 2)
    },
    60_000 + rounds * 30_000,
  )

  test('one that dies is replaced, and the others serve meanwhile', async () => {
    const workers = async () => (await figures()).match(/^gateway_subscriptions\{.*$/gm)?.length
    const [one = 0] = await childrenOf(server)
    process.kill(one, 'SIGKILL')
    await until(() => server.output().includes('a worker died'))
    expect([(await create('meanwhile@example.com')).status, await workers()]).toEqual([201, 1])
    await until(async () => (await workers()) === 2)
  })

  test('a stop stops all, and answers what was asked', async () => {
    const asked = Array.from({ length: 20 }, (_, index) => create(`last${index}@example.com`))
    await Promise.race(asked)
    server.process.kill('SIGTERM')
    expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([201]))
    expect(await server.exit()).toBe(0)
    await expect(fetch(`${server.url}/health`)).rejects.toThrow('fetch failed')
  })

  test('where one after the other dies at its start, the program ends with an error', async () => {
    const other = await copyTemplate()
    const { pathname } = new URL(other.config.url ?? '')
    const client = new pg.Client({ connectionString: database.config.url ?? '' })
    await client.connect()
    const failing = await startServer({ ...env, DATABASE_URL: other.config.url ?? '' })
    await client.query(`alter database ${pathname.slice(1)} allow_connections false`)
    for (const child of await childrenOf(failing)) process.kill(child, 'SIGKILL')
    expect([await failing.exit(), failing.output()]).toEqual([1, expect.stringContaining('no worker can serve')])
    await client.query(`alter database ${pathname.slice(1)} allow_connections true`)
    await client.end()
    await other.remove()
  })

  test('workers of which none can serve end the program with their reason', async () => {
    const occupied = await startServer(env)
    const second = await startServer({ ...env, PORT: new URL(occupied.url).port })
    expect([await second.exit(), second.output()]).toEqual([1, expect.stringContaining('EADDRINUSE')])
    occupied.process.kill('SIGTERM')
    expect(await occupied.exit()).toBe(0)
  })
})
