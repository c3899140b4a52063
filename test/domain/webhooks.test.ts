import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { deleteOldChanges } from '../../src/domain/changes/commands.ts'
import { finishImport } from '../../src/domain/imports/job/work.ts'
import { dumpOf, linesWith } from '../support/dump.ts'
import { givenContact, givenContacts } from '../support/factories.ts'
import { openOwnGateway, type Tenant, type TestGateway } from '../support/gateway.ts'
import { isSigned, openReceiver, type Receiver } from '../support/receiver.ts'
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

test('an event has what happened and the contact as it is now, and an independent verifier accepts its signature', async () => {
  const endpoint = await givenEndpoint(tenant, receiver.url)
  const id = await givenContact(tenant, { firstName: 'Ada', phone: '+14155552671' })
  await tenant.rest('PATCH', `/${id}`, { company: 'Analytical Engines' })
  await endpoint.deliver()

  expect(receiver.accepted).toHaveLength(1)
  const [received] = receiver.accepted
  const { data: contact } = (await tenant.rest('GET', `/${id}`)).body
  expect(received?.event).toEqual({
    type: 'contact.created',
    timestamp: gateway.clock.now.toISOString(),
    data: {
      contact_id: id,
      kinds: ['contact.created', 'contact.updated'],
      fields: ['company'],
      event_id: expect.any(String),
      matches: true,
      contact,
    },
  })
  expect(received && isSigned(received, endpoint.secret)).toBe(true)
  expect(received && isSigned({ ...received, body: received.body.replace('Ada', 'Eve') }, endpoint.secret)).toBe(false)
  const changes = await tenant.rest('GET', `/changes?after=${received?.event.data.event_id}`)
  expect(changes.body.data.changes).toEqual([])
  expect(
    await endpointWith(tenant, 'deliveries(first: 5) { totalCount nodes { id type contactId status attempts lastStatusCode lastError } }'),
  ).toEqual({
    deliveries: {
      totalCount: 1,
      nodes: [
        {
          id: received?.id,
          type: 'contact.created',
          contactId: id,
          status: 'DELIVERED',
          attempts: 1,
          lastStatusCode: 204,
          lastError: null,
        },
      ],
    },
  })
  await endpoint.deliver()
  expect(receiver.received).toHaveLength(1)
})

test('secrets are stored encrypted, and are in no log', async () => {
  const { secret } = await givenEndpoint(tenant, receiver.url)
  const rows = await gateway.db.sql<unknown[]>`select * from webhook_endpoints where organization_id = ${tenant.organizationId}`
  const known = JSON.stringify([rows, gateway.log], (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  expect(known).toContain(receiver.url)
  expect(known).not.toContain(secret.slice(6))
})

test('an endpoint gets the contacts that its filter matches, and those that it matches no more, without their data', async () => {
  const endpoint = await givenEndpoint(
    tenant,
    receiver.url,
    'kinds: [UPDATED, DELETED], filter: { or: [{ tags: ["vip"] }, { createdBefore: "2020-01-01T00:00:00Z" }] }',
  )
  const [vip = '', other = '', former = ''] = await givenContacts(tenant, [{ tags: ['VIP'] }, {}, { tags: ['vip'] }])
  for (const id of [vip, other]) await tenant.rest('PATCH', `/${id}`, { company: 'Acme' })
  await tenant.rest('PATCH', `/${former}`, { tags: [] })
  await endpoint.deliver()
  await tenant.rest('DELETE', `/${vip}`)
  await endpoint.deliver()
  expect(
    receiver.accepted.map(({ event: { type, data } }) => [type, data.contact_id, data.matches, data.contact?.company ?? null]),
  ).toEqual([
    ['contact.updated', vip, true, 'Acme'],
    ['contact.updated', former, false, null],
    ['contact.deleted', vip, false, null],
  ])
})

describe('an import', () => {
  const rows = Array.from({ length: 3 }, (_, index) => ({ email: `row${index}@example.com` }))
  const importRows = async () => {
    const { body } = await tenant.rest('POST', '/bulk', { contacts: rows })
    const { organizationId, context } = tenant
    await finishImport(context, { organizationId, id: String(body.data.import_job_id) })
    return String(body.data.import_job_id)
  }

  test('is one event, and another when it is rolled back', async () => {
    const endpoint = await givenEndpoint(tenant, receiver.url)
    const id = await importRows()
    await endpoint.deliver()
    await endpoint.deliver()
    const counts = { total_rows: 3, created: 3, updated: 0, unchanged: 0, skipped: 0, event_id: expect.any(String) }
    expect(receiver.accepted.map(({ event: { type, data } }) => [type, data])).toEqual([
      ['import.completed', { import_job_id: id, status: 'completed', ...counts }],
    ])
    await tenant.rest('POST', `/import-jobs/${id}/rollback`)
    await endpoint.deliver()
    expect(receiver.accepted.slice(1).map(({ event }) => event.type)).toEqual(['import.rolled_back'])
  })

  test('is one event for each contact if the endpoint asks for that', async () => {
    const endpoint = await givenEndpoint(tenant, receiver.url, 'importedContacts: true')
    await importRows()
    await endpoint.deliver()
    expect(receiver.accepted.map(({ event: { type, data } }) => [type, data.contact.email])).toEqual(
      rows.map(({ email }) => ['contact.created', email]),
    )
  })
})

test('changes that an enabled endpoint has still to read are kept', async () => {
  const endpoint = await givenEndpoint(tenant, receiver.url)
  const id = await givenContact(tenant)
  const kept = () => gateway.db.prisma.change.count({ where: { organizationId: tenant.organizationId } })
  wait(30 * 24 * hour)
  await deleteOldChanges(gateway.db, gateway.clock.now, 7)
  expect(await kept()).toBe(1)
  await endpoint.deliver()
  expect(receiver.accepted.map(({ event }) => event.data.contact_id)).toEqual([id])
  // Transactions of other databases of the server that are under way keep it a little longer.
  const delivered = async () => {
    await endpoint.deliver()
    await deleteOldChanges(gateway.db, gateway.clock.now, 7)
    return kept()
  }
  await expect.poll(delivered, { timeout: 60_000 }).toBe(0)
})

test('both secrets are valid until the overlap of a rotation ends', async () => {
  const endpoint = await givenEndpoint(tenant, receiver.url)
  const input = { webhookEndpointId: endpoint.id, overlapHours: 1 }
  const { secret } = await mutate(tenant, 'rotateWebhookSecret', input, 'secret webhookEndpoint { previousSecretExpiresAt }')
  await givenContact(tenant)
  await endpoint.deliver()
  const [during] = receiver.accepted
  expect(during && [isSigned(during, endpoint.secret), isSigned(during, secret)]).toEqual([true, true])
  wait(hour)
  await givenContact(tenant)
  await endpoint.deliver()
  const after = receiver.accepted[1]
  expect(after?.signatures.split(' ')).toHaveLength(1)
  expect(await mutate(tenant, 'rotateWebhookSecret', { ...input, overlapHours: 169 }, 'secret')).toMatchObject({ code: 'VALIDATION_ERROR' })
})

test('a test event is sent at once, and its outcome is returned', async () => {
  const endpoint = await givenEndpoint(tenant, receiver.url)
  const send = () =>
    mutate(tenant, 'testWebhookEndpoint', { webhookEndpointId: endpoint.id }, 'delivery { type status lastStatusCode lastError }')
  expect(await send()).toEqual({ delivery: { type: 'webhook.test', status: 'DELIVERED', lastStatusCode: 204, lastError: null } })
  expect(receiver.accepted[0]?.event).toMatchObject({ type: 'webhook.test', data: { webhook_endpoint_id: endpoint.id } })
  await receiver.close()
  const failed = { type: 'webhook.test', status: 'FAILED', lastStatusCode: null, lastError: 'The connection failed (ECONNREFUSED).' }
  expect(await send()).toEqual({ delivery: failed })
  await endpoint.deliver()
})

test('deliveries are replayed by their ids, by their time, or from an event on', async () => {
  const endpoint = await givenEndpoint(tenant, receiver.url)
  const start = (await tenant.rest('GET', '/changes')).body.data.event_id
  const began = gateway.clock.now
  for (let index = 0; index < 3; index += 1) {
    await givenContact(tenant)
    await endpoint.deliver()
    wait(1000)
  }
  const ids = receiver.accepted.map(({ id }) => id)
  const replay = async (request: object) => {
    receiver.accepted.length = 0
    const answer = await mutate(tenant, 'replayWebhookDeliveries', { endpointId: endpoint.id, ...request }, 'count')
    await endpoint.deliver()
    return [answer, receiver.accepted.map(({ id }) => id)]
  }
  expect(await replay({ deliveryIds: [ids[1]] })).toEqual([{ count: 1 }, [ids[1]]])
  expect(await replay({ from: new Date(began.getTime() + 1000).toISOString() })).toEqual([{ count: 2 }, [ids[1], ids[2]]])
  const [answer, again] = await replay({ after: start })
  expect(answer).toEqual({ count: null })
  expect(again).toHaveLength(3)
  for (const request of [
    {},
    { after: start, deliveryIds: ids },
    { deliveryIds: [] },
    { to: began.toISOString() },
    { deliveryIds: ids, from: began.toISOString() },
    { after: 'nonsense' },
    { from: began.toISOString(), to: began.toISOString() },
  ])
    expect(await replay(request)).toEqual([expect.objectContaining({ code: 'VALIDATION_ERROR' }), []])
})

test('a contact that does not fit into 256 KiB is left out of its event', async () => {
  const big = {
    ...webhookServices(tenant),
    presentContacts: async (_: unknown, ids: readonly string[]) => new Map(ids.map((id) => [id, { text: 'x'.repeat(300_000) }])),
  }
  const endpoint = await givenEndpoint(tenant, receiver.url, '', big)
  const id = await givenContact(tenant)
  await endpoint.deliver()
  expect(receiver.accepted[0]?.event.data).toMatchObject({ contact_id: id, matches: true, contact: null, contact_omitted: true })
})

test('events of an erased contact say that it was erased, and nothing of the person is stored or sent', async () => {
  const endpoint = await givenEndpoint(tenant, receiver.url)
  const id = await givenContact(tenant, { firstName: 'Zebulina', email: 'zebulina@distinct.example' })
  receiver.answer = (_received, response) => void response.writeHead(500, 'zebulina').end('{"error":"zebulina"}')
  await endpoint.deliver()
  await tenant.rest('PATCH', `/${id}`, { company: 'Zebulina & Sons' })
  expect((await tenant.rest('POST', `/${id}/erase`, { reason: 'Request' })).status).toBe(200)
  expect(linesWith(await dumpOf(gateway.db), ['zebulina'])).toEqual([])
  receiver.answer = (_received, response) => void response.writeHead(200).end()
  receiver.received.length = 0
  for (let step = 0; step < 3; step += 1) {
    wait(6000)
    await endpoint.deliver()
  }
  expect(receiver.received.at(-1)?.event).toMatchObject({ type: 'contact.erased', data: { contact_id: id, matches: false, contact: null } })
  expect(JSON.stringify(receiver.received).toLowerCase()).not.toContain('zebulina')
})

test('a deleted endpoint and its deliveries are gone', async () => {
  const endpoint = await givenEndpoint(tenant, receiver.url)
  await givenContact(tenant)
  await endpoint.deliver()
  expect(await mutate(tenant, 'deleteWebhookEndpoint', { webhookEndpointId: endpoint.id }, 'deletedId')).toEqual({ deletedId: endpoint.id })
  await givenContact(tenant)
  await endpoint.deliver()
  expect(receiver.accepted).toHaveLength(1)
  expect(await mutate(tenant, 'deleteWebhookEndpoint', { webhookEndpointId: endpoint.id }, 'deletedId')).toMatchObject({
    code: 'NOT_FOUND',
  })
  const { organizationId } = tenant
  expect(await gateway.db.prisma.webhookDelivery.count({ where: { organizationId } })).toBe(0)
})

test('an endpoint needs the scopes to change settings and to read contacts, and no other organization finds it', async () => {
  const { id } = await givenEndpoint(tenant, receiver.url)
  const create = 'mutation { createWebhookEndpoint(input: { url: "https://example.com/" }) { __typename } }'
  for (const scope of ['settings:write', 'contacts:read'] as const) {
    const weak = await tenant.withScopes(scope)
    expect((await weak.gql(create)).body.errors[0].extensions.code).toBe('INSUFFICIENT_PERMISSIONS')
  }
  const other = await gateway.organization()
  const { body } = await other.gql(`{ webhookEndpoints { id } node(id: "${id}") { id } }`)
  expect(body.data).toEqual({ webhookEndpoints: [], node: null })
})
