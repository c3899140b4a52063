import { afterAll, beforeAll, expect, test } from 'vitest'
import { upsertContact } from '../../src/domain/contacts/upsert.ts'
import { givenContact } from '../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

async function upsert(tenant: Tenant, input: Record<string, unknown>) {
  const { body } = await tenant.gql(
    `mutation ($input: UpsertContactInput!) { upsertContact(input: $input) {
      ... on UpsertContactPayload { outcome matchedBy deletedMatchIds contact { id phone email firstName externalIds { system value } } }
      ... on AmbiguousMatch { contacts { id } } ... on Error { code }
    } }`,
    { input },
  )
  return body.data.upsertContact
}

test('a contact is created, found by any identifier, changed, and left alone where it has all of it already', async () => {
  const tenant = await gateway.organization()
  const externalId = { system: 'crm', value: '4711' }
  const match = [{ externalId }, { email: 'ana@example.com' }]
  const created = await upsert(tenant, { match, set: { firstName: 'Ana' } })
  expect(created).toMatchObject({ outcome: 'CREATED', matchedBy: null, contact: { email: 'ana@example.com', externalIds: [externalId] } })
  expect(await upsert(tenant, { match, set: { firstName: 'Ana' } })).toMatchObject({ outcome: 'UNCHANGED', matchedBy: 'EXTERNAL_ID' })
  const byEmail = [{ email: 'ANA@example.com' }, { phone: '+14155552671' }]
  expect(await upsert(tenant, { match: byEmail, set: { firstName: 'Anna' } })).toMatchObject({
    outcome: 'UPDATED',
    matchedBy: 'EMAIL',
    contact: { id: created.contact.id, firstName: 'Anna', phone: '+14155552671' },
  })
  const viaRest = await tenant.rest('POST', '/upsert', { match: [{ external_id: externalId }], set: { first_name: 'Ana' } })
  expect(viaRest.body.data).toMatchObject({
    outcome: 'updated',
    matched_by: 'external_id',
    contact: { id: created.contact.id, first_name: 'Ana' },
  })
})

test('identifiers of different contacts are refused with these, an unknown id is not found, and a stale revision is a conflict', async () => {
  const tenant = await gateway.organization()
  const [one, two] = [await givenContact(tenant, { email: 'ana@example.com' }), await givenContact(tenant, { phone: '+14155552671' })]
  const match = [{ email: 'ana@example.com' }, { phone: '+14155552671' }]
  const refused = await upsert(tenant, { match, set: {} })
  expect(refused).toMatchObject({ code: 'AMBIGUOUS_MATCH', contacts: [{ id: one }, { id: two }] })
  expect((await tenant.rest('POST', '/upsert', { match, set: {} })).body.error).toMatchObject({ details: { contact_ids: [one, two] } })
  expect(await upsert(tenant, { match: [{ id: 'con_01jm8xw4r2e5tvq0c9h3kzb7nd' }], set: {} })).toMatchObject({ code: 'NOT_FOUND' })
  expect(await upsert(tenant, { match: [{ id: one }], set: { firstName: 'Ana' }, ifRevision: 7 })).toMatchObject({
    code: 'REVISION_CONFLICT',
  })
  expect(await upsert(tenant, { match: [], set: {} })).toMatchObject({ code: 'VALIDATION_ERROR' })
})

test('calls at the same time create one contact', async () => {
  const tenant = await gateway.organization()
  const match = [{ email: 'ana@example.com' }, { phone: '+14155552671' }]
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => upsertContact(tenant.context, { match, set: { firstName: 'Ana' } })))
  expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
  expect(new Set(outcomes.map(({ contactId }) => contactId)).size).toBe(1)
})

test('a deleted match is reported, and what its address was suppressed for holds for the new contact', async () => {
  const tenant = await gateway.organization()
  const deleted = await givenContact(tenant, { email: 'ana@example.com' })
  await tenant.rest('PUT', `/${deleted}/preferences`, { changes: [{ channel: 'email', state: 'opted_out' }] })
  await tenant.rest('DELETE', `/${deleted}`)
  const created = await upsert(tenant, { match: [{ email: 'ana@example.com' }], set: {} })
  expect(created).toMatchObject({ outcome: 'CREATED', deletedMatchIds: [deleted] })
  expect((await tenant.rest('GET', `/${created.contact.id}/preferences`)).body.data.preferences).toMatchObject({ email: 'opted_out' })
})

test('many contacts have an outcome each, and one that is refused does not stop the others', async () => {
  const tenant = await gateway.organization()
  const { body } = await tenant.gql(`mutation { upsertContacts(input: { items: [
    { match: [{ email: "ana@example.com" }], set: { firstName: "Ana" } }
    { match: [{ email: "nonsense" }], set: {} }
    { match: [{ email: "ana@example.com" }], set: { lastName: "Roe" } }
  ] }) { ... on UpsertContactsPayload { outcomes { outcome code contact { displayName } } } } }`)
  expect(body.data.upsertContacts.outcomes).toMatchObject([
    { outcome: 'CREATED', code: null },
    { outcome: null, code: 'INVALID_EMAIL', contact: null },
    { outcome: 'UPDATED', contact: { displayName: 'Ana Roe' } },
  ])
})
