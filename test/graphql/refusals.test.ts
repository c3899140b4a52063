import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

describe('a refusal', () => {
  const create = (input: string) =>
    `mutation { createContact(input: ${input}) { __typename ... on Error { code message } ... on FieldError { field value expected } ... on ContactAlreadyExists { field existing { displayName } } } }`

  test.each([
    ['{ firstName: "Ana" }', 'MissingRequiredField', 'MISSING_REQUIRED_FIELD', 'phone', null],
    ['{ phone: "N/A" }', 'InvalidPhoneNumber', 'INVALID_PHONE_NUMBER', 'phone', 'N/A'],
    ['{ email: "ana@" }', 'InvalidEmail', 'INVALID_EMAIL', 'email', 'ana@'],
    ['{ email: "ana@example.com", countryCode: "XX" }', 'InvalidInput', 'VALIDATION_ERROR', 'countryCode', 'XX'],
    ['{ email: "ana@example.com", timezone: "Mars" }', 'InvalidInput', 'VALIDATION_ERROR', 'timezone', 'Mars'],
    ['{ email: "ana@example.com", language: "klingon" }', 'InvalidInput', 'VALIDATION_ERROR', 'language', 'klingon'],
    ['{ email: "ana@example.com", firstName: "a\\u0000b" }', 'InvalidInput', 'VALIDATION_ERROR', 'firstName', 'a\u0000b'],
    ['{ email: "ana@example.com", lifecycleStage: null }', 'InvalidInput', 'VALIDATION_ERROR', 'lifecycleStage', null],
    ['{ email: "ana@example.com", tags: [""] }', 'InvalidInput', 'VALIDATION_ERROR', 'tags', ''],
  ])('of %s is a typed %s', async (input, type, code, field, value) => {
    const tenant = await gateway.organization()
    const { body } = await tenant.gql(create(input))
    expect(body).toEqual({
      data: {
        createContact: {
          __typename: type,
          code,
          message: expect.stringMatching(/^\S.*\.$/),
          field,
          value,
          expected: expect.any(String),
        },
      },
    })
    expect(await gateway.db.prisma.contact.count({ where: { organizationId: tenant.organizationId } })).toBe(0)
  })

  test('of several inputs lists them all, as REST does, and is itself the first of them', async () => {
    const tenant = await gateway.organization()
    const mutation = `mutation ($input: CreateContactInput!) { createContact(input: $input) {
      __typename ... on FieldError { field errors { code message field value expected } } } }`
    const { body } = await tenant.gql(mutation, { input: { phone: 'N/A', email: 'ana@', timezone: 'Mars' } })
    const rest = await tenant.rest('POST', '', { phone: 'N/A', email: 'ana@', timezone: 'Mars' })
    expect(body.data.createContact.errors).toEqual(rest.body.error.details.errors)
    expect(body.data.createContact).toMatchObject({
      __typename: 'InvalidPhoneNumber',
      field: 'phone',
      errors: [
        { code: 'INVALID_PHONE_NUMBER', field: 'phone', value: 'N/A' },
        { code: 'INVALID_EMAIL', field: 'email', value: 'ana@' },
        { code: 'VALIDATION_ERROR', field: 'timezone', value: 'Mars' },
      ],
    })
    const one = await tenant.gql(mutation, { input: { phone: 'N/A' } })
    expect(one.body.data.createContact).toMatchObject({ errors: [{ code: 'INVALID_PHONE_NUMBER', field: 'phone' }] })
  })

  test('of a taken phone or email names the contact that has it, on creating and on changing', async () => {
    const tenant = await gateway.organization()
    await givenContact(tenant, { firstName: 'Ana', phone: '+14155552671', email: 'ana@example.com' })
    const phone = await tenant.gql(create('{ phone: "+1 415 555 2671" }'))
    expect(phone.body.data.createContact).toMatchObject({
      __typename: 'ContactAlreadyExists',
      code: 'CONTACT_ALREADY_EXISTS',
      field: 'phone',
      existing: { displayName: 'Ana' },
    })
    const email = await tenant.gql(create('{ email: "ANA@example.com" }'))
    expect(email.body.data.createContact).toMatchObject({
      __typename: 'ContactAlreadyExists',
      field: 'email',
      existing: { displayName: 'Ana' },
    })
    const other = await givenContact(tenant, { firstName: 'Bob', phone: '+14155552671 x1' })
    const change = await tenant.gql(
      'mutation ($id: ID!) { updateContact(input: { id: $id, phoneExtension: null }) { __typename ... on ContactAlreadyExists { field } } }',
      { id: other },
    )
    expect(change.body.data.updateContact).toEqual({ __typename: 'ContactAlreadyExists', field: 'phone' })
  })

  test('of an unknown, a foreign and a deleted id is the same', async () => {
    const [tenant, stranger] = await Promise.all([gateway.organization(), gateway.organization()])
    const foreign = await givenContact(stranger)
    const deleted = await givenContact(tenant)
    await tenant.gql('mutation ($ids: [ID!]!) { deleteContacts(input: { ids: $ids }) { __typename } }', { ids: [deleted] })
    for (const id of ['con_00000000000000000000000000', foreign, deleted]) {
      const { body } = await tenant.gql(
        `mutation ($id: ID!, $ids: [ID!]!) {
          updateContact(input: { id: $id, firstName: "X" }) { ... on NotFound { code message } }
          deleteContacts(input: { ids: $ids }) { ... on DeleteContactsPayload { notFoundIds } }
          createNote(input: { contactId: $id, body: "x" }) { ... on NotFound { code message } }
        }`,
        { id, ids: [id] },
      )
      const refusal = { code: 'NOT_FOUND', message: `There is no contact with the id ${id}.` }
      expect(body.data).toEqual({ updateContact: refusal, deleteContacts: { notFoundIds: [id] }, createNote: refusal })
    }
  })

  test('of too many ids, of none and of malformed ones comes before anything is done', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant)
    const mutation = 'mutation ($ids: [ID!]!) { deleteContacts(input: { ids: $ids }) { ... on InvalidInput { message field } } }'
    const answers = await Promise.all([[], Array.from({ length: 1001 }, () => id), [id, 'abc']].map((ids) => tenant.gql(mutation, { ids })))
    expect(answers.map(({ body }) => body.data.deleteContacts)).toEqual([
      { message: 'No contact is named.', field: 'ids' },
      { message: '1,001 contacts are too many at a time.', field: 'ids' },
      { message: 'This is not the id of a contact; those look like con_01jm8xw4r2e5tvq0c9h3kzb7nd.', field: 'ids.1' },
    ])
    expect(await gateway.db.prisma.contact.count({ where: { organizationId: tenant.organizationId, deletedAt: null } })).toBe(1)
  })
})

test('two requests that create the same contact at once make one contact and one refusal', async () => {
  const tenant = await gateway.organization()
  const create = () => tenant.gql('mutation { createContact(input: { email: "ana@example.com" }) { __typename } }')
  const answers = await Promise.all([create(), create(), create(), create()])
  expect(answers.map(({ body }) => body.data.createContact.__typename).toSorted()).toEqual([
    'ContactAlreadyExists',
    'ContactAlreadyExists',
    'ContactAlreadyExists',
    'CreateContactPayload',
  ])
})
