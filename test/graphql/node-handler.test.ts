import { createHash } from 'node:crypto'
import { request as send } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createApiKey } from '../../src/domain/api-keys/commands.ts'
import { scopes } from '../../src/domain/context.ts'
import { type HttpServer, startHttpServer } from '../support/http-app.ts'
import { watchYoga } from '../support/watch-yoga.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

// Cached operations are served by the Node handler (src/http/graphql/server/cached-operations.ts). The same request with a header twice is served by Hono and
// Yoga: whatever the caller and the log see of it must be the same.

const one = 'query One($id: ID!) { contact(id: $id) { id displayName tags notes(first: 2) { nodes { body } } } }'
const list =
  'query List($first: Int, $after: String, $filter: ContactFilter) { contacts(first: $first, after: $after, filter: $filter) { nodes { id phone } } }'
const trusted = 'query Trusted { contacts(first: 1) { nodes { id email } } }'
const hash = createHash('sha256').update(trusted).digest('hex')

const yoga = watchYoga()
let gateway: TestGateway
let httpServer: HttpServer
let tenant: Tenant
let id: string
beforeAll(async () => {
  gateway = await openGateway({
    corsOrigins: ['https://app.example.com'],
    rateLimits: { read: 1000, write: 1000, bulk: 1000, cost: 5000, rows: 1000 },
    trustedDocuments: { mode: 'prefer', documents: new Map([[hash, trusted]]) },
    operationLimits: { maxCost: 400, maxDepth: 15, maxAliases: 100, maxDirectives: 50, maxTokens: 4000 },
  })
  httpServer = await startHttpServer(gateway)
  tenant = await gateway.organization()
  const { body } = await tenant.rest('POST', '', { email: 'ana@example.com', first_name: 'Ana', phone: '+4930901820', tags: ['vip'] })
  id = body.data.id
  await tenant.rest('POST', `/${id}/notes`, { body: 'Called back "at once" \u2028 🦊' })
  for (const query of [one, list]) await tenant.gql(query, { id })
  await post(JSON.stringify({ documentId: hash }), { 'x-api-key': tenant.key, 'content-type': 'application/json' })
})
afterAll(async () => {
  await httpServer.close()
  await gateway.close()
})
beforeEach(() => yoga.forget())
afterAll(() => yoga.stop())

interface Seen {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: unknown
  readonly log: readonly Record<string, unknown>[]
}

type Headers = Record<string, string | string[]>

async function post(body: string | Buffer, headers: Headers): Promise<Seen> {
  const [host, port] = httpServer.host.split(':')
  const logged = gateway.log.length
  const answer = await new Promise<Omit<Seen, 'log'>>((resolve, reject) => {
    const length = 'transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(body) }
    const sent = send({ host, port, path: '/graphql', method: 'POST', headers: { ...headers, ...length } }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() }),
      )
    })
    sent.on('error', reject).end(body)
  })
  // A long answer is concluded before its end is there.
  while (gateway.log.length === logged) await pause(1)
  return { ...answer, log: gateway.log.slice(logged) }
}

/** What must be the same of two answers to the same request; each has a key of its own, so that what is left of its limits is the same. */
function comparable({ status, headers, body, log }: Seen): object {
  const { date: _date, 'x-request-id': requestId, 'x-ratelimit-reset': _reset, ...others } = headers
  expect(requestId).toMatch(/^req_/)
  return {
    status,
    headers: others,
    body: String(body).replace(/in \d+ seconds|"retryAfter":\d+/g, '(soon)'),
    log: log.map(({ time: _time, request_id, key_id: _keyId, ms: _ms, db_ms: _dbMs, ...line }) => ({
      ...line,
      isOfRequest: request_id === requestId,
    })),
  }
}

/** With a header twice, a request is passed to the HTTP app. */
const goingOn = { 'x-said': ['twice', 'twice'] }

interface Asked {
  /** Null for a request without a key. */
  readonly key?: (() => string | Promise<string>) | null
  readonly headers?: Headers
  readonly params?: () => object
}

const newKey = async () => (await tenant.withScopes(...scopes)).key

/** Asks the fast path, and then the HTTP app. */
async function askBoth({
  key = newKey,
  headers = {},
  params = () => ({ query: one, variables: { id } }),
}: Asked): Promise<[fast: Seen, long: Seen]> {
  const ask = async (beside: Headers) => {
    const credential =
      key && (headers['authorization'] === undefined ? { 'x-api-key': await key() } : { authorization: `Bearer ${await key()}` })
    return post(JSON.stringify(params()), { 'content-type': 'application/json', ...headers, ...beside, ...credential })
  }
  return [await ask({}), await ask(goingOn)]
}

describe('what it answers itself', () => {
  test.each<[string, Asked]>([
    ['a contact', {}],
    ['a list', { params: () => ({ query: list, variables: { first: 3 } }) }],
    ['a contact that is not there', { params: () => ({ query: one, variables: { id: 'con_01k8qphy80ehyt6ssz4xyh2se4' } }) }],
    ['an operation by its name', { params: () => ({ query: one, variables: { id }, operationName: 'One' }) }],
    ['without variables', { params: () => ({ query: list }) }],
    ['with no variables', { params: () => ({ query: list, variables: null, operationName: null }) }],
    ['a registered operation', { params: () => ({ documentId: hash }) }],
    ['a registered operation with its algorithm', { params: () => ({ documentId: `sha256:${hash}` }) }],
    ['to a client that accepts anything', { headers: { accept: '*/*' } }],
    ['to a client that accepts JSON', { headers: { accept: 'application/json' } }],
    ['to a client that asks for GraphQL’s own type', { headers: { accept: 'application/graphql-response+json' } }],
    ['to a client that prefers it', { headers: { accept: 'application/graphql-response+json, application/json;q=0.9' } }],
    ['to a client that prefers JSON', { headers: { accept: 'application/json;charset=utf-8, application/graphql-response+json' } }],
    ['to a client that takes many types', { headers: { accept: 'multipart/mixed;deferSpec=20220824, application/json, text/plain, */*' } }],
    [
      'to Apollo Client, which names itself',
      { params: () => ({ query: one, variables: { id }, extensions: { clientLibrary: { name: '@apollo/client', version: '4.0.0' } } }) },
    ],
    ['a body with a character set', { headers: { 'content-type': 'Application/JSON; charset=utf-8' } }],
    ['a page of a known origin', { headers: { origin: 'https://app.example.com' } }],
    ['a page of another origin', { headers: { origin: 'https://evil.example.com' } }],
    ['the bearer of a key', { headers: { authorization: '' } }],
    ['no key', { key: null }],
    ['a key of another form', { key: () => 'secret' }],
    ['an unknown key', { key: () => 'dv_live_sk_0123456789abcdefghij' }],
    ['a key whose time is over', { key: expiredKey }],
  ])('%s', async (_what, asked) => {
    const [fast, long] = await askBoth(asked)
    expect(comparable(fast)).toEqual(comparable(long))
    expect(fast.log).toEqual([expect.objectContaining({ path: '/graphql', status: fast.status })])
    // The HTTP app has asked for the plan; a refused credential has not come so far.
    expect(yoga.executed()).toBe(fast.status === 200 ? 1 : 0)
  })
})

async function expiredKey(): Promise<string> {
  const { key } = await createApiKey({ ...tenant.context, ...tenant, now: () => new Date(0) }, { name: 'Old', scopes, expiresAt: noon })
  return key
}

test('a mutation is served, and what it refuses is a typed result', async () => {
  const query =
    'mutation Write($input: CreateNoteInput!) { createNote(input: $input) { __typename ... on CreateNotePayload { note { body author } } ... on Error { code } } }'
  const write = async (input: object, beside: Headers = {}) =>
    post(JSON.stringify({ query, variables: { input } }), { 'x-api-key': await newKey(), 'content-type': 'application/json', ...beside })
  await write({ contactId: id, body: 'The first is executed by Yoga.' })
  yoga.forget()
  for (const input of [
    { contactId: id, body: 'Called' },
    { contactId: id, body: ' ' },
    { contactId: 'con_01k8qphy80ehyt6ssz4xyh2se4', body: 'Called' },
  ])
    expect(comparable(await write(input))).toEqual(comparable(await write(input, goingOn)))
  expect(yoga.executed()).toBe(3)
  const written = await write({ contactId: id, body: 'Called' })
  expect(JSON.parse(String(written.body)).data).toEqual({
    createNote: { __typename: 'CreateNotePayload', note: { body: 'Called', author: expect.any(String) } },
  })
  expect(written.log).toEqual([
    expect.objectContaining({ operation: 'mutation Write', execution: 'resolvers', execution_reason: 'mutation' }),
  ])
})

describe('what it refuses itself', () => {
  test.each<[string, Asked]>([
    ['a key that may not read', { key: async () => (await tenant.withScopes('contacts:write')).key }],
    ['variables of the wrong type', { params: () => ({ query: list, variables: { first: 'many' } }) }],
    ['a variable that is missing', { params: () => ({ query: one }) }],
    ['a page that is too large', { params: () => ({ query: list, variables: { first: 201 } }) }],
    ['a cursor of another list', { params: () => ({ query: list, variables: { after: 'nonsense' } }) }],
    ['an id of something else', { params: () => ({ query: one, variables: { id: 'note_01k8qphy80ehyt6ssz4xyh2se4' } }) }],
    ['more than an operation may cost', { params: () => ({ query: list, variables: { first: 199 } }) }],
    ['a filter that is refused', { params: () => ({ query: list, variables: { filter: { countryCode: ['Atlantis'] } } }) }],
  ])('%s', async (_what, asked) => {
    const [fast, long] = await askBoth(asked)
    expect(comparable(fast)).toEqual(comparable(long))
    expect(JSON.parse(String(fast.body)).errors).toHaveLength(1)
    expect(yoga.executed()).toBeLessThanOrEqual(2)
  })

  test('what is refused for the limit is counted once, and refused in the same words', async () => {
    const [key, other] = [await newKey(), await newKey()]
    const body = JSON.stringify({ query: list, variables: { first: 130 } })
    const use = async (as: string, beside: Headers) =>
      comparable(await post(body, { 'x-api-key': as, 'content-type': 'application/json', ...beside }))
    for (let asked = 0; asked < 14; asked += 1) expect(await use(key, {})).toEqual(await use(other, goingOn))
    expect(await use(key, {})).toMatchObject({ status: 429, headers: { 'x-ratelimit-remaining': '0' } })
  })

  test('what cannot be read as a whole is charged once', async () => {
    const [fast, long] = await askBoth({ params: () => ({ query: list, variables: { after: 'nonsense' } }) })
    expect([fast.headers['x-ratelimit-remaining'], fast.log[0]?.['cost']]).toEqual([long.headers['x-ratelimit-remaining'], 76])
    expect(fast.headers['x-ratelimit-remaining']).toBe(String(5000 - 76))
  })
})

describe('what it leaves to others', () => {
  const body = (params: object) => JSON.stringify(params)
  const plain = () => body({ query: one, variables: { id } })

  test.each<[string, () => string | Buffer, Headers]>([
    ['what is no JSON', () => '{"query": ', {}],
    ['a list of operations', () => `[${plain()}]`, {}],
    ['variables that are a list', () => body({ query: one, variables: [id] }), {}],
    ['an unknown parameter', () => body({ query: one, variables: { id }, more: 1 }), {}],
    ['an operation of another name', () => body({ query: one, variables: { id }, operationName: 'Two' }), {}],
    ['an unregistered operation', () => body({ documentId: 'f'.repeat(64) }), {}],
    ['a byte order mark', () => `\ufeff${plain()}`, {}],
    ['what is no JSON by its header', plain, { 'content-type': 'text/plain' }],
    ['a client that accepts another type', plain, { accept: 'text/plain' }],
    ['another character set', plain, { accept: 'application/json;charset=latin1' }],
    ['a body in pieces', plain, { 'transfer-encoding': 'chunked' }],
    ['a body that is too long', () => Buffer.alloc(1024 * 1024 + 1, ' '), {}],
    ['a header twice', plain, { 'x-tried': ['1', '2'] }],
    ['what is to be answered once', plain, { 'idempotency-key': 'fast-path' }],
  ])('%s', async (_what, make, headers) => {
    const text = make()
    const seen = await post(text, { 'x-api-key': tenant.key, 'content-type': 'application/json', ...headers })
    expect(seen.log).toHaveLength(1)
    const request = new Request('http://localhost/graphql', {
      method: 'POST',
      headers: Object.entries({ 'x-api-key': tenant.key, 'content-type': 'application/json', ...headers }).map(
        ([name, value]): [string, string] => [name, value],
      ),
      body: text.toString(),
    })
    const { status } = await gateway.app.fetch(request)
    expect(seen.status).toBe(status)
    if (JSON.parse(String(seen.body) || '{}').data) expect(yoga.executed()).toBeGreaterThan(0)
  })

  test('an operation that it has not seen; the second time it knows it', async () => {
    const query = `query New { contacts(first: 1) { nodes { id tags } } }`
    const ask = () => post(body({ query }), { 'x-api-key': tenant.key, 'content-type': 'application/json' })
    const first = await ask()
    expect(yoga.executed()).toBe(1)
    const second = await ask()
    expect(yoga.executed()).toBe(1)
    expect(second.body).toBe(first.body)
  })

  test('a document with several operations', async () => {
    const query = 'query A { contacts(first: 1) { nodes { id } } } query B { __schema { queryType { name } } }'
    for (let asked = 1; asked <= 2; asked += 1) {
      await post(body({ query, operationName: 'A' }), { 'x-api-key': tenant.key, 'content-type': 'application/json' })
      expect(yoga.executed()).toBe(1)
    }
  })

  test('a request that breaks off in the middle of its body', async () => {
    const [host, port] = httpServer.host.split(':')
    const sent = send({
      host,
      port,
      path: '/graphql',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 100 },
    })
    sent.on('error', () => {})
    sent.write('{"query"')
    await pause(20)
    sent.destroy()
    // The server goes on.
    expect((await askBoth({}))[0].status).toBe(200)
  })
})
