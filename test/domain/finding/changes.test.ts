import { afterAll, beforeAll, expect, test } from 'vitest'
import { deleteContacts, updateContact } from '../../../src/domain/contacts/commands.ts'
import { givenActivities, givenContact, givenContacts, givenNote } from '../../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization({ defaultCountry: 'US' })
})
afterAll(() => gateway.close())

const changesQuery = `query ($after: String, $first: Int, $filter: ContactFilter, $kinds: [ContactChangeKind!]) {
  contactChanges(after: $after, first: $first, filter: $filter, kinds: $kinds) {
    changes { contactId kinds fields matches contact { firstName } } eventId hasMore keptSince
  }
}`
const read = async (variables: Record<string, unknown> = {}, caller = tenant) => {
  const { body } = await caller.gql(changesQuery, variables)
  return body.data?.contactChanges ?? body
}

test('changes since an event are folded to one for each contact, through both APIs', async () => {
  const { eventId: start } = await read()
  const [ana = '', bob = ''] = await givenContacts(tenant, [{ firstName: 'Ana', tags: ['vip'] }, { firstName: 'Bob' }])
  await updateContact(tenant.context, ana, { firstName: 'Anna', company: 'Northwind' })
  await givenNote(tenant, ana)
  await deleteContacts(tenant.context, [bob])
  const found = await read({ after: start })
  expect(found).toMatchObject({
    changes: [
      { contactId: ana, kinds: ['CREATED', 'UPDATED', 'NOTE_CREATED'], matches: true, contact: { firstName: 'Anna' } },
      { contactId: bob, kinds: ['CREATED', 'DELETED'], matches: false, contact: null },
    ],
    hasMore: false,
  })
  const rest = await tenant.rest('GET', `/changes?after=${start}`)
  expect(rest.body.data).toMatchObject({
    changes: [
      { contact_id: ana, kinds: ['contact.created', 'contact.updated', 'note.created'], matches: true, contact: { first_name: 'Anna' } },
      { contact_id: bob, matches: false, contact: null },
    ],
    has_more: false,
  })
  expect((await read({ after: found.eventId })).changes).toEqual([])
  const one = await read({ after: start, first: 1 })
  expect(one).toMatchObject({ changes: [{ contactId: ana }], hasMore: true })
  const filtered = await read({ after: start, filter: { tags: ['vip'] }, kinds: ['UPDATED'] })
  expect(filtered.changes).toMatchObject([{ contactId: ana, kinds: ['UPDATED'], matches: true }])
})

test('a contact that a filter matches no more is reported once it may have left', async () => {
  const id = await givenContact(tenant, { customAttributes: { plan: 'pro' } })
  const { eventId } = await read()
  await updateContact(tenant.context, id, { customAttributes: { plan: 'basic' } })
  const filter = { not: { attributes: [{ key: 'plan', ne: 'pro' }] } }
  expect((await read({ after: eventId, filter })).changes).toMatchObject([{ contactId: id, matches: false }])
  expect((await read({ after: eventId, filter: { hasPhone: true } })).changes).toEqual([])
})

test('an event id that is malformed, too old or too new is refused, and a foreign organization sees nothing', async () => {
  const { eventId } = await read()
  const codeOf = async (after: string) => (await read({ after })).errors?.[0].extensions.code
  expect(await codeOf('nonsense')).toBe('VALIDATION_ERROR')
  const { now } = gateway.clock
  gateway.clock.now = new Date(now.getTime() + 7 * 24 * 3_600_000 + 1)
  expect(await codeOf(eventId)).toBe('EVENT_ID_EXPIRED')
  const rest = await tenant.rest('GET', `/changes?after=${eventId}`)
  expect([rest.status, rest.body.error.code]).toEqual([410, 'EVENT_ID_EXPIRED'])
  gateway.clock.now = now
  const stranger = await gateway.organization()
  await givenContact(tenant)
  expect((await read({ after: eventId }, stranger)).changes).toEqual([])
  expect((await tenant.rest('GET', '/changes?first=1001')).status).toBe(400)
  expect((await (await tenant.withScopes('contacts:write')).rest('GET', '/changes')).status).toBe(403)
})

test('a page of contacts has the event to read on from, compiled or not', async () => {
  const { body } = await tenant.gql('{ contacts(first: 1) { eventId nodes { id } } }')
  const id = await givenContact(tenant)
  const { changes } = await read({ after: body.data.contacts.eventId })
  expect(changes).toMatchObject([{ contactId: id, kinds: ['CREATED'] }])
})

test('contacts are counted by each grouping, for the contacts that match', async () => {
  const other = await gateway.organization({ defaultCountry: 'US' })
  await givenContacts(other, [
    { phone: '+14155552001', tags: ['VIP', 'beta'], lifecycleStage: 'customer' },
    { phone: '+14155552002', tags: ['vip'] },
    { phone: '+14155552003', tags: ['vip'] },
    { email: 'nowhere@example.com' },
  ])
  const count = async (by: string, filter: unknown = {}) => {
    const { body } = await other.gql(`query ($filter: ContactFilter) { contactCounts(by: ${by}, filter: $filter) { key count } }`, {
      filter,
    })
    return (body.data.contactCounts as { key: string | null; count: number }[]).map(({ key, count }) => [key, count])
  }
  expect(await count('STAGE')).toEqual([
    ['LEAD', 3],
    ['CUSTOMER', 1],
  ])
  expect(await count('COUNTRY')).toEqual([
    ['US', 3],
    [null, 1],
  ])
  expect(await count('SOURCE')).toEqual([['API', 4]])
  expect(await count('TAG')).toEqual([
    ['vip', 3],
    ['beta', 1],
    [null, 1],
  ])
  expect(await count('CREATED_MONTH', { hasPhone: true })).toEqual([['2026-03', 3]])
  expect(await count('TAG', { not: { tags: ['beta'] } })).toEqual([
    ['vip', 2],
    [null, 1],
  ])
})

test('activities of a time are counted by channel, kind, day and week', async () => {
  const other = await gateway.organization()
  const id = await givenContact(other)
  const at = (text: string) => new Date(`2026-02-${text}T10:00:00Z`)
  await givenActivities(other, id, [
    { message: { channel: 'sms', direction: 'inbound', body: 'Hi', occurredAt: at('22') } },
    { message: { channel: 'email', direction: 'inbound', body: 'Hi', occurredAt: at('23') } },
    { call: { direction: 'inbound', status: 'answered', occurredAt: at('23') } },
    { event: { name: 'visited', occurredAt: at('25') } },
  ])
  const count = async (by: string, period = '') => {
    const { body } = await other.gql(`{ activityCounts(by: ${by}${period}) { key count } }`)
    return body.data?.activityCounts.map((row: { key: string; count: number }) => [row.key, row.count]) ?? body.errors[0].extensions.code
  }
  expect(await count('CHANNEL')).toEqual([
    ['EMAIL', 1],
    ['SMS', 1],
    ['VOICE', 1],
    [null, 1],
  ])
  expect(await count('KIND', ', from: "2026-02-23T00:00:00Z"')).toEqual([
    ['CALL', 1],
    ['EVENT', 1],
    ['MESSAGE', 1],
  ])
  expect(await count('DAY')).toEqual([
    ['2026-02-22', 1],
    ['2026-02-23', 2],
    ['2026-02-25', 1],
  ])
  expect(await count('WEEK', ', to: "2026-02-25T00:00:00Z"')).toEqual([
    ['2026-02-16', 1],
    ['2026-02-23', 2],
  ])
  expect(await count('DAY', ', from: "2024-01-01T00:00:00Z"')).toBe('VALIDATION_ERROR')
})

test('the API keys of the organization are listed for callers that may change settings', async () => {
  const query = '{ viewer { organization { apiKeys { name hint } } } }'
  const { body } = await tenant.gql(query)
  expect(body.data.viewer.organization.apiKeys).toContainEqual({ name: expect.any(String), hint: expect.any(String) })
  const reader = await tenant.withScopes('contacts:read')
  expect((await reader.gql(query)).body.errors[0].extensions.code).toBe('INSUFFICIENT_PERMISSIONS')
})
