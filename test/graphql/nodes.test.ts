import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey } from '../../src/domain/api-keys/commands.ts'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { reserveSend } from '../../src/domain/sending/commands.ts'
import { givenActivities, givenContact, givenNote, givenRule } from '../support/factories.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }'

/** One node of every kind, about a contact of its own. */
async function givenNodes(tenant: Tenant): Promise<Record<string, string>> {
  const contactId = await givenContact(tenant)
  const [message, call, ticket, event] = await givenActivities(tenant, contactId, [
    { message: { occurredAt: noon, channel: 'sms', direction: 'inbound' } },
    { call: { occurredAt: noon, direction: 'inbound', status: 'answered' } },
    { ticket: { occurredAt: noon, subject: 'Help' } },
    { event: { occurredAt: noon, name: 'seen' } },
  ])
  const {
    recordIds: [record],
  } = await setPreferences(tenant.context, contactId, [{ channel: 'sms', state: 'opted_in' }])
  const job = await tenant.rest('POST', '/bulk', { contacts: [{ email: 'imported@example.com' }] })
  const entry = await gateway.db.prisma.auditEntry.findFirstOrThrow({ where: { organizationId: tenant.organizationId } })
  const suggested = await tenant.gql('query ($id: ID!) { contact(id: $id) { nextBestActions(first: 1) { id } } }', { id: contactId })
  return {
    Contact: contactId,
    NextBestAction: suggested.body.data.contact.nextBestActions[0].id,
    Note: await givenNote(tenant, contactId),
    Message: message ?? '',
    Call: call ?? '',
    Ticket: ticket ?? '',
    Event: event ?? '',
    ConsentRecord: record ?? '',
    FrequencyCapRule: await givenRule(tenant),
    SendReservation: await reserveSend(tenant.context, { contactId: await givenContact(tenant), channel: 'email', category: 'service' }),
    ImportJob: job.body.data.import_job_id,
    Organization: tenant.organizationId,
    ApiKey: tenant.context.actor.keyId,
    AuditEntry: entry.id,
  }
}

test('nodes answers with every kind of node, in the order of the ids, as often as an id is named', async () => {
  const tenant = await gateway.organization()
  const byType = await givenNodes(tenant)
  const pairs = [...Object.entries(byType), ...Object.entries(byType).toReversed()]
  const { body } = await tenant.gql(nodes, { ids: pairs.map(([, id]) => id) })
  expect(body).toEqual({ data: { nodes: pairs.map(([__typename, id]) => ({ __typename, id })) } })
  for (const [__typename, id] of Object.entries(byType)) {
    const one = await tenant.gql('query ($id: ID!) { node(id: $id) { __typename id } }', { id })
    expect(one.body).toEqual({ data: { node: { __typename, id } } })
  }
})

test('another organization sees none of these nodes', async () => {
  const stranger = await gateway.organization()
  const ids = Object.values(await givenNodes(await gateway.organization()))
  expect((await stranger.gql(nodes, { ids })).body).toEqual({ data: { nodes: ids.map(() => null) } })
})

test('nodes takes one statement for each kind of node, whatever the number of ids', async () => {
  const tenant = await gateway.organization()
  const stored = async () => {
    // A suggestion is computed, by as many statements as it takes.
    const { NextBestAction, ...rest } = await givenNodes(tenant)
    expect(NextBestAction).toMatch(/^nba_/)
    return rest
  }
  const [one, other] = [await stored(), await stored()]
  const few = await tenant.gql(nodes, { ids: Object.values(one) })
  const many = await tenant.gql(nodes, { ids: [...Object.values(one), ...Object.values(other), ...Object.values(one)] })
  expect(few.statements).toHaveLength(Object.keys(one).length)
  expect(many.statements).toHaveLength(Object.keys(one).length)
})

test('an unknown id is null, a malformed one is null with an error, and the others are still read', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const { body } = await tenant.gql(nodes, { ids: ['con_00000000000000000000000000', 'nonsense', id] })
  expect(body.data).toEqual({ nodes: [null, null, { __typename: 'Contact', id }] })
  expect(body.errors).toMatchObject([{ path: ['nodes', 1], extensions: { code: 'VALIDATION_ERROR', field: 'ids.1' } }])
})

test('more than 200 ids are refused', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  expect((await tenant.gql(nodes, { ids: Array(200).fill(id) })).body.data.nodes).toHaveLength(200)
  const { body } = await tenant.gql(nodes, { ids: Array(201).fill(id) })
  expect(body.errors).toMatchObject([{ message: '201 ids are too many. Send at most 200 at a time.', extensions: { field: 'ids' } }])
})

test('a caller sees the nodes that its scopes allow', async () => {
  const tenant = await gateway.organization()
  const byType = await givenNodes(tenant)
  const { organizationId, db, now } = { ...tenant.context, ...tenant.context.actor }
  const other = await createApiKey({ db, now, organizationId }, { name: 'Other', scopes: [] })
  const ids = [byType['AuditEntry'] ?? '', byType['ConsentRecord'] ?? '', other.id, organizationId]
  const caller = await tenant.withScopes('contacts:write')
  const { body } = await caller.gql(nodes, { ids: [...ids, caller.context.actor.keyId] })
  expect(body.data.nodes).toEqual([
    null,
    null,
    null,
    { __typename: 'Organization', id: organizationId },
    { __typename: 'ApiKey', id: caller.context.actor.keyId },
  ])
  expect(body.errors).toMatchObject([
    { path: ['nodes', 0], extensions: { code: 'INSUFFICIENT_PERMISSIONS', expected: 'audit:read' } },
    { path: ['nodes', 1], extensions: { code: 'INSUFFICIENT_PERMISSIONS', expected: 'contacts:read' } },
  ])
  const manager = await tenant.withScopes('settings:write')
  expect((await manager.gql(nodes, { ids: [other.id] })).body.data.nodes).toEqual([{ __typename: 'ApiKey', id: other.id }])
})
