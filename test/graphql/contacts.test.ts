import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact, givenContacts, givenNote } from '../support/factories.ts'
import { type House, openHouse } from '../support/house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

describe('a contact', () => {
  test('is created, normalized and read back with every field', async () => {
    const tenant = await house.organization({ defaultCountry: 'US' })
    const { body } = await tenant.gql(`
      mutation { createContact(input: {
        phone: "(415) 555-2671 ext. 12", email: " Ana@Example.com ", firstName: " Ana ", lastName: "García", company: "Northwind",
        timezone: "america/los_angeles", language: "EN", lifecycleStage: QUALIFIED, tags: ["VIP", "vip", "beta"], customAttributes: { plan: "pro", seats: 3 }
      }) { ... on Contact {
        phone phoneExtension phoneFormatted national: phoneFormatted(style: NATIONAL) rfc: phoneFormatted(style: RFC3966) email firstName lastName displayName
        company countryCode timezone language lifecycleStage tags customAttributes isBlocked source createdAt updatedAt
      } } }`)
    expect(body).toEqual({
      data: {
        createContact: {
          phone: '+14155552671',
          phoneExtension: '12',
          phoneFormatted: '+1 415 555 2671 ext. 12',
          national: '(415) 555-2671 ext. 12',
          rfc: 'tel:+14155552671;ext=12',
          email: 'Ana@Example.com',
          firstName: 'Ana',
          lastName: 'García',
          displayName: 'Ana García',
          company: 'Northwind',
          countryCode: 'US',
          timezone: 'America/Los_Angeles',
          language: 'en',
          lifecycleStage: 'QUALIFIED',
          tags: ['VIP', 'beta'],
          customAttributes: { plan: 'pro', seats: 3 },
          isBlocked: false,
          source: 'API',
          createdAt: '2026-03-01T12:00:00.000Z',
          updatedAt: '2026-03-01T12:00:00.000Z',
        },
      },
    })
  })

  test('is found by id, by node, by phone in any spelling and by email in any case', async () => {
    const tenant = await house.organization({ defaultCountry: 'DE' })
    const id = await givenContact(tenant, { phone: '+49 30 23125 017', email: 'jonas@example.de' })
    const { body } = await tenant.gql(
      `query ($id: ID!) {
        contact(id: $id) { id } node(id: $id) { __typename id }
        national: contactBy(phone: "030 23125-017") { id } international: contactBy(phone: "+49 (0)30 23125017") { id }
        email: contactBy(email: "JONAS@Example.DE") { id } nobody: contactBy(email: "nobody@example.de") { id }
      }`,
      { id },
    )
    expect(body.data).toEqual({
      contact: { id },
      node: { __typename: 'Contact', id },
      national: { id },
      international: { id },
      email: { id },
      nobody: null,
    })
  })
})

test('25 and 200 contacts with three notes each and the total cost two statements', async () => {
  const tenant = await house.organization()
  const ids = await givenContacts(tenant, Array.from({ length: 30 }, () => ({})))
  for (const id of ids) for (let note = 0; note < 4; note += 1) await givenNote(tenant, id)
  const query = `query ($first: Int!) { contacts(first: $first) { totalCount nodes { id displayName notes(first: 3) { nodes { body } } } } }`
  const small = await tenant.gql(query, { first: 25 })
  const large = await tenant.gql(query, { first: 200 })
  expect(small.body.data.contacts.totalCount).toBe(30)
  expect(small.body.data.contacts.nodes).toHaveLength(25)
  expect(large.body.data.contacts.nodes.map((node: { notes: { nodes: unknown[] } }) => node.notes.nodes.length)).toEqual(Array.from({ length: 30 }, () => 3))
  expect([small.statements.length, large.statements.length]).toEqual([2, 2])
})
