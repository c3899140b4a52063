import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { deleteOldChanges } from '../../src/domain/changes/commands.ts'
import type { PostRequest } from '../../src/domain/webhooks/post.ts'
import { retryDelays } from '../../src/domain/webhooks/rules.ts'
import { givenContact, givenContacts } from '../support/factories.ts'
import { openOwnGateway, type Tenant, type TestGateway } from '../support/gateway.ts'
import { openReceiver, type Receiver } from '../support/receiver.ts'
import { endpointWith, givenEndpoint, mutate, webhookServices } from '../support/webhooks.ts'

let gateway: TestGateway
let tenant: Tenant
let receiver: Receiver
beforeAll(async () => {
  gateway = await openOwnGateway({ webhooksAllowPrivate: true })
})
afterAll(() => gateway.close())
beforeEach(async () => {
  gateway.clock.now = new Date()
  tenant = await gateway.organization({ defaultCountry: 'US' })
  receiver = await openReceiver()
})
afterEach(() => receiver.close())

const wait = (milliseconds: number) => void (gateway.clock.now = new Date(gateway.clock.now.getTime() + milliseconds))
const hour = 3_600_000

describe('a delivery that fails', () => {
  test('is sent again after 5 s, 1 m, 5 m, 30 m, 2 h, 8 h and 24 h, and then given up if others were accepted meanwhile', async () => {
    const endpoint = await givenEndpoint(tenant, receiver.url)
    const id = await givenContact(tenant)
    receiver.answer = ({ event }, response) => void response.writeHead(event.data.contact_id === id ? 500 : 200).end()
    const attempts = () => receiver.received.filter(({ event }) => event.data.contact_id === id).length
    for (const [index, delay] of retryDelays.entries()) {
      await endpoint.deliver()
      expect(attempts()).toBe(index + 1)
      wait(delay - 1000)
      await endpoint.deliver()
      expect(attempts()).toBe(index + 1)
      wait(1000 + 0.1 * delay)
      await givenContact(tenant)
    }
    await endpoint.deliver()
    wait(5500)
    await endpoint.deliver()
    expect(new Set(receiver.received.filter(({ event }) => event.data.contact_id === id).map((one) => one.id)).size).toBe(1)
    expect(
      await endpointWith(tenant, 'deliveries(status: FAILED) { nodes { contactId attempts nextAttemptAt lastStatusCode lastError } }'),
    ).toEqual({
      deliveries: {
        nodes: [
          { contactId: id, attempts: 8, nextAttemptAt: null, lastStatusCode: 500, lastError: 'The endpoint answered with status 500.' },
        ],
      },
    })
    await endpoint.deliver()
    expect(attempts()).toBe(8)
  })

  test('holds back later events of its contact, and no others', async () => {
    const endpoint = await givenEndpoint(tenant, receiver.url)
    const [one = '', other = ''] = await givenContacts(tenant, [{}, {}])
    receiver.answer = ({ event }, response) => void response.writeHead(event.data.contact_id === one ? 500 : 200).end()
    await endpoint.deliver()
    for (const id of [one, other]) await tenant.rest('PATCH', `/${id}`, { company: 'Acme' })
    await endpoint.deliver()
    const seen = () => receiver.accepted.map(({ event }) => [event.data.contact_id, event.type])
    expect(seen()).toEqual([
      [other, 'contact.created'],
      [other, 'contact.updated'],
    ])
    receiver.answer = (_received, response) => void response.writeHead(200).end()
    wait(5500)
    await endpoint.deliver()
    expect(seen().slice(2)).toEqual([
      [one, 'contact.created'],
      [one, 'contact.updated'],
    ])
  })

  test.each([
    ['a number of seconds', () => '120'],
    ['a date', () => new Date(Math.ceil(gateway.clock.now.getTime() / 1000) * 1000 + 120_000).toUTCString()],
  ])('waits as long as Retry-After asks for in %s', async (_form, retryAfter) => {
    const endpoint = await givenEndpoint(tenant, receiver.url)
    await givenContact(tenant)
    receiver.answer = (_received, response) => void response.writeHead(429, { 'Retry-After': retryAfter() }).end()
    await endpoint.deliver()
    wait(118_000)
    await givenContact(tenant)
    await endpoint.deliver()
    expect(receiver.received).toHaveLength(1)
    wait(4000)
    await endpoint.deliver()
    expect(receiver.received).toHaveLength(2)
  })

  test.each([
    ['redirects', 302, 'The endpoint answered with status 302. Redirects are not followed.'],
    ['does not answer in time', null, 'The endpoint did not answer within 0.5 s.'],
    ['closes the connection', null, 'The connection failed (ECONNRESET).'],
  ])('says why: the endpoint %s', async (fault, statusCode, error) => {
    const endpoint = await givenEndpoint(tenant, receiver.url)
    receiver.answer = (_received, response, request) => {
      if (fault === 'redirects') response.writeHead(302, { Location: `${receiver.url}/elsewhere` }).end()
      if (fault === 'closes the connection') request.socket.destroy()
    }
    await givenContact(tenant)
    await endpoint.deliver()
    expect(receiver.received).toHaveLength(1)
    expect(await endpointWith(tenant, 'deliveries { nodes { status lastStatusCode lastError } }')).toEqual({
      deliveries: { nodes: [{ status: 'PENDING', lastStatusCode: statusCode, lastError: error }] },
    })
  })
})

test('an endpoint that fails for three days is switched off, and continues where it stopped when it is enabled again', async () => {
  const services = webhookServices(tenant)
  const endpoint = await givenEndpoint(tenant, receiver.url, '', services)
  receiver.answer = (_received, response) => void response.writeHead(503).end()
  const ids = await givenContacts(tenant, [{}, {}, {}])
  const began = gateway.clock.now
  for (let hours = 0; hours < 72; hours += 8) {
    await endpoint.deliver()
    wait(8 * hour)
  }
  expect(await endpointWith(tenant, 'enabled switchedOffAt failingSince')).toEqual({
    enabled: true,
    switchedOffAt: null,
    failingSince: began.toISOString(),
  })
  await deleteOldChanges(gateway.db, gateway.clock.now, 1)
  await endpoint.deliver()
  expect(await endpointWith(tenant, 'enabled switchedOffAt')).toEqual({ enabled: false, switchedOffAt: gateway.clock.now.toISOString() })
  expect(services.counts.switchedOff).toBe(1)
  const { body } = await tenant.gql('{ auditLog(filter: { actions: [WEBHOOK_ENDPOINT_SWITCHED_OFF] }) { nodes { subjectId actorName } } }')
  expect(body.data.auditLog.nodes).toEqual([{ subjectId: endpoint.id, actorName: 'Webhooks' }])
  // While all fail, one event at a time is tried.
  expect(receiver.received.length).toBeLessThan(25)

  receiver.answer = (_received, response) => void response.writeHead(200).end()
  wait(hour)
  await endpoint.deliver()
  expect(receiver.accepted).toEqual([])
  await mutate(tenant, 'updateWebhookEndpoint', { webhookEndpointId: endpoint.id, enabled: true }, 'webhookEndpoint { enabled }')
  wait(24 * hour * 1.2)
  await endpoint.deliver()
  expect(receiver.accepted.map(({ event }) => event.data.contact_id).toSorted()).toEqual(ids.toSorted())
})

test('a receiver that fails at random gets everything from processes that are killed at random, each contact in order', async () => {
  const runs = Number(process.env['WEBHOOK_RUNS'] ?? 2)
  const outcomes = fc.array(fc.constantFrom<'ok' | 'error' | 'close' | 'crash'>('ok', 'error', 'close', 'crash'), {
    minLength: 1,
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(outcomes, async (outcomes) => {
      tenant = await gateway.organization()
      const services = webhookServices(tenant)
      const { poster } = services
      let isKilled = false
      // A process that is killed while requests are under way records nothing of them, and keeps its lease until that ends.
      const killed = {
        ...poster,
        post: async (request: PostRequest) => {
          const result = await poster.post(request)
          if (isKilled) throw new Error('killed')
          return result
        },
      }
      const endpoint = await givenEndpoint(tenant, receiver.url, '', { ...services, poster: killed })
      const deliver = async () => {
        for (let isDone = false; !isDone;) {
          isDone = await endpoint.deliver().then(
            () => true,
            () => false,
          )
          isKilled = false
          wait(61_000)
        }
      }
      receiver.accepted.length = 0
      const left = [...outcomes]
      receiver.answer = (_received, response, request) => {
        const outcome = left.pop() ?? 'ok'
        if (outcome === 'ok') response.writeHead(200).end()
        else if (outcome === 'error') response.writeHead(500).end()
        else if (outcome === 'close') request.socket.destroy()
        else {
          isKilled = true
          response.writeHead(200).end()
        }
      }
      const ids = await givenContacts(tenant, [{}, {}, {}])
      for (let round = 1; round <= 4; round += 1) {
        for (const id of ids) await tenant.rest('PATCH', `/${id}`, { company: `Round ${round}` })
        await deliver()
        wait(6000)
      }
      for (let step = 0; step < 14; step += 1) {
        wait(3 * hour)
        await deliver()
      }
      const { organizationId } = tenant
      expect(await gateway.db.prisma.webhookDelivery.count({ where: { organizationId, status: { not: 'delivered' } } })).toBe(0)
      for (const id of ids) {
        const events = receiver.accepted.filter(({ event }) => event.data.contact_id === id).map(({ event }) => event)
        const revisions = events.map(({ data }) => Number(data.contact.revision))
        expect(events[0].type).toBe('contact.created')
        expect(revisions).toEqual(revisions.toSorted((one, other) => one - other))
        expect(events.at(-1).data.contact.company).toBe('Round 4')
        expect(events.map(({ timestamp }) => timestamp)).toEqual(events.map(({ timestamp }) => timestamp).toSorted())
      }
    }),
    { numRuns: runs },
  )
})
