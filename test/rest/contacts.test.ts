import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact, givenContacts } from '../support/factories.ts'
import { type TestGateway, noon, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const unknownReach = { verified_at: null, unreachable_since: null, unreachable_reason: null }
const meta = { request_id: expect.stringMatching(/^req_[0-9a-z]{26}$/), timestamp: noon.toISOString() }

test('a contact is created, read, changed and deleted', async () => {
  const tenant = await gateway.organization({ defaultCountry: 'US' })
  const created = await tenant.rest('POST', '', {
    phone: '(415) 555-2671 x12',
    email: 'ana@example.com',
    first_name: 'Ana',
    tags: ['VIP'],
    metadata: { plan: 'pro' },
  })
  const { id } = created.body.data
  const contact = {
    id: expect.stringMatching(/^con_[0-9a-z]{26}$/),
    phone: '+14155552671',
    phone_extension: '12',
    email: 'ana@example.com',
    first_name: 'Ana',
    last_name: null,
    display_name: 'Ana',
    company: null,
    country_code: 'US',
    timezone: null,
    language: null,
    lifecycle_stage: 'lead',
    tags: ['VIP'],
    custom_attributes: { plan: 'pro' },
    phone_numbers: [{ value: '+14155552671', extension: '12', label: null, is_primary: true, ...unknownReach }],
    email_addresses: [{ value: 'ana@example.com', label: null, is_primary: true, ...unknownReach }],
    external_ids: [],
    is_blocked: false,
    revision: 1,
    source: 'api',
    created_at: noon.toISOString(),
    updated_at: noon.toISOString(),
  }
  expect(created).toMatchObject({ status: 201, body: { data: contact, meta } })
  expect(created.headers.get('location')).toBe(`/api/v1/contacts/${id}`)
  expect(created.headers.get('x-request-id')).toBe(created.body.meta.request_id)
  expect((await tenant.rest('GET', `/${id}`)).body).toEqual({ data: contact, meta })
  const changed = await tenant.rest('PATCH', `/${id}`, {
    phone: null,
    lifecycle_stage: 'customer',
    custom_attributes: { plan: null, seats: 3 },
  })
  expect(changed).toMatchObject({
    status: 200,
    body: {
      data: {
        ...contact,
        revision: 2,
        phone: null,
        phone_extension: null,
        phone_numbers: [],
        lifecycle_stage: 'customer',
        custom_attributes: { seats: 3 },
      },
    },
  })
  const deleted = await tenant.rest('DELETE', `/${id}`)
  expect([deleted.status, deleted.body]).toEqual([204, ''])
  expect((await tenant.rest('GET', `/${id}`)).status).toBe(404)
  expect((await tenant.rest('DELETE', `/${id}`)).status).toBe(404)
  expect(await gateway.db.prisma.contact.count({ where: { id } })).toBe(1)
})

test('the root answers with and without its slash, and HEAD like GET', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const answers = await Promise.all([tenant.rest('GET', ''), tenant.rest('GET', '/'), tenant.rest('GET', '/?limit=5')])
  expect(answers.map(({ body }) => body.data.map((contact: { id: string }) => contact.id))).toEqual([[id], [id], [id]])
  const head = await tenant.rest('HEAD', `/${id}`)
  expect([head.status, head.body]).toEqual([200, ''])
  expect((await tenant.rest('POST', '/', { email: 'slash@example.com' })).status).toBe(201)
})

describe('the list', () => {
  test('pages newest first by the cursor of the page before', async () => {
    const tenant = await gateway.organization()
    const ids = (await givenContacts(tenant, [{}, {}, {}, {}, {}])).toReversed()
    const first = await tenant.rest('GET', '?limit=2')
    expect(first.body.meta.pagination).toEqual({ cursor: expect.any(String), has_more: true, total: 5 })
    const second = await tenant.rest('GET', `?limit=2&cursor=${first.body.meta.pagination.cursor}`)
    const third = await tenant.rest('GET', `?limit=2&cursor=${second.body.meta.pagination.cursor}`)
    expect([first, second, third].flatMap(({ body }) => body.data.map((contact: { id: string }) => contact.id))).toEqual(ids)
    expect(third.body.meta.pagination).toEqual({ cursor: null, has_more: false, total: 5 })
    // One for the contacts and their number, one for their addresses.
    expect(first.statements).toHaveLength(2)
  })

  test.each([
    ['search=garc%C3%ADa', ['ana']],
    ['search=(415)%20555-26', ['bob']],
    ['lifecycle_stage=customer,churned', ['bob', 'cem']],
    ['lifecycle_stage=Client,CHURNED', ['bob', 'cem']],
    ['country_code=us', ['bob']],
    ['tags=VIP,none', ['ana', 'cem']],
    ['has_phone=true', ['bob']],
    ['has_phone=false&has_email=true', ['ana', 'cem']],
    ['created_after=2026-03-02', ['cem']],
    ['created_before=2026-03-01T12:00:00.001Z', ['ana', 'bob']],
    ['search=nobody', []],
  ])('is filtered by %s', async (query, names) => {
    const tenant = await gateway.organization()
    await givenContact(tenant, { firstName: 'ana', lastName: 'García', tags: ['vip'] })
    await givenContact(tenant, { firstName: 'bob', phone: '+14155552671', lifecycleStage: 'customer' })
    gateway.clock.now = new Date('2026-03-02T00:00:00Z')
    await givenContact(tenant, { firstName: 'cem', lifecycleStage: 'churned', tags: ['Vip', 'x'] })
    gateway.clock.now = noon
    const { body } = await tenant.rest('GET', `?${query}`)
    expect(body.data.map((contact: { first_name: string }) => contact.first_name).toSorted()).toEqual(names)
    expect(body.meta.pagination.total).toBe(names.length)
  })
})
