import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDefinition } from '../../src/domain/attributes/commands.ts'
import { givenContact, givenContacts } from '../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const points = `phone email revision phoneNumbers { value extension label isPrimary } emailAddresses { value label isPrimary } externalIds { system value }`

async function update(tenant: Tenant, input: Record<string, unknown>) {
  const { body } = await tenant.gql(
    `mutation ($input: UpdateContactInput!) { updateContact(input: $input) {
      ... on UpdateContactPayload { contact { ${points} } }
      ... on Error { code message } ... on FieldError { field } ... on ContactAlreadyExists { existingId }
    } }`,
    { input },
  )
  return body.data.updateContact
}

describe('external ids', () => {
  test('are found by a search, in any of their parts', async () => {
    const tenant = await gateway.organization()
    const { body } = await tenant.rest('POST', '', { email: 'ana@example.com', external_ids: [{ system: 'crm', value: 'K-4711' }] })
    const later = await tenant.rest('POST', '', { email: 'ben@example.com' })
    await tenant.rest('PATCH', `/${later.body.data.id}`, { external_ids: [{ system: 'shop', value: 'gid://shop/Customer/8812' }] })
    for (const [search, ids] of [
      ['k-4711', [body.data.id]],
      ['customer/8812', [later.body.data.id]],
      ['4713', []],
    ] as const) {
      const found = await tenant.rest('GET', `?search=${encodeURIComponent(search)}`)
      expect(found.body.data.map(({ id }: { id: string }) => id)).toEqual(ids)
    }
  })

  test('are created, read in both APIs, replaced and cleared', async () => {
    const tenant = await gateway.organization()
    const { body } = await tenant.gql(`mutation { createContact(input: { email: "ana@example.com", externalIds: [
      { system: "crm", value: "4711" }, { system: "shop", value: "A:1" }] }) { ... on CreateContactPayload { contact { id ${points} } } } }`)
    const { id, ...contact } = body.data.createContact.contact
    const both = [
      { system: 'crm', value: '4711' },
      { system: 'shop', value: 'A:1' },
    ]
    expect(contact).toMatchObject({ externalIds: both, revision: 1 })
    expect((await tenant.rest('GET', `/${id}`)).body.data).toMatchObject({ external_ids: both })
    expect(await update(tenant, { id, externalIds: both })).toMatchObject({ contact: { revision: 1 } })
    expect(await update(tenant, { id, externalIds: [both[1]] })).toMatchObject({ contact: { revision: 2, externalIds: [both[1]] } })
    expect((await tenant.rest('PATCH', `/${id}`, { external_ids: null })).body.data).toMatchObject({ external_ids: [], revision: 3 })
  })

  test('find a contact in contactBy, activities and opt-outs', async () => {
    const tenant = await gateway.organization()
    const created = await tenant.rest('POST', '', { email: 'ana@example.com', external_ids: [{ system: 'crm', value: '4711' }] })
    const { id } = created.body.data
    const { body } = await tenant.gql(`mutation { recordActivities(input: { activities: [
      { event: { contact: { externalId: { system: "crm", value: "4711" } }, name: "visited", occurredAt: "2026-03-01T11:00:00Z" } }
      { event: { contact: { externalId: { system: "crm", value: "4712" } }, name: "visited", occurredAt: "2026-03-01T11:00:00Z" } }
    ] }) { ... on RecordActivitiesPayload { outcomes { status code message } } } }`)
    expect(body.data.recordActivities).toMatchObject({
      outcomes: [
        { status: 'CREATED', code: null },
        { status: 'REJECTED', code: 'NOT_FOUND', message: 'There is no contact with the external id 4712 of crm.' },
      ],
    })
    const found = await tenant.gql(
      `{ contactBy(externalId: { system: "crm", value: "4711" }) { id } none: contactBy(externalId: { system: "crm", value: "1" }) { id } }`,
    )
    expect(found.body.data).toEqual({ contactBy: { id }, none: null })
    const optedOut = await tenant.gql(`mutation { optOut(input: { contact: { externalId: { system: "crm", value: "4711" } } }) {
      ... on OptOutPayload { contactIds } ... on Error { code message } } }`)
    expect(optedOut.body.data.optOut).toEqual({ contactIds: [id] })
  })

  test('are refused where another contact has them, where they are malformed, and where there are too many', async () => {
    const tenant = await gateway.organization()
    const first = await tenant.rest('POST', '', { email: 'ana@example.com', external_ids: [{ system: 'crm', value: '4711' }] })
    const taken = await tenant.rest('POST', '', { email: 'ben@example.com', external_ids: [{ system: 'crm', value: '4711' }] })
    expect(taken).toMatchObject({
      status: 409,
      body: { error: { code: 'CONTACT_ALREADY_EXISTS', details: { field: 'external_ids', existing_id: first.body.data.id } } },
    })
    for (const ids of [
      [{ system: 'My CRM', value: '1' }],
      [{ system: 'crm', value: ' ' }],
      [
        { system: 'crm', value: '1' },
        { system: 'crm', value: '1' },
      ],
    ]) {
      const refused = await tenant.rest('POST', '', { email: 'ben@example.com', external_ids: ids })
      expect(refused).toMatchObject({ status: 422, body: { error: { code: 'VALIDATION_ERROR' } } })
    }
    const many = Array.from({ length: 21 }, (_, index) => ({ system: 'crm', value: String(index) }))
    expect((await tenant.rest('POST', '', { email: 'ben@example.com', external_ids: many })).status).toBe(422)
  })
})

describe('phone numbers and email addresses', () => {
  test('are found by any of them, primary or not, and are unique among living contacts', async () => {
    const tenant = await gateway.organization({ defaultCountry: 'US' })
    const { body } = await tenant.rest('POST', '', {
      phone_numbers: [{ value: '(415) 555-2671 x12', label: 'work' }, { value: '+49 30 23125017' }],
      email_addresses: [{ value: 'ana@example.com' }, { value: 'Ana@Home.example', label: 'home', is_primary: true }],
    })
    expect(body.data).toMatchObject({ phone: '+14155552671', phone_extension: '12', email: 'Ana@Home.example' })
    expect(body.data.phone_numbers).toMatchObject([
      { value: '+14155552671', extension: '12', label: 'work', is_primary: true, verified_at: null },
      { value: '+493023125017', extension: null, label: null, is_primary: false },
    ])
    const { id } = body.data
    const found = await tenant.gql(`{
      a: contactBy(phone: "0049 30 23125017") { id } b: contactBy(phone: "+493023125017") { id } c: contactBy(email: "ANA@example.com") { id }
      d: contacts(filter: { search: "23125017" }) { nodes: edges { node { id } } } e: contacts(filter: { search: "ana@example" }) { nodes: edges { node { id } } }
    }`)
    expect(found.body.data).toMatchObject({
      a: { id },
      b: { id },
      c: { id },
      d: { nodes: [{ node: { id } }] },
      e: { nodes: [{ node: { id } }] },
    })
    const taken = await tenant.rest('POST', '', { phone: '+49 30 23125017' })
    expect(taken).toMatchObject({ status: 409, body: { error: { details: { field: 'phone', existing_id: id } } } })
    const other = await givenContact(tenant, { email: 'ben@example.com' })
    expect(await update(tenant, { id: other, emailAddresses: [{ value: 'ben@example.com' }, { value: 'ana@example.com' }] })).toMatchObject(
      {
        code: 'CONTACT_ALREADY_EXISTS',
        field: 'emailAddresses',
        existingId: id,
      },
    )
    await tenant.rest('DELETE', `/${id}`)
    expect((await tenant.rest('POST', '', { phone: '+49 30 23125017' })).status).toBe(201)
    const restored = await tenant.gql(
      `mutation { restoreContacts(input: { ids: ["${id}"] }) { ... on RestoreContactsPayload { failed { contactId code } } } }`,
    )
    expect(restored.body.data.restoreContacts.failed).toEqual([{ contactId: id, code: 'CONTACT_ALREADY_EXISTS' }])
  })

  test('follow what is written to phone and email: the primary one is replaced, the others stay', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant, { phone: '+14155552671', email: 'ana@example.com' })
    const [one, two, three] = ['+14155552671', '+14155552672', '+14155552673']
    await update(tenant, { id, phoneNumbers: [{ value: one }, { value: two, label: 'home' }] })
    expect(await update(tenant, { id, phone: three })).toMatchObject({
      contact: {
        phone: three,
        phoneNumbers: [
          { value: three, isPrimary: true },
          { value: two, label: 'home', isPrimary: false },
        ],
      },
    })
    const list = [{ value: three }, { value: two, label: 'home', isPrimary: true }]
    expect(await update(tenant, { id, phoneNumbers: list })).toMatchObject({
      contact: {
        phone: two,
        phoneNumbers: [
          { value: two, isPrimary: true },
          { value: three, isPrimary: false },
        ],
      },
    })
    expect(await update(tenant, { id, phone: null })).toMatchObject({
      contact: { phone: null, phoneNumbers: [{ value: three, isPrimary: false }] },
    })
    expect(await update(tenant, { id, phoneNumbers: [] })).toMatchObject({ contact: { phone: null, phoneNumbers: [] } })
  })

  test('of a body that was read and sent back with another phone count as absent', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant, { phone: '+14155552671' })
    await update(tenant, { id, phoneNumbers: [{ value: '+14155552671' }, { value: '+14155552672' }] })
    const { phone_numbers: stored } = (await tenant.rest('GET', `/${id}`)).body.data
    const changed = await tenant.rest('PATCH', `/${id}`, { phone: '+14155552673', phone_numbers: stored })
    expect(changed.body.data).toMatchObject({
      phone: '+14155552673',
      phone_numbers: [{ value: '+14155552673' }, { value: '+14155552672' }],
    })
    const disagreeing = await tenant.rest('PATCH', `/${id}`, { phone: '+14155552673', phone_numbers: [{ value: '+14155552679' }] })
    expect(disagreeing).toMatchObject({ status: 422, body: { error: { code: 'VALIDATION_ERROR', details: { field: 'phone_numbers' } } } })
  })

  test('are read for a page of contacts without further statements in GraphQL, and with one in REST', async () => {
    const tenant = await gateway.organization()
    for (const email of ['ana@example.com', 'ben@example.com', 'cleo@example.com']) await givenContact(tenant, { email })
    const page = (first: number) => tenant.gql(`{ contacts(first: ${first}) { edges { node { id ${points} } } } }`)
    await page(1)
    const [few, many] = [await page(1), await page(3)]
    expect(few.statements).toHaveLength(1)
    expect(many.statements).toHaveLength(1)
    expect((await tenant.rest('GET', '?limit=3')).statements).toHaveLength(2)
  })

  test('of an import find their contact and stay beside its primary ones', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant, { phone: '+14155552671' })
    await update(tenant, { id, phoneNumbers: [{ value: '+14155552671' }, { value: '+14155552672' }] })
    const job = await tenant.rest('POST', '/bulk', { contacts: [{ phone: '+14155552672', first_name: 'Ana' }], on_duplicate: 'update' })
    expect(job.body.data).toMatchObject({ updated: 1, created: 0, skipped: 0 })
    expect((await tenant.rest('GET', `/${id}`)).body.data).toMatchObject({
      phone: '+14155552671',
      first_name: 'Ana',
      phone_numbers: [{}, {}],
    })
    const again = await tenant.rest('POST', '/bulk', { contacts: [{ phone: '+14155552672', last_name: 'Roe' }], on_duplicate: 'skip' })
    expect(again.body.data).toMatchObject({ skipped: 1 })
  })

  test('that are blocked block the contact that gets them', async () => {
    const tenant = await gateway.organization()
    const blocked = await givenContact(tenant, { phone: '+14155552672' })
    await tenant.rest('POST', `/${blocked}/block`, {})
    await tenant.rest('DELETE', `/${blocked}`)
    const id = await givenContact(tenant, { phone: '+14155552671' })
    await update(tenant, { id, phoneNumbers: [{ value: '+14155552671' }, { value: '+14155552672' }] })
    expect((await tenant.rest('GET', `/${id}`)).body.data).toMatchObject({ is_blocked: true })
  })
})

test('typed clients read values by their definitions, and a page of them takes one statement more', async () => {
  const owner = await gateway.organization()
  const types = ['text', 'number', 'boolean', 'date', 'date_time', 'enum', 'url'] as const
  for (const type of types) await createDefinition(owner.context, { key: `a ${type}`, type, options: type === 'enum' ? ['Gold'] : [] })
  const values = ['x', 1.5, true, '2024-02-29', '2024-02-29T01:00+01:00', 'Gold', 'https://a.example']
  const given = Object.fromEntries(types.map((type, index) => [`a ${type}`, values[index]]))
  await givenContacts(owner, [
    { customAttributes: { ...given, ...(JSON.parse('{"then": [1]}') as object) } },
    { customAttributes: { 'a number': '12' } },
    {},
  ])
  const value = `__typename ... on TextAttribute { key text definition { label } } ... on NumberAttribute { number } ... on BooleanAttribute { boolean }
    ... on DateAttribute { date } ... on DateTimeAttribute { dateTime } ... on EnumAttribute { option } ... on UrlAttribute { url } ... on JsonAttribute { json }`
  const read = (fields: string) => owner.gql(`{ contacts(orderBy: { field: CREATED_AT, direction: ASC }) { nodes { id ${fields} } } }`)
  const { body, statements } = await read(
    `attributes { ${value} } attribute(key: "a number") { ${value} } some: attributes(keys: ["no", "then"]) { ${value} }`,
  )
  const [full, odd, empty] = body.data.contacts.nodes
  expect(full.attributes).toEqual([
    { __typename: 'BooleanAttribute', boolean: true },
    { __typename: 'DateAttribute', date: '2024-02-29' },
    { __typename: 'DateTimeAttribute', dateTime: '2024-02-29T00:00:00.000Z' },
    { __typename: 'EnumAttribute', option: 'Gold' },
    { __typename: 'NumberAttribute', number: 1.5 },
    { __typename: 'TextAttribute', key: 'a text', text: 'x', definition: { label: 'a text' } },
    { __typename: 'UrlAttribute', url: 'https://a.example' },
    { __typename: 'JsonAttribute', json: [1] },
  ])
  expect(full.some).toEqual([{ __typename: 'JsonAttribute', json: [1] }])
  expect([odd.attribute, empty.attribute, empty.attributes]).toEqual([{ __typename: 'JsonAttribute', json: '12' }, null, []])
  expect(statements.length).toBe((await read('')).statements.length + 1)
})
