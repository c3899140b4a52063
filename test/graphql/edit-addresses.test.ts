import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenContact } from '../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const points = `phone email revision phoneNumbers { value extension label isPrimary } emailAddresses { value label isPrimary } externalIds { system value }`

async function edit(tenant: Tenant, mutation: 'add' | 'remove', input: Record<string, unknown>) {
  const name = `${mutation}ContactAddresses`
  const type = `${mutation === 'add' ? 'Add' : 'Remove'}ContactAddresses`
  const { body } = await tenant.gql(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) {
      ... on ${type}Payload { contact { ${points} } }
      ... on Error { code message } ... on FieldError { field } ... on ContactAlreadyExists { existingId }
    } }`,
    { input },
  )
  return body.data[name]
}

test('addresses that are added and removed leave all others as they are', async () => {
  const tenant = await gateway.organization({ defaultCountry: 'US' })
  const contactId = await givenContact(tenant, { phone: '+14155552671', email: 'ana@example.com' })
  const added = await edit(tenant, 'add', {
    contactId,
    phoneNumbers: [{ value: '(415) 555-2672 x9', label: 'work' }],
    emailAddresses: [
      { value: 'ana@home.example', isPrimary: true },
      { value: 'ANA@example.com', label: 'office' },
    ],
    externalIds: [{ system: 'crm', value: 'K-4711' }],
  })
  const contact = {
    phone: '+14155552671',
    email: 'ana@home.example',
    revision: 2,
    phoneNumbers: [
      { value: '+14155552671', extension: null, label: null, isPrimary: true },
      { value: '+14155552672', extension: '9', label: 'work', isPrimary: false },
    ],
    emailAddresses: [
      { value: 'ana@home.example', label: null, isPrimary: true },
      { value: 'ana@example.com', label: 'office', isPrimary: false },
    ],
    externalIds: [{ system: 'crm', value: 'K-4711' }],
  }
  expect(added).toEqual({ contact })
  // Again, and in another spelling: nothing changes.
  expect(await edit(tenant, 'add', { contactId, phoneNumbers: [{ value: '+1 415 555 2672 ext. 9' }] })).toEqual({ contact })
  const removed = await edit(tenant, 'remove', {
    contactId,
    phoneNumbers: ['415-555-2671', '+14155559999'],
    emailAddresses: ['ana@HOME.example'],
    externalIds: [{ system: 'crm', value: 'K-4711' }],
  })
  expect(removed).toEqual({
    contact: {
      ...contact,
      phone: '+14155552672',
      email: 'ana@example.com',
      revision: 3,
      phoneNumbers: [{ value: '+14155552672', extension: '9', label: 'work', isPrimary: true }],
      emailAddresses: [{ value: 'ana@example.com', label: 'office', isPrimary: true }],
      externalIds: [],
    },
  })
})

test('additions and removals are refused where another contact has them, where none would be left, and at another revision', async () => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant, { email: 'ana@example.com' })
  const existingId = await givenContact(tenant, { email: 'ben@example.com' })
  expect(await edit(tenant, 'add', { contactId, emailAddresses: [{ value: 'Ben@example.com' }] })).toMatchObject({
    code: 'CONTACT_ALREADY_EXISTS',
    field: 'emailAddresses',
    existingId,
  })
  expect(await edit(tenant, 'remove', { contactId, emailAddresses: ['ana@example.com'] })).toMatchObject({
    code: 'MISSING_REQUIRED_FIELD',
  })
  expect(await edit(tenant, 'remove', { contactId, emailAddresses: ['ana@'] })).toMatchObject({
    code: 'INVALID_EMAIL',
    field: 'emailAddresses.0.value',
  })
  const conflict = await edit(tenant, 'add', { contactId, emailAddresses: [{ value: 'a@b.example' }], ifRevision: 7 })
  expect(conflict).toMatchObject({ code: 'REVISION_CONFLICT' })
  const many = Array.from({ length: 20 }, (_, index) => ({ value: `ana${index}@example.com` }))
  expect(await edit(tenant, 'add', { contactId, emailAddresses: many })).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'emailAddresses',
  })
})
