import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact, givenContacts } from '../support/factories.ts'
import { type TestGateway, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const unknown = 'con_00000000000000000000000000'
const act = (tenant: Tenant, body: object) => tenant.rest('POST', '/actions', body)
const contactsOf = (tenant: Tenant) =>
  gateway.db.prisma.contact.findMany({
    where: { organizationId: tenant.organizationId, deletedAt: null },
    orderBy: { id: 'asc' },
    select: { tags: true, tagKeys: true, lifecycleStage: true, revision: true },
  })

test('tags are added and removed, and every contact is accounted for', async () => {
  const tenant = await gateway.organization()
  const ids = await givenContacts(tenant, [
    { tags: ['VIP'] },
    { tags: ['vip', 'Beta'] },
    { tags: Array.from({ length: 100 }, (_, n) => `t${n}`) },
  ])
  const body = { action: 'add_tags', contact_ids: [...ids, ids[0], unknown], params: { tags: ['Beta', 'vip'] } }
  const answer = await act(tenant, body)
  expect([answer.status, answer.body.data]).toEqual([
    200,
    {
      action: 'add_tags',
      matched: 4,
      changed: 1,
      unchanged: 1,
      failed: [
        { id: ids[2], code: 'VALIDATION_ERROR', message: 'A contact has at most 100 tags.' },
        { id: unknown, code: 'NOT_FOUND', message: `There is no contact with the id ${unknown}.` },
      ],
    },
  ])
  expect((await contactsOf(tenant)).slice(0, 2)).toEqual([
    { tags: ['VIP', 'Beta'], tagKeys: ['vip', 'beta'], lifecycleStage: 'lead', revision: 2 },
    { tags: ['vip', 'Beta'], tagKeys: ['vip', 'beta'], lifecycleStage: 'lead', revision: 1 },
  ])
  expect((await act(tenant, body)).body.data).toMatchObject({ matched: 4, changed: 0, unchanged: 2 })
  const removed = await act(tenant, { action: 'remove_tags', filter: { tags: 'BETA' }, params: { tags: ['beta'] } })
  expect(removed.body.data).toEqual({ action: 'remove_tags', matched: 2, changed: 2, unchanged: 0, failed: [] })
  expect((await contactsOf(tenant)).slice(0, 2)).toMatchObject([{ tags: ['VIP'] }, { tags: ['vip'] }])
})

test('a stage is set for those that match, and every change is recorded', async () => {
  const tenant = await gateway.organization()
  const [ana = ''] = await givenContacts(tenant, [
    { countryCode: 'DE' },
    { countryCode: 'DE', lifecycleStage: 'customer' },
    { countryCode: 'US' },
  ])
  const answer = await act(tenant, {
    action: 'set_lifecycle_stage',
    filter: { country_code: ['DE'] },
    params: { lifecycle_stage: 'customer' },
  })
  expect(answer.body.data).toMatchObject({ matched: 2, changed: 1, unchanged: 1, failed: [] })
  expect((await contactsOf(tenant)).map(({ lifecycleStage }) => lifecycleStage)).toEqual(['customer', 'customer', 'lead'])
  const transitions = await gateway.db.prisma.lifecycleTransition.findMany({ where: { organizationId: tenant.organizationId } })
  expect(transitions).toMatchObject([{ contactId: ana, fromStage: 'lead', toStage: 'customer', changedBy: 'Test key' }])
})

test('contacts are deleted and restored', async () => {
  const tenant = await gateway.organization()
  const ids = await givenContacts(tenant, [{ email: 'a@example.com' }, {}, {}])
  expect((await act(tenant, { action: 'delete', filter: { search: 'a@example.com' } })).body.data).toMatchObject({ matched: 1, changed: 1 })
  expect((await tenant.rest('POST', '/bulk-delete', { contact_ids: [...ids, unknown] })).body.data).toEqual({
    requested: 4,
    deleted: 2,
    not_found: [ids[0], unknown],
  })
  await givenContact(tenant, { email: 'a@example.com' })
  const restored = await act(tenant, { action: 'restore', contact_ids: ids })
  expect(restored.body.data).toMatchObject({
    matched: 3,
    changed: 2,
    unchanged: 0,
    failed: [{ id: ids[0], code: 'CONTACT_ALREADY_EXISTS' }],
  })
  expect((await act(tenant, { action: 'restore', contact_ids: ids })).body.data).toMatchObject({ changed: 0, unchanged: 2 })
  expect((await act(tenant, { action: 'delete', filter: {}, all: true })).body.data).toMatchObject({ matched: 3, changed: 3 })
  expect(await contactsOf(tenant)).toEqual([])
})

test.each([{}, { search: ' ' }, { search: '\u00a0\u0301' }, { tags: null }])(
  'no contact is deleted by %j, which every contact matches, unless all is true',
  async (filter) => {
    const tenant = await gateway.organization()
    await givenContacts(tenant, [{}, {}])
    const { status } = await act(tenant, { action: 'delete', filter })
    expect([status, (await contactsOf(tenant)).length]).toEqual([422, 2])
  },
)

describe('nothing is done', () => {
  const manyIds = Array.from({ length: 1001 }, () => unknown)
  test.each([
    [{ action: 'explode', contact_ids: [unknown] }, 'action'],
    [{ action: 'delete' }, 'contact_ids'],
    [{ action: 'delete', contact_ids: [unknown], filter: {} }, 'contact_ids'],
    [{ action: 'delete', contact_ids: [] }, 'contact_ids'],
    [{ action: 'delete', contact_ids: manyIds }, 'contact_ids'],
    [{ action: 'delete', contact_ids: ['x'] }, 'contact_ids.0'],
    [{ action: 'delete', filter: {} }, 'filter'],
    [{ action: 'delete', filter: { search: '' } }, 'filter'],
    [{ action: 'delete', filter: { colour: 'red' } }, 'filter.colour'],
    [{ action: 'delete', contact_ids: [unknown], params: { tags: ['a'] } }, 'params.tags'],
    [{ action: 'restore', filter: { search: 'ana' } }, 'filter'],
    [{ action: 'add_tags', contact_ids: [unknown] }, 'params.tags'],
    [{ action: 'add_tags', contact_ids: [unknown], params: { tags: [] } }, 'params.tags'],
    [{ action: 'set_lifecycle_stage', contact_ids: [unknown], params: { lifecycle_stage: 'friend' } }, 'params.lifecycle_stage'],
  ])('for %.90j', async (body, field) => {
    const tenant = await gateway.organization()
    await givenContact(tenant)
    const answer = await act(tenant, body)
    expect([answer.status, answer.body.error.details.field]).toEqual([422, field])
    expect(await contactsOf(tenant)).toHaveLength(1)
  })

  test('without the scope', async () => {
    const reader = await (await gateway.organization()).withScopes('contacts:read')
    expect((await act(reader, { action: 'delete', contact_ids: [unknown] })).status).toBe(403)
    expect((await reader.rest('POST', '/bulk-delete', { contact_ids: [unknown] })).status).toBe(403)
  })

  test('to the contacts of another organization', async () => {
    const [owner, stranger] = [await gateway.organization(), await gateway.organization()]
    const id = await givenContact(owner)
    expect((await act(stranger, { action: 'delete', contact_ids: [id] })).body.data).toMatchObject({
      changed: 0,
      failed: [{ code: 'NOT_FOUND' }],
    })
    expect(await contactsOf(owner)).toHaveLength(1)
  })
})

test('an action takes five statements a thousand contacts, whatever it does to them', async () => {
  const tenant = await gateway.organization()
  const ids = await givenContacts(tenant, [{}, {}, {}])
  const { statements } = await act(tenant, { action: 'set_lifecycle_stage', contact_ids: ids, params: { lifecycle_stage: 'churned' } })
  expect(statements).toHaveLength(5)
})

describe('consent and blocks', () => {
  test('preferences are put on record for each contact, and counted where they decide', async () => {
    const tenant = await gateway.organization()
    const [one, other] = [await givenContact(tenant), await givenContact(tenant)]
    // A later statement than the one below.
    await tenant.rest('PUT', `/${other}/preferences`, { changes: [{ channel: 'sms', state: 'opted_out' }] })
    const request = {
      action: 'set_preferences',
      contact_ids: [one, other, unknown],
      params: {
        changes: [
          {
            channel: 'sms',
            state: 'opted_in',
            lawful_basis: 'consent',
            proof_url: 'https://example.com/1',
            recorded_at: '2026-01-01T00:00:00Z',
          },
        ],
      },
    }
    const { status, body } = await tenant.rest('POST', '/actions', request)
    expect([status, body.data]).toEqual([
      200,
      {
        action: 'set_preferences',
        matched: 3,
        changed: 1,
        unchanged: 1,
        failed: [{ id: unknown, code: 'NOT_FOUND', message: `There is no contact with the id ${unknown}.` }],
      },
    ])
    const read = async (id: string) => (await tenant.rest('GET', `/${id}/preferences`)).body.data
    expect((await read(one)).preferences.sms).toBe('opted_in')
    expect((await read(one)).records).toMatchObject([{ channel: 'sms', lawful_basis: 'consent', proof_url: 'https://example.com/1' }])
    expect((await read(other)).preferences.sms).toBe('opted_out')
    expect((await read(other)).records).toHaveLength(2)
    expect((await tenant.rest('POST', '/actions', request)).body.data).toMatchObject({ changed: 0, unchanged: 2 })

    const graphql = await tenant.gql(
      `mutation ($ids: [ID!]!, $params: JSON) { bulkContactAction(input: { action: SET_PREFERENCES, contactIds: $ids, params: $params }) {
        ... on BulkContactActionPayload { changed unchanged } } }`,
      { ids: [one], params: { changes: [{ channel: 'EMAIL', state: 'OPTED_OUT' }] } },
    )
    expect(graphql.body.data.bulkContactAction).toEqual({ changed: 1, unchanged: 0 })
  })

  test.each([
    [{}, 'MISSING_REQUIRED_FIELD', 'params.changes'],
    [{ changes: [{ channel: 'pigeon', state: 'opted_in' }] }, 'INVALID_CHANNEL', 'changes.0.channel'],
    [{ changes: [{ channel: 'sms', state: 'maybe' }] }, 'VALIDATION_ERROR', 'params.changes.0.state'],
    [
      { changes: [{ channel: 'sms', state: 'opted_in', recorded_at: '2027-01-01T00:00:00Z' }] },
      'VALIDATION_ERROR',
      'changes.0.recorded_at',
    ],
    [{ changes: [] }, 'VALIDATION_ERROR', 'changes'],
  ])('preferences that are refused: %o', async (params, code, field) => {
    const tenant = await gateway.organization()
    const contact = await givenContact(tenant)
    const { status, body } = await tenant.rest('POST', '/actions', { action: 'set_preferences', contact_ids: [contact], params })
    expect([status, body.error]).toMatchObject([422, { code, details: { field } }])
    expect(await gateway.db.prisma.consentRecord.count({ where: { organizationId: tenant.organizationId } })).toBe(0)
  })

  test('blocked and unblocked, each once, in as many statements for one as for many', async () => {
    const tenant = await gateway.organization()
    const ids = [await givenContact(tenant), await givenContact(tenant), await givenContact(tenant)]
    await tenant.rest('POST', `/${ids[0]}/block`, { reason: 'Before.' })
    const act = (action: string, contactIds: string[]) =>
      tenant.rest('POST', '/actions', { action, contact_ids: contactIds, params: { reason: 'Abuse.' } })
    const blocked = await act('block', [...ids, unknown])
    expect(blocked.body.data).toMatchObject({ matched: 4, changed: 2, unchanged: 1, failed: [{ id: unknown, code: 'NOT_FOUND' }] })
    const { data } = (await tenant.rest('GET', '/blocked')).body
    expect(data.map(({ block }: { block: { reason: string } }) => block.reason).toSorted()).toEqual(['Abuse.', 'Abuse.', 'Before.'])
    expect((await act('block', ids)).body.data).toMatchObject({ changed: 0, unchanged: 3 })

    const all = await act('unblock', ids)
    expect(all.body.data).toMatchObject({ changed: 3, unchanged: 0, failed: [] })
    expect((await tenant.rest('GET', '/blocked')).body.data).toEqual([])
    const blocks = await gateway.db.prisma.block.findMany({ where: { organizationId: tenant.organizationId } })
    expect(blocks.map(({ unblockReason, unblockedBy }) => [unblockReason, unblockedBy])).toEqual(ids.map(() => ['Abuse.', 'Test key']))
    expect((await act('unblock', ids)).body.data).toMatchObject({ changed: 0, unchanged: 3 })
    await act('block', [ids[0] ?? ''])
    expect((await act('unblock', [ids[0] ?? ''])).statements.length).toBe(all.statements.length)
  })
})
