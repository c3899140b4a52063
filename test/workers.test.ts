import { expect, inject, test } from 'vitest'
import { watching } from './support/watching.ts'
import { copyTemplate } from './support/house.ts'
import { runCli, startServer } from './support/process.ts'

const key = 'dv_live_sk_chosen_by_somebody'
const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }

test('the embedded database is for one process', async () => {
  const server = await startServer({ DATA_DIR: 'memory:', WORKERS: '2' })
  expect([await server.exit(), server.output()]).toEqual([
    1,
    'The gateway cannot start:\n  WORKERS=2 needs DATABASE_URL: the embedded database belongs to one process.\n',
  ])
})

test.runIf(inject('template').server !== null)(
  'several processes serve as one: limits, figures, subscriptions and revocation hold, and they are replaced without a failed request',
  async () => {
    const { config, remove } = await copyTemplate()
    const env = { DATABASE_URL: config.url ?? '', DEMO_DATA: 'false', BOOTSTRAP_API_KEY: key, WORKERS: '2', RATE_LIMIT_READS: '100' }
    const server = await startServer(env)
    const graphql = (query: string, more: Record<string, string> = {}, as = key) =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { ...headers, 'X-API-Key': as, Connection: 'close', ...more },
        body: JSON.stringify({ query }),
      })
    const create = async (email: string) => {
      const body = JSON.stringify({ email })
      const answer = await fetch(`${server.url}/api/v1/contacts`, { method: 'POST', headers: { ...headers, Connection: 'close' }, body })
      return answer.status
    }

    // Whoever watches, at whichever process, is told what happens, at whichever process.
    const question = 'subscription { contactsChanged { changes { contact { email } } } }'
    const subscribe = async (as = key) => watching(await graphql(question, { Accept: 'text/event-stream' }, as))
    const watchers = await Promise.all(Array.from({ length: 6 }, () => subscribe()))
    expect(await Promise.all(['a@example.com', 'b@example.com'].map(create))).toEqual([201, 201])
    for (const watcher of watchers) {
      const told = new Set<string>()
      while (told.size < 2) {
        const { changes } = (await watcher.next())?.body.data.contactsChanged ?? { changes: [] }
        for (const { contact } of changes) told.add(contact.email)
      }
      expect([...told].toSorted()).toEqual(['a@example.com', 'b@example.com'])
    }

    // The figures are those of both.
    const metrics = await (await fetch(`${server.url}/metrics`, { headers })).text()
    expect(metrics).toMatch(/^gateway_subscriptions 6$/m)
    expect(metrics).toMatch(/^gateway_request_duration_seconds_count\{operation="POST \/api\/v1\/contacts",status="201"\} 2$/m)

    // A key that is revoked is so everywhere.
    const created = await runCli(['keys', 'create', '--name', 'Other', '--scopes', 'contacts:read'], { DATABASE_URL: config.url ?? '' })
    const other = /dv_live_sk_[\w-]+/.exec(created.output)?.[0] ?? ''
    const otherWatchers = await Promise.all(Array.from({ length: 4 }, () => subscribe(other)))
    await runCli(['keys', 'revoke', /key_\w+/.exec(created.output)?.[0] ?? ''], { DATABASE_URL: config.url ?? '' })
    for (const watcher of otherWatchers)
      expect((await watcher.next())?.body).toMatchObject({ errors: [{ extensions: { code: 'INVALID_API_KEY' } }] })
    expect(
      new Set(await Promise.all(Array.from({ length: 6 }, async () => (await graphql('{ viewer { scopes } }', {}, other)).status))),
    ).toEqual(new Set([401]))

    // Each process is replaced by a new one while requests come in.
    server.process.kill('SIGHUP')
    const statuses = new Set<number>()
    for (let count = 0; server.output().split('a worker was replaced').length < 3; count += 1)
      statuses.add(await create(`c${count}@example.com`))
    expect([...statuses]).toEqual([201])
    for (const watcher of watchers) {
      while ((await watcher.next()) !== null);
      expect(watcher.isComplete()).toBe(false)
    }

    // Limits are counted together.
    const reads = await Promise.all(
      Array.from({ length: 130 }, async () => (await fetch(`${server.url}/api/v1/contacts?limit=1`, { headers })).status),
    )
    expect([reads.filter((status) => status === 200).length, reads.filter((status) => status === 429).length]).toEqual([100, 30])

    // A stop stops all.
    server.process.kill('SIGTERM')
    expect(await server.exit()).toBe(0)
    await expect(fetch(`${server.url}/health`)).rejects.toThrow('fetch failed')
    await remove()
  },
)
