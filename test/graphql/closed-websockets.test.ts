import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { revokeApiKey } from '../../src/domain/api-keys/commands.ts'
import { defaultSubscriptions } from '../../src/http/settings.ts'
import { type HttpServer, startHttpServer } from '../support/http-app.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'
import { speak, speakAs, statusOfConnecting, until, watchers } from '../support/sockets.ts'

let gateway: TestGateway
let httpServer: HttpServer
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway({ subscriptions: { ...defaultSubscriptions, recheckEvery: 30 } })
  httpServer = await startHttpServer(gateway)
  tenant = await gateway.organization()
})
afterAll(async () => {
  await httpServer.close()
  await gateway.close()
})

const changed = 'subscription { contactsChanged { eventId } }'

describe('a connection is closed with its reason', () => {
  test.each([
    ['garbage', 'not json', 4400, 'Invalid message received'],
    ['a frame of bytes', Buffer.from([1, 2, 3]), 4400, 'Invalid message received'],
    ['a message of no type', {}, 4400, 'Invalid message received'],
    ['a subscription before its key', { id: '1', type: 'subscribe', payload: { query: changed } }, 4401, 'Unauthorized'],
    [
      'a wrong key',
      { type: 'connection_init', payload: { 'X-API-Key': 'dv_live_sk_wrong' } },
      4403,
      expect.stringMatching(/^INVALID_API_KEY: /),
    ],
    ['no key', { type: 'connection_init' }, 4403, expect.stringMatching(/^UNAUTHORIZED: /)],
    ['a key that is no text', { type: 'connection_init', payload: { 'X-API-Key': 7 } }, 4403, expect.stringMatching(/^UNAUTHORIZED: /)],
    [
      'a key with a line break',
      { type: 'connection_init', payload: { 'X-API-Key': 'a\nb' } },
      4403,
      expect.stringMatching(/^UNAUTHORIZED: /),
    ],
  ])('that begins with %s', async (_what, message, code, reason) => {
    const spoken = await speak(httpServer)
    if (Buffer.isBuffer(message)) spoken.socket.send(message)
    else spoken.send(message)
    expect(await spoken.closed).toEqual([code, reason])
  })

  test('that speaks another protocol', async () => {
    const spoken = await speak(httpServer, 'graphql-ws').catch((error: unknown) => error)
    // The client sees for itself that the server has chosen none of its protocols.
    expect(spoken).toMatchObject({ message: 'Server sent no subprotocol' })
  })

  test('that sends a message larger than 1 MiB', async () => {
    const spoken = await speakAs(httpServer, tenant.key)
    spoken.send('x'.repeat(1024 * 1024 + 1))
    expect((await spoken.closed)[0]).toBe(1009)
  })

  test('that gives two subscriptions one id', async () => {
    const spoken = await speakAs(httpServer, tenant.key)
    for (let count = 0; count < 2; count += 1) spoken.send({ id: '1', type: 'subscribe', payload: { query: changed } })
    expect(await spoken.closed).toEqual([4409, 'Subscriber for 1 already exists'])
    await until(async () => (await watchers(gateway, tenant)) === 0)
  })

  test('that says twice who it is', async () => {
    const spoken = await speakAs(httpServer, tenant.key)
    spoken.send({ type: 'connection_init' })
    expect(await spoken.closed).toEqual([4429, 'Too many initialisation requests'])
  })

  test('whose key is revoked, after the subscription has got the reason; and one that uses it later', async () => {
    const other = await tenant.withScopes('contacts:read')
    const { organizationId, keyId } = other.context.actor
    const [watching, resting] = [await speakAs(httpServer, other.key), await speakAs(httpServer, other.key)]
    watching.send({ id: '1', type: 'subscribe', payload: { query: changed } })
    await until(async () => (await watchers(gateway, tenant)) === 1)
    await revokeApiKey({ db: gateway.db, now: () => noon, organizationId }, keyId)
    expect(await watching.next()).toMatchObject({
      id: '1',
      type: 'next',
      payload: { errors: [{ extensions: { code: 'INVALID_API_KEY' } }] },
    })
    expect(await watching.closed).toEqual([4403, 'INVALID_API_KEY'])
    resting.send({ id: '1', type: 'subscribe', payload: { query: changed } })
    expect(await resting.closed).toEqual([4403, expect.stringMatching(/^INVALID_API_KEY: /)])
  })

  test('that has said nothing, when its time is over', async () => {
    expect(await (await speak(httpServer)).closed).toEqual([4408, 'Connection initialisation timeout'])
  })

  test('when the server stops; and later connections are asked to try again', async () => {
    const other = await openGateway()
    const otherServer = await startHttpServer(other)
    const mine = await other.organization()
    const client = createClient({
      url: `ws://${otherServer.host}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { 'X-API-Key': mine.key },
      retryAttempts: 0,
    })
    const received = client.iterate({ query: changed }).next()
    await until(() => other.log.some(({ method }) => method === 'WEBSOCKET'))
    other.app.drain()
    await expect(received).rejects.toMatchObject({ code: 1001, reason: 'The server is about to stop. Connect again.' })
    expect(await statusOfConnecting(otherServer.host, '/graphql', {})).toBe(503)
    await otherServer.close()
    await other.close()
  })
})

describe('a client that does not read is disconnected', () => {
  let impatient: TestGateway
  let itsServer: HttpServer
  let mine: Tenant
  beforeAll(async () => {
    impatient = await openGateway({ subscriptions: { ...defaultSubscriptions, pingEvery: 200 } })
    itsServer = await startHttpServer(impatient)
    mine = await impatient.organization()
  })
  afterAll(async () => {
    await itsServer.close()
    await impatient.close()
  })

  test('when it does not say that it is there', async () => {
    const stuck = await speakAs(itsServer, mine.key)
    stuck.send({ id: '1', type: 'subscribe', payload: { query: changed } })
    await until(async () => (await watchers(impatient, mine)) === 1)
    stuck.socket.pause()
    await until(async () => (await watchers(impatient, mine)) === 0)
    stuck.socket.resume()
    expect((await stuck.closed)[0]).toBe(1006)
  })

  test('when it asks without reading, long before the answers fill our memory', async () => {
    const before = process.memoryUsage().rss
    const stuck = await speakAs(itsServer, mine.key)
    stuck.socket.pause()
    const ping = JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(500_000) } })
    // 500 MB are asked for; the connection is closed long before.
    await new Promise<void>((resolve) => {
      stuck.socket.once('close', () => resolve())
      stuck.socket.on('error', () => {})
      const pour = (left: number) => {
        if (left > 0 && stuck.socket.readyState === WebSocket.OPEN) stuck.socket.send(ping, () => pour(left - 1))
        else resolve()
      }
      pour(1000)
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
    stuck.socket.terminate()
  })
})
