import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodingFor } from '../../src/http/compression.ts'
import { isFromThisMachine } from '../../src/http/demo-key.ts'
import { givenContact } from '../support/factories.ts'
import { type HttpServer, startHttpServer } from '../support/http-app.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
let httpServer: HttpServer
let tenant: Tenant
let id: string
beforeAll(async () => {
  gateway = await openGateway({ corsOrigins: ['https://app.example.com'] })
  httpServer = await startHttpServer(gateway)
  tenant = await gateway.organization()
  id = await givenContact(tenant, { company: 'Example & Sons '.repeat(10), customAttributes: { text: 'compressible '.repeat(200) } })
})
afterAll(async () => {
  await httpServer.close()
  await gateway.close()
})

interface Answer {
  readonly status: number | undefined
  readonly headers: Record<string, string | string[] | undefined>
  readonly bytes: Buffer
}

/** Without a client that decompresses. */
function send(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `http://${httpServer.host}${path}`,
      { method, headers: { 'X-API-Key': tenant.key, ...headers }, agent: false },
      (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.once('end', () => resolve({ status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(parts) }))
      },
    )
    sent.once('error', reject)
    sent.end(body)
  })
}

const graphql = (query: string, headers: Record<string, string> = {}) =>
  send('POST', '/graphql', { 'Content-Type': 'application/json', ...headers }, JSON.stringify({ query }))
const list = '{ contacts { nodes { id company customAttributes } } }'

describe('a shared cache keeps nothing that is behind a credential', () => {
  const vary = 'Authorization, X-API-Key, Accept, Accept-Encoding, Origin'
  test.each<[string, () => Promise<Answer>]>([
    ['a REST read', () => send('GET', `/api/v1/contacts/${id}`)],
    ['a REST read across origins', () => send('GET', '/api/v1/contacts', { Origin: 'https://app.example.com' })],
    ['a REST refusal', () => send('GET', '/api/v1/contacts/x')],
    ['a request without a key', () => send('GET', '/api/v1/contacts', { 'X-API-Key': '' })],
    ['an export', () => send('POST', '/api/v1/contacts/export', { 'Content-Type': 'application/json' }, '{}')],
    ['a GraphQL query', () => graphql(list)],
    ['a GraphQL query by GET', () => send('GET', `/graphql?query=${encodeURIComponent(list)}`)],
    ['a GraphQL query that was seen before', () => graphql(list)],
    ['a GraphQL refusal', () => graphql('{ nothing }')],
    ['an event stream', () => send('GET', '/graphql?query=subscription{nothing}', { Accept: 'text/event-stream' })],
    ['metrics', () => send('GET', '/metrics')],
    ['the start page, which can show a key', () => send('GET', '/')],
    ['a path that there is not', () => send('GET', '/nothing')],
  ])('%s', async (_name, ask) => {
    const { headers } = await ask()
    expect([headers['cache-control'], headers['vary']]).toEqual(['private, no-cache', vary])
  })
})

describe('text is compressed for clients that accept it', () => {
  const decoders = { br: brotliDecompressSync, gzip: gunzipSync }
  test.each<[string, (headers: Record<string, string>) => Promise<Answer>]>([
    ['a REST answer', (headers) => send('GET', `/api/v1/contacts/${id}`, headers)],
    ['a GraphQL answer', (headers) => graphql(list, headers)],
    [
      'an export',
      (headers) => send('POST', '/api/v1/contacts/export', { 'Content-Type': 'application/json', ...headers }, '{"format":"csv"}'),
    ],
    ['a page', (headers) => send('GET', '/docs/errors', headers)],
    ['the OpenAPI document', (headers) => send('GET', '/api/v1/openapi.json', headers)],
  ])('%s', async (_name, ask) => {
    const plain = await ask({})
    expect(plain.headers['content-encoding']).toBeUndefined()
    const normalize = (bytes: Buffer) => bytes.toString().replaceAll(/req_\w{26}/g, 'req')
    for (const encoding of ['br', 'gzip'] as const) {
      const encoded = await ask({ 'Accept-Encoding': encoding })
      expect(encoded.headers['content-encoding']).toBe(encoding)
      expect(normalize(decoders[encoding](encoded.bytes))).toBe(normalize(plain.bytes))
      expect(encoded.bytes.length).toBeLessThan(plain.bytes.length)
    }
  })

  test('short answers are not, and an entity tag becomes weak', async () => {
    const short = await send('GET', '/health', { 'Accept-Encoding': 'br' })
    expect([short.headers['content-encoding'], short.bytes.toString()]).toEqual([undefined, expect.stringContaining('"status":"ok"')])
    const tagged = await send('GET', `/api/v1/contacts/${id}`, { 'Accept-Encoding': 'gzip' })
    expect(tagged.headers['etag']).toMatch(/^W\/"\d+"$/)
    const again = await send('GET', `/api/v1/contacts/${id}`, {
      'Accept-Encoding': 'gzip',
      'If-None-Match': String(tagged.headers['etag']),
    })
    expect([again.status, again.bytes.length]).toEqual([304, 0])
  })

  test.each([
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['identity', null],
    ['', null],
    ['*;q=0', null],
  ])('Accept-Encoding: %s', (accepted, encoding) => {
    expect(encodingFor(accepted)).toBe(encoding)
  })
})

test('assets have a hash of their content in their names and never change', async () => {
  const page = (await send('GET', '/docs/rest')).bytes.toString()
  const names = [...page.matchAll(/\/docs\/assets\/[\w.-]+/g)].map(([name]) => name)
  expect(names).toHaveLength(4)
  for (const name of names) {
    expect(name).toMatch(/\.[0-9a-f]{16}\.(?:css|js)$/)
    const { status, headers } = await send('GET', name)
    expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable'])
  }
})

describe('the key of the demo is shown to programs on this machine only', () => {
  const here = { address: '127.0.0.1', httpVersion: '1.1' }
  test.each<[string, { address: string | null; httpVersion: string }, string, Record<string, string>, boolean]>([
    ['this machine', here, 'localhost', {}, true],
    ['this machine by IPv6', { ...here, address: '::1' }, '[::1]', {}, true],
    ['this machine by a mapped address', { ...here, address: '::ffff:127.0.0.1' }, '127.0.0.1', {}, true],
    ['another machine that says localhost', { ...here, address: '203.0.113.9' }, 'localhost', {}, false],
    ['a connection that is not known', { ...here, address: null }, 'localhost', {}, false],
    ['a page of another site', here, 'evil.example', {}, false],
    ['a proxy without headers, by HTTP/1.0', { ...here, httpVersion: '1.0' }, '127.0.0.1', {}, false],
    ...['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Real-IP', 'Via', 'CF-Connecting-IP'].map(
      (name): [string, typeof here, string, Record<string, string>, boolean] => [
        `a proxy with ${name}`,
        here,
        'localhost',
        { [name]: 'x' },
        false,
      ],
    ),
  ])('%s', (_name, peer, host, headers, isShown) => {
    expect(isFromThisMachine(peer, host, new Headers(headers))).toBe(isShown)
  })
})
