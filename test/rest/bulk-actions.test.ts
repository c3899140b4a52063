import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact, givenContacts } from '../support/factories.ts'
import { type House, openHouse, type Tenant } from '../support/house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const unknown = 'con_00000000000000000000000000'
const act = (tenant: Tenant, body: object) => tenant.rest('POST', '/actions', body)
const contactsOf = (tenant: Tenant) =>
  house.db.contact.findMany({
    where: { organizationId: tenant.organizationId, deletedAt: null },
    orderBy: { id: 'asc' },
    select: { tags: true, tagKeys: true, lifecycleStage: true, revision: true },
  })

test('tags are added and removed, and every contact is accounted for', async () => {
  const tenant = await house.organization()
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
  const tenant = await house.organization()
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
  const transitions = await house.db.lifecycleTransition.findMany({ where: { organizationId: tenant.organizationId } })
  expect(transitions).toMatchObject([{ contactId: ana, fromStage: 'lead', toStage: 'customer', changedBy: 'Test key' }])
})

test('contacts are deleted and restored', async () => {
  const tenant = await house.organization()
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
    const tenant = await house.organization()
    await givenContact(tenant)
    const answer = await act(tenant, body)
    expect([answer.status, answer.body.error.details.field]).toEqual([422, field])
    expect(await contactsOf(tenant)).toHaveLength(1)
  })

  test('without the scope', async () => {
    const reader = await (await house.organization()).withScopes('contacts:read')
    expect((await act(reader, { action: 'delete', contact_ids: [unknown] })).status).toBe(403)
    expect((await reader.rest('POST', '/bulk-delete', { contact_ids: [unknown] })).status).toBe(403)
  })

  test('to the contacts of another organization', async () => {
    const [owner, stranger] = [await house.organization(), await house.organization()]
    const id = await givenContact(owner)
    expect((await act(stranger, { action: 'delete', contact_ids: [id] })).body.data).toMatchObject({
      changed: 0,
      failed: [{ code: 'NOT_FOUND' }],
    })
    expect(await contactsOf(owner)).toHaveLength(1)
  })
})

test('an action takes four statements a thousand contacts, whatever it does to them', async () => {
  const tenant = await house.organization()
  const ids = await givenContacts(tenant, [{}, {}, {}])
  const { statements } = await act(tenant, { action: 'set_lifecycle_stage', contact_ids: ids, params: { lifecycle_stage: 'churned' } })
  expect(statements).toHaveLength(4)
})
