import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HttpServer, startHttpServer } from '../support/http-app.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
let httpServer: HttpServer
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  httpServer = await startHttpServer(gateway)
  tenant = await gateway.organization()
})
afterAll(async () => {
  await httpServer.close()
  await gateway.close()
})

const json = { 'Content-Type': 'application/json' }

async function send(path: string, body: Buffer | string, headers: Record<string, string> = json) {
  const response = await fetch(`http://${httpServer.host}${path}`, {
    method: 'POST',
    headers: { 'X-API-Key': tenant.key, ...headers },
    body: new Uint8Array(Buffer.from(body)),
  })
  const answer = JSON.parse(await response.text())
  return { status: response.status, code: answer.error?.code ?? answer.errors?.[0]?.extensions.code ?? null }
}

const contacts = () => gateway.db.prisma.contact.count({ where: { organizationId: tenant.organizationId } })
const latin1 = (text: string) => Buffer.from(text, 'latin1')

describe('every API that reads JSON refuses', () => {
  const mutation = 'mutation($n: String) { createContact(input: { email: \\"n@example.com\\", firstName: $n }) { __typename } }'
  const paths: [string, string, (value: string) => string][] = [
    ['REST', '/api/v1/contacts', (value) => `{"email":"n@example.com","first_name":${value}}`],
    ['imports', '/api/v1/contacts/bulk', (value) => `{"contacts":[{"email":"n@example.com","note":${value}}]}`],
    ['bulk actions', '/api/v1/contacts/actions', (value) => `{"action":"delete","filter":{},"all":true,"params":{"x":${value}}}`],
    ['GraphQL', '/graphql', (value) => `{"query":"${mutation}","variables":{"n":${value}}}`],
    ['a GraphQL query that was seen before', '/graphql', (value) => `{"query":"{ viewer { scopes } }","variables":{"n":${value}}}`],
  ]
  const deep = `${'['.repeat(65)}${']'.repeat(65)}`
  const veryDeep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`

  test.each(paths)('what is not UTF-8, and stores nothing: %s', async (_name, path, body) => {
    await send(path, body('"x"').replace('mutation', 'query'))
    const before = await contacts()
    for (const value of ['"J\u00fcrgen"', '"\u00ff\u00fe"', '"\u00ed\u00a0\u0080"'])
      expect(await send(path, latin1(body(value)))).toEqual({ status: 400, code: 'INVALID_JSON' })
    expect(await contacts()).toBe(before)
  })

  test.each(paths)('another charset or a compressed body: %s', async (_name, path, body) => {
    const unsupported = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' }
    for (const charset of ['iso-8859-1', 'utf-16', '"windows-1252"'])
      expect(await send(path, body('"x"'), { 'Content-Type': `application/json; charset=${charset}` })).toEqual(unsupported)
    expect(await send(path, body('"x"'), { ...json, 'Content-Encoding': 'gzip' })).toEqual(unsupported)
  })

  test.each(paths)('JSON nested deeper than 64 levels: %s', async (_name, path, body) => {
    for (const value of [deep, veryDeep]) expect(await send(path, body(value))).toEqual({ status: 400, code: 'INVALID_JSON' })
  })
})

test('UTF-8 is accepted with its charset named, and with a byte order mark', async () => {
  const body = (email: string) => `\uFEFF{"email":"${email}","first_name":"Jürgen 🦊 [[[[\\"]]"}`
  for (const [index, type] of ['application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'application/json'].entries()) {
    const response = await fetch(`http://${httpServer.host}/api/v1/contacts`, {
      method: 'POST',
      headers: { 'X-API-Key': tenant.key, 'Content-Type': type },
      body: body(`utf${index}@example.com`),
    })
    const { data } = (await response.json()) as { data: { first_name: string } }
    expect([response.status, data.first_name]).toEqual([201, 'Jürgen 🦊 [[[["]]'])
  }
})

describe('a body of an unknown caller', () => {
  const paths = ['/graphql', '/api/v1/contacts', '/api/v1/contacts/bulk']

  test.each(paths)('is refused before it has arrived: %s', async (path) => {
    const received = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(httpServer.host.split(':')[1]), '127.0.0.1')
      socket.once('error', reject)
      socket.once('data', (data) => {
        resolve(data.toString())
        socket.destroy()
      })
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n`)
    })
    expect(received).toMatch(/^HTTP\/1\.1 401 /)
  })

  test.each(paths)('is refused before it has arrived in chunks: %s', async (path) => {
    const received = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(httpServer.host.split(':')[1]), '127.0.0.1')
      socket.once('error', reject)
      socket.once('data', (data) => {
        resolve(data.toString())
        socket.destroy()
      })
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n`)
    })
    expect(received).toMatch(/^HTTP\/1\.1 401 /)
  })
})

describe('what an answer and the log repeat is short', () => {
  const long = 'x'.repeat(500_000)
  test.each([
    ['a variable', { query: 'query($f: Int) { contacts(first: $f) { totalCount } }', variables: { f: long } }],
    [
      'an enum',
      { query: 'query($f: ContactFilter) { contacts(filter: $f) { totalCount } }', variables: { f: { lifecycleStage: [long] } } },
    ],
    ['an id', { query: 'query($i: ID!) { contact(id: $i) { displayName } }', variables: { i: long } }],
    ['the name of an operation', { query: `query ${long} { viewer { scopes } }` }],
    ['a field', { query: `{ ${long} }` }],
  ])('%s', async (_name, body) => {
    gateway.log.length = 0
    const response = await fetch(`http://${httpServer.host}/graphql`, {
      method: 'POST',
      headers: { 'X-API-Key': tenant.key, ...json },
      body: JSON.stringify(body),
    })
    expect((await response.text()).length).toBeLessThan(8000)
    expect(JSON.stringify(gateway.log).length).toBeLessThan(8000)
  })

  test('a path and a field of REST', async () => {
    const answers = [await tenant.rest('GET', `/${'x'.repeat(9000)}`), await tenant.rest('POST', '', { [long]: 1, email: long })]
    for (const { body } of answers) expect(JSON.stringify(body).length).toBeLessThan(8000)
  })
})

test('a logged path has no key, token, email address or phone number in it', async () => {
  gateway.log.length = 0
  for (const path of ['ana@example.com', 'ana%40example.com', '+14155550123', tenant.key, 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.abc'])
    await tenant.rest('GET', `/${path}`)
  const paths = gateway.log.map(({ path }) => path)
  expect(paths).toEqual(['[email]', '[email]', '[number]', '[key]', '[token]'].map((shown) => expect.stringContaining(shown)))
  expect(JSON.stringify(paths)).not.toMatch(/ana|4155|sk_|eyJ/)
})
