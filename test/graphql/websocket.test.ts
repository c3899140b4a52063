import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Client, createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { updateContact } from '../../src/domain/contacts/commands.ts'
import { defaultSubscriptions } from '../../src/http/settings.ts'
import { type HttpServer, startHttpServer } from '../support/http-app.ts'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, openGateway, type Tenant } from '../support/gateway.ts'
import { speakAs, statusOfConnecting, until, watchers } from '../support/sockets.ts'

let gateway: TestGateway
let httpServer: HttpServer
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway({
    corsOrigins: ['https://app.example.com'],
    subscriptions: { ...defaultSubscriptions, perCredential: 200 },
    trustedDocuments: { mode: 'prefer', documents: new Map([['known', 'subscription { contactsChanged { changes { kinds } } }']]) },
  })
  httpServer = await startHttpServer(gateway)
  tenant = await gateway.organization()
})
afterAll(async () => {
  await httpServer.close()
  await gateway.close()
})

const changed = 'subscription ($after: String) { contactsChanged(after: $after) { eventId changes { kinds contact { company } } } }'

function clientOf(connectionParams: Record<string, unknown>, more: { headers?: Record<string, string> } = {}): Client {
  const { headers = {} } = more
  class Socket extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers })
    }
  }
  return createClient({ url: `ws://${httpServer.host}/graphql`, webSocketImpl: Socket, connectionParams, retryAttempts: 0 })
}

describe('a subscription over a WebSocket', () => {
  test.each([
    ['X-API-Key when it connects', (key: string) => clientOf({ 'X-API-Key': key })],
    ['Authorization when it connects', (key: string) => clientOf({ authorization: `Bearer ${key}` })],
    ['a header of the connection', (key: string) => clientOf({}, { headers: { 'X-API-Key': key } })],
  ])('delivers changes to a client that sends its key by %s', async (_how, connectAs) => {
    const client = connectAs(tenant.key)
    const answers = client.iterate({ query: changed })
    const first = answers.next()
    await until(() => gateway.log.some(({ method }) => method === 'WEBSOCKET'))
    const id = await givenContact(tenant, { company: 'Meadow' })
    const { value } = await first
    expect(value).toEqual({
      data: { contactsChanged: { eventId: expect.stringMatching(/./), changes: [{ kinds: ['CREATED'], contact: { company: 'Meadow' } }] } },
    })
    // What happens without a connection is delivered to a client that returns with the last event.
    await answers.return?.()
    await client.dispose()
    await updateContact(tenant.context, id, { company: 'Harbour' })
    const later = connectAs(tenant.key)
    const after = (value?.data?.['contactsChanged'] as { eventId: string } | undefined)?.eventId
    const again = later.iterate({ query: changed, variables: { after } })
    expect((await again.next()).value?.data).toMatchObject({
      contactsChanged: { changes: [{ kinds: ['UPDATED'], contact: { company: 'Harbour' } }] },
    })
    await later.dispose()
    gateway.log.length = 0
  })

  test('is one of several over one connection, each ended by itself', async () => {
    const spoken = await speakAs(httpServer, tenant.key)
    for (const id of ['one', 'two']) spoken.send({ id, type: 'subscribe', payload: { query: changed } })
    await until(async () => (await watchers(gateway, tenant)) === 2)
    spoken.send({ id: 'one', type: 'complete' })
    await until(async () => (await watchers(gateway, tenant)) === 1)
    await givenContact(tenant)
    expect(await spoken.next()).toMatchObject({ id: 'two', type: 'next' })
    spoken.socket.close()
    await until(async () => (await watchers(gateway, tenant)) === 0)
  })

  test('can be named by the hash of a known one', async () => {
    const spoken = await speakAs(httpServer, tenant.key)
    spoken.send({ id: '1', type: 'subscribe', payload: { query: '', extensions: { persistedQuery: { sha256Hash: 'known' } } } })
    await until(async () => (await watchers(gateway, tenant)) === 1)
    await givenContact(tenant)
    expect(await spoken.next()).toEqual({
      id: '1',
      type: 'next',
      payload: { data: { contactsChanged: { changes: [{ kinds: ['CREATED'] }] } } },
    })
    spoken.socket.close()
  })

  test('delivers nothing of another organization', async () => {
    const spoken = await speakAs(httpServer, tenant.key)
    spoken.send({ id: '1', type: 'subscribe', payload: { query: changed } })
    await until(async () => (await watchers(gateway, tenant)) === 1)
    await givenContact(await gateway.organization(), { company: 'Elsewhere' })
    await givenContact(tenant, { company: 'Here' })
    expect(await spoken.next()).toMatchObject({ payload: { data: { contactsChanged: { changes: [{ contact: { company: 'Here' } }] } } } })
    spoken.socket.close()
  })
})

describe('what may not be asked is refused with its reason', () => {
  test.each([
    ['{ viewer { scopes } }', 'VALIDATION_ERROR', 'A WebSocket is for subscriptions only. Send queries and mutations by POST to /graphql.'],
    ['mutation { deleteNote(input: { id: "x" }) { __typename } }', 'VALIDATION_ERROR', expect.stringContaining('subscriptions only')],
    ['subscription {', 'VALIDATION_ERROR', expect.stringContaining('Syntax Error')],
    ['subscription { nothing }', 'VALIDATION_ERROR', expect.stringContaining('Cannot query field')],
    [
      'subscription { contactChanged(id: "con_01k8qphy80ehyt6ssz4xyh2se4") { eventId } }',
      'NOT_FOUND',
      expect.stringContaining('no contact'),
    ],
    [
      'subscription { contactsChanged(after: "?") { eventId } }',
      'VALIDATION_ERROR',
      'This is not the id of an event. Send one that an event or a page of changes had as eventId, unchanged.',
    ],
    [
      'subscription { contactsChanged { changes { contact { timeline(first: 200) { nodes { title } } } } } }',
      'VALIDATION_ERROR',
      expect.stringContaining('50,000'),
    ],
  ])('%s', async (query, code, message) => {
    const spoken = await speakAs(httpServer, tenant.key)
    spoken.send({ id: '1', type: 'subscribe', payload: { query } })
    expect(await spoken.next()).toMatchObject({ id: '1', type: 'error', payload: [{ message, extensions: { code } }] })
    // The connection goes on.
    spoken.send({ type: 'ping' })
    expect(await spoken.next()).toEqual({ type: 'pong' })
    spoken.socket.close()
  })

  test('an operation that is not registered, where only registered ones are executed, while the others of the connection go on', async () => {
    const documents = new Map([['known', 'subscription { contactsChanged { changes { kinds } } }']])
    const strict = await openGateway({ trustedDocuments: { mode: 'only', documents } })
    const [strictServer, owner] = [await startHttpServer(strict), await strict.organization()]
    const spoken = await speakAs(strictServer, (await owner.withScopes('contacts:read')).key)
    const known = { query: '', extensions: { persistedQuery: { sha256Hash: 'known' } } }
    spoken.send({ id: 'known', type: 'subscribe', payload: known })
    await until(() => strict.log.some(({ method }) => method === 'WEBSOCKET'))
    spoken.send({ id: 'text', type: 'subscribe', payload: { query: changed } })
    expect(await spoken.next()).toMatchObject({
      id: 'text',
      type: 'error',
      payload: [{ extensions: { code: 'INSUFFICIENT_PERMISSIONS' } }],
    })
    spoken.send({ id: 'hash', type: 'subscribe', payload: { ...known, extensions: { persistedQuery: { sha256Hash: 'x' } } } })
    expect(await spoken.next()).toMatchObject({
      id: 'hash',
      type: 'error',
      payload: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    })
    await givenContact(owner)
    expect(await spoken.next()).toMatchObject({ id: 'known', type: 'next', payload: { data: { contactsChanged: expect.anything() } } })
    spoken.socket.close()
    await strictServer.close()
    await strict.close()
  })

  test('a key without the scope', async () => {
    const spoken = await speakAs(httpServer, (await tenant.withScopes('settings:write')).key)
    spoken.send({ id: '1', type: 'subscribe', payload: { query: changed } })
    expect(await spoken.next()).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'INSUFFICIENT_PERMISSIONS' } }] })
    spoken.socket.close()
  })

  test('more subscriptions than a connection carries', async () => {
    const spoken = await speakAs(httpServer, tenant.key)
    for (let id = 0; id <= 100; id += 1) spoken.send({ id: String(id), type: 'subscribe', payload: { query: changed } })
    expect(await spoken.next()).toMatchObject({ id: '100', type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED', limit: 100 } }] })
    spoken.socket.close()
    await until(async () => (await watchers(gateway, tenant)) === 0)
  })
})

describe('who may connect', () => {
  test.each([
    ['a page of a named origin', '/graphql', { Origin: 'https://app.example.com' }, 101],
    ['a page of another origin', '/graphql', { Origin: 'https://evil.example.com' }, 403],
    ['a page without an origin', '/graphql', { Origin: 'null' }, 403],
    ['a request for another path', '/api/v1/contacts', {}, 404],
  ])('%s', async (_who, path, headers, status) => {
    expect(await statusOfConnecting(httpServer.host, path, headers)).toBe(status)
  })

  test('a page of the gateway itself', async () => {
    expect(await statusOfConnecting(httpServer.host, '/graphql', { Origin: `http://${httpServer.host}` })).toBe(101)
  })

  test('who offers to speak HTTP/2 is answered as if it did not', async () => {
    const body = JSON.stringify({ query: '{ viewer { organization { name } } }' })
    const headers = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAoAAAAAIAAAAA' }
    const sent = request(`http://${httpServer.host}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'X-API-Key': tenant.key, 'Content-Type': 'application/json' },
    })
    sent.end(body)
    const [response] = await once(sent, 'response')
    expect([response.statusCode, JSON.parse(await text(response)).data]).toEqual([
      200,
      { viewer: { organization: { name: 'Test organization' } } },
    ])
  })

  test('a client that breaks off in the middle harms no other', async () => {
    const socket = connect(Number(httpServer.host.split(':')[1]), '127.0.0.1')
    socket.write('GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
    expect((await once(socket, 'data'))[0].toString()).toMatch(/^HTTP\/1\.1 4\d\d /)
    socket.destroy()
    expect((await tenant.gql('{ viewer { scopes } }')).status).toBe(200)
  })
})
