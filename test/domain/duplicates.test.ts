import { afterAll, beforeAll, expect, test } from 'vitest'
import { createContact } from '../../src/domain/contacts/commands.ts'
import { givenContacts } from '../support/factories.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const duplicatesOf = `query ($id: ID!) { contact(id: $id) { duplicates { contact { id } score reasons } } }`

test('contacts that are one person are found by what they have in common, with a score and reasons', async () => {
  const tenant = await gateway.organization()
  const [ana, dotted, sameName] = await givenContacts(tenant, [
    { email: 'ana.garcia@example.com', firstName: 'Ana', lastName: 'García', company: 'Northwind', phone: '+14155552671' },
    { email: 'anagarcia+shop@example.com', firstName: 'A.', lastName: 'Garcia' },
    { phone: '+12125552671', firstName: 'Ana', lastName: 'Garcia', company: 'northwind' },
    { email: 'ben@example.com', firstName: 'Ben', lastName: 'García', phone: '+14155552671', phoneExtension: '2' },
    { email: 'cleo@example.com', firstName: 'Cleo' },
  ])
  const { body } = await tenant.gql(duplicatesOf, { id: ana })
  expect(body.data.contact.duplicates).toEqual([
    { contact: { id: dotted }, score: 0.95, reasons: ['EMAIL', 'SIMILAR_NAME'] },
    { contact: { id: sameName }, score: 0.9, reasons: ['PHONE_ENDING', 'NAME', 'COMPANY'] },
  ])
})

test('a nickname is one form of a given name, also where it is not the beginning of it', async () => {
  const tenant = await gateway.organization()
  const [robert = '', bob] = await givenContacts(tenant, [
    { firstName: 'Robert', lastName: 'Roe', company: 'Northwind', phone: '+14155552671', phoneExtension: '1' },
    { firstName: 'Bob', lastName: 'Roe', company: 'Northwind', phone: '+14155552671', phoneExtension: '2' },
    { firstName: 'Bill', lastName: 'Roe', company: 'Northwind', phone: '+14155552671', phoneExtension: '3' },
  ])
  expect((await tenant.gql(duplicatesOf, { id: robert })).body.data.contact.duplicates).toEqual([
    { contact: { id: bob }, score: 0.85, reasons: ['PHONE', 'SIMILAR_NAME', 'COMPANY'] },
  ])
})

test('a family with one number and extensions, or with numbers that end alike, is not one person', async () => {
  const tenant = await gateway.organization()
  const [ana = ''] = await givenContacts(tenant, [
    { firstName: 'Ana', lastName: 'Roe', phone: '+14155552671', phoneExtension: '1' },
    { firstName: 'Ben', lastName: 'Roe', phone: '+14155552671', phoneExtension: '2' },
    { firstName: 'Cleo', lastName: 'Roe', phone: '+12125552671' },
  ])
  expect((await tenant.gql(duplicatesOf, { id: ana })).body.data.contact.duplicates).toEqual([])
})

test('groups of the whole organization are listed page by page, and those that were dismissed are not shown again', async () => {
  const tenant = await gateway.organization()
  const pairs = [
    await givenContacts(tenant, [{ email: 'a.na@example.com' }, { email: 'ana@example.com' }]),
    await givenContacts(tenant, [{ email: 'b.en@example.com' }, { email: 'ben+x@example.com' }]),
  ]
  const id = await createContact(tenant.context, {
    email: 'dora@example.com',
    externalIds: [{ system: 'crm', value: '4711' }],
    firstName: 'Dora',
  })
  const twin = await createContact(tenant.context, {
    email: 'd@example.org',
    externalIds: [{ system: 'shop', value: '4711' }],
    firstName: 'Dora',
  })
  const list = async (after: string | null) =>
    (
      await tenant.gql(
        `query ($after: String) { duplicateContacts(first: 1, after: $after) { groups { contacts { id } score reasons } endCursor } }`,
        {
          after,
        },
      )
    ).body.data.duplicateContacts
  const all = async () => {
    const found: string[][] = []
    for (let after: string | null = null; ;) {
      const { groups, endCursor } = await list(after)
      for (const { contacts } of groups) found.push(contacts.map((contact: { id: string }) => contact.id).toSorted())
      if (endCursor === null) return found
      after = endCursor
    }
  }
  expect((await all()).toSorted()).toEqual([pairs[0]?.toSorted(), pairs[1]?.toSorted(), [id, twin].toSorted()].toSorted())
  await tenant.gql(
    `mutation ($ids: [ID!]!) { dismissDuplicates(input: { ids: $ids }) { ... on DismissDuplicatesPayload { contactIds } } }`,
    { ids: pairs[0] },
  )
  expect(await all()).not.toContainEqual(pairs[0]?.toSorted())
  const refused = await tenant.gql(`mutation ($ids: [ID!]!) { dismissDuplicates(input: { ids: $ids }) { ... on Error { code } } }`, {
    ids: [id],
  })
  expect(refused.body.data.dismissDuplicates).toEqual({ code: 'VALIDATION_ERROR' })
  expect((await tenant.gql(`{ duplicateContacts(minScore: 2) { endCursor } }`)).body.errors[0].extensions.code).toBe('VALIDATION_ERROR')
})
