import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact, givenContacts, givenNote } from '../support/factories.ts'
import { type TestGateway, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

describe('a contact', () => {
  test('is created, normalized and read back with every field', async () => {
    const tenant = await gateway.organization({ defaultCountry: 'US' })
    const { body } = await tenant.gql(`
      mutation { createContact(input: {
        phone: "(415) 555-2671 ext. 12", email: " Ana@Example.com ", firstName: " Ana ", lastName: "García", company: "Northwind",
        timezone: "america/los_angeles", language: "EN", lifecycleStage: QUALIFIED, tags: ["VIP", "vip", "beta"], customAttributes: { plan: "pro", seats: 3 }
      }) { ... on CreateContactPayload { contact {
        phone phoneExtension phoneFormatted national: phoneFormatted(style: NATIONAL) rfc: phoneFormatted(style: RFC3966) email firstName lastName displayName
        company countryCode timezone language lifecycleStage tags customAttributes isBlocked source createdAt updatedAt
      } } } }`)
    expect(body).toEqual({
      data: {
        createContact: {
          contact: {
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
      },
    })
  })

  test('is found by id, by node, by phone in any spelling and by email in any case', async () => {
    const tenant = await gateway.organization({ defaultCountry: 'DE' })
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

  test('is shown by its name, else by its first and last name, else by its email, else by its phone', async () => {
    const tenant = await gateway.organization()
    const inputs = [
      { displayName: 'Dr. Ana', firstName: 'Ana', email: 'a@example.com' },
      { lastName: 'García', email: 'b@example.com', phone: '+14155552671' },
      { email: 'c@example.com', phone: '+14155552672' },
      { phone: '+14155552673 x5' },
    ]
    await givenContacts(tenant, inputs)
    const { body } = await tenant.gql('{ contacts(orderBy: { field: CREATED_AT, direction: ASC }) { nodes { displayName } } }')
    expect(body.data.contacts.nodes.map((node: { displayName: string }) => node.displayName)).toEqual([
      'Dr. Ana',
      'García',
      'c@example.com',
      '+1 415 555 2673 ext. 5',
    ])
  })

  test('changes only where something is said; null clears, and the change of a stage is recorded', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant, {
      firstName: 'Ana',
      lastName: 'García',
      email: 'ana@example.com',
      tags: ['a'],
      customAttributes: { plan: 'pro', seats: 3 },
    })
    gateway.clock.now = new Date('2026-03-02T08:00:00Z')
    const { body } = await tenant.gql(
      `mutation ($id: ID!) { updateContact(input: { id: $id, lastName: null, lifecycleStage: CUSTOMER, customAttributes: { seats: null, since: 2026 } }) {
        ... on UpdateContactPayload { contact { firstName lastName lifecycleStage tags customAttributes createdAt updatedAt } } } }`,
      { id },
    )
    expect(body.data.updateContact.contact).toEqual({
      firstName: 'Ana',
      lastName: null,
      lifecycleStage: 'CUSTOMER',
      tags: ['a'],
      customAttributes: { plan: 'pro', since: 2026 },
      createdAt: '2026-03-01T12:00:00.000Z',
      updatedAt: '2026-03-02T08:00:00.000Z',
    })
    expect(await gateway.db.prisma.lifecycleTransition.findMany({ where: { contactId: id }, omit: { id: true } })).toEqual([
      {
        organizationId: tenant.organizationId,
        contactId: id,
        fromStage: 'lead',
        toStage: 'customer',
        occurredAt: gateway.clock.now,
        changedBy: 'Test key',
      },
    ])
    gateway.clock.now = new Date('2026-03-03T08:00:00Z')
    const again = await tenant.gql(
      'mutation ($id: ID!) { updateContact(input: { id: $id, firstName: "Ana" }) { ... on UpdateContactPayload { contact { updatedAt } } } }',
      { id },
    )
    expect(again.body.data.updateContact.contact).toEqual({ updatedAt: '2026-03-02T08:00:00.000Z' })
    gateway.clock.now = new Date('2026-03-01T12:00:00Z')
  })

  test('is deleted softly: gone from every read, its phone and email free, and restored as it was', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant, { phone: '+14155552671', email: 'ana@example.com' })
    const noteId = await givenNote(tenant, id)
    const gone = await tenant.gql(
      'mutation ($ids: [ID!]!) { deleteContacts(input: { ids: $ids }) { ... on DeleteContactsPayload { deletedIds notFoundIds } } }',
      { ids: [id, id] },
    )
    expect(gone.body.data.deleteContacts).toEqual({ deletedIds: [id], notFoundIds: [] })
    const look = `query ($id: ID!, $note: ID!) { contact(id: $id) { id } node(id: $id) { id } note: node(id: $note) { id } contactBy(email: "ana@example.com") { id } contacts { totalCount nodes { id } } }`
    expect((await tenant.gql(look, { id, note: noteId })).body.data).toEqual({
      contact: null,
      node: null,
      note: null,
      contactBy: null,
      contacts: { totalCount: 0, nodes: [] },
    })
    const successor = await givenContact(tenant, { email: 'ANA@example.com' })
    const restore = `mutation ($ids: [ID!]!) { restoreContacts(input: { ids: $ids }) { ... on RestoreContactsPayload {
      contacts { id } failed { contactId code message } } } }`
    const unknown = 'con_00000000000000000000000000'
    const refused = await tenant.gql(restore, { ids: [id, unknown] })
    expect(refused.body.data.restoreContacts).toEqual({
      contacts: [],
      failed: [
        {
          contactId: id,
          code: 'CONTACT_ALREADY_EXISTS',
          message: `Another contact already has this email address: ${successor}. Update that one instead.`,
        },
        { contactId: unknown, code: 'NOT_FOUND', message: `There is no contact with the id ${unknown}.` },
      ],
    })
    await tenant.gql('mutation ($ids: [ID!]!) { deleteContacts(input: { ids: $ids }) { __typename } }', { ids: [successor] })
    // Both want the address: the first that is named gets it.
    const both = await tenant.gql(restore, { ids: [id, successor] })
    expect(both.body.data.restoreContacts).toEqual({
      contacts: [{ id }],
      failed: [{ contactId: successor, code: 'CONTACT_ALREADY_EXISTS', message: expect.stringContaining(id) }],
    })
    expect((await tenant.gql(look, { id, note: noteId })).body.data).toEqual({
      contact: { id },
      node: { id },
      note: { id: noteId },
      contactBy: { id },
      contacts: { totalCount: 1, nodes: [{ id }] },
    })
  })
})

describe('statements', () => {
  test('25 and 200 contacts with three notes each and every total cost one', async () => {
    const tenant = await gateway.organization()
    const ids = await givenContacts(
      tenant,
      Array.from({ length: 30 }, () => ({})),
    )
    for (const id of ids) for (let note = 0; note < 4; note += 1) await givenNote(tenant, id)
    const query = `query ($first: Int!) { contacts(first: $first) { totalCount nodes { id displayName notes(first: 3) { totalCount nodes { body } } } } }`
    const small = await tenant.gql(query, { first: 25 })
    const large = await tenant.gql(query, { first: 200 })
    expect(small.body.data.contacts.totalCount).toBe(30)
    expect(small.body.data.contacts.nodes).toHaveLength(25)
    expect(
      large.body.data.contacts.nodes.map((node: { notes: { totalCount: number; nodes: unknown[] } }) => [
        node.notes.totalCount,
        node.notes.nodes.length,
      ]),
    ).toEqual(Array.from({ length: 30 }, () => [4, 3]))
    expect([small.statements.length, large.statements.length]).toEqual([1, 1])
  })

  test('one contact with its notes costs one, with their contact two, and a total that is not selected is not counted', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant)
    await givenNote(tenant, id)
    const one = await tenant.gql('query ($id: ID!) { contact(id: $id) { displayName notes { nodes { body contact { id } } } } }', { id })
    expect(one.body.data.contact.notes.nodes[0].contact).toEqual({ id })
    expect(one.statements).toHaveLength(2)
    const list = await tenant.gql(
      'query ($no: Boolean = false) { contacts { ...Page totalCount @include(if: $no) } } fragment Page on ContactConnection { nodes { id } }',
    )
    expect(list.statements).toHaveLength(1)
    expect(list.statements.join()).not.toMatch(/count\(/)
    const counted = await tenant.gql('{ contacts { ... { ...Total } } } fragment Total on ContactConnection { n: totalCount }')
    expect(counted.body.data).toEqual({ contacts: { n: 1 } })
    expect(counted.statements).toHaveLength(1)
  })

  test('the same nested list under several aliases costs no further statement', async () => {
    const tenant = await gateway.organization()
    await givenContacts(tenant, [{}, {}])
    const { statements } = await tenant.gql(
      '{ contacts { nodes { a: notes(first: 1) { nodes { id } } b: notes(first: 1) { nodes { id } } c: notes(last: 1) { nodes { id } } } } }',
    )
    expect(statements).toHaveLength(1)
  })
})

describe('the filter ids', () => {
  const query = `query ($ids: [ID!], $search: String, $first: Int, $after: String) {
    contacts(filter: { ids: $ids, search: $search }, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id } } }`

  test('finds the named contacts in the order of the list, page by page, and combines with other filters', async () => {
    const tenant = await gateway.organization()
    const ids = await givenContacts(tenant, [{ firstName: 'Ana' }, { firstName: 'Eva' }, { firstName: 'Ida' }, { firstName: 'Ana' }])
    const [one, , three, four] = ids
    const named = [three, one, four, 'con_00000000000000000000000000', one]
    const first = (await tenant.gql(query, { ids: named, first: 2 })).body.data.contacts
    expect(first).toMatchObject({ totalCount: 3, nodes: [{ id: four }, { id: three }], pageInfo: { hasNextPage: true } })
    const next = (await tenant.gql(query, { ids: named, first: 2, after: first.pageInfo.endCursor })).body.data.contacts
    expect(next).toMatchObject({ totalCount: 3, nodes: [{ id: one }], pageInfo: { hasNextPage: false } })
    const both = (await tenant.gql(query, { ids: named, search: 'ana' })).body.data.contacts
    expect(both).toMatchObject({ totalCount: 2, nodes: [{ id: four }, { id: one }] })
  })

  test('finds no contact of another organization and no deleted one', async () => {
    const [tenant, stranger] = [await gateway.organization(), await gateway.organization()]
    const [id, deleted] = [await givenContact(stranger), await givenContact(tenant)]
    await tenant.rest('DELETE', `/${deleted}`)
    expect((await tenant.gql(query, { ids: [id, deleted] })).body.data.contacts).toMatchObject({ totalCount: 0, nodes: [] })
  })

  test.each([[[]], [['nonsense']], [['note_01jm8xw4r2e5tvq0c9h3kzb7nd']]])('%j is refused', async (ids) => {
    const { body } = await (await gateway.organization()).gql(query, { ids })
    expect(body.errors).toMatchObject([{ extensions: { code: 'VALIDATION_ERROR' } }])
  })
})
