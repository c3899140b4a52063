import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDefinition } from '../../src/domain/attributes/commands.ts'
import { indexPendingDefinitions } from '../../src/domain/attributes/indexing.ts'
import { fits } from '../../src/domain/contacts/attribute-values.ts'
import { updateContact } from '../../src/domain/contacts/commands.ts'
import { givenContact, givenContacts } from '../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization({ defaultCountry: 'US' })
})
afterAll(() => gateway.close())

const fields = `__typename ... on Error { code message } ... on InvalidInput { field expected }`
const selection = `definition { id key label type options enforced archived indexed fit { fitting notFitting samples { contactId value } } }`
const mutate = async (name: string, input: Record<string, unknown>, caller = tenant) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const { body } = await caller.gql(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${fields} ... on ${type}Payload { ${selection} } } }`,
    { input },
  )
  return body.data?.[name] ?? body
}
const indexLater = async (id: string, organizationId: string) => {
  await gateway.db.prisma.attributeDefinition.update({
    where: { organizationId_id: { organizationId, id } },
    data: { indexedAt: null },
    select: { id: true },
  })
  await gateway.db.prisma.contactAttribute.deleteMany({ where: { organizationId, attributeId: id } })
}
const attributesOf = async (id: string) => (await tenant.rest('GET', `/${id}`)).body.data.custom_attributes

test('what a call has not indexed in time is indexed later', async () => {
  const other = await gateway.organization()
  const [gold] = await givenContacts(other, [{ customAttributes: { tier: 'Gold' } }, { customAttributes: { tier: 'Silver' } }])
  const { definition } = await mutate('createAttributeDefinition', { key: 'tier', label: 'Tier', type: 'TEXT' }, other)
  const { db, now, actor } = other.context
  // As if the call had run out of time before the first contact.
  await indexLater(definition.id, actor.organizationId)
  const found =
    'query { contacts(filter: { attributes: [{ key: "tier", eq: "Gold" }] }) { nodes { id } } attributeDefinitions { indexed } }'
  const nodes = [{ id: gold }]
  expect((await other.gql(found)).body.data).toEqual({ contacts: { nodes }, attributeDefinitions: [{ indexed: false }] })
  expect(await mutate('updateAttributeDefinition', { id: definition.id, label: 'Level' }, other)).toMatchObject({
    definition: { indexed: true },
  })
  await indexLater(definition.id, actor.organizationId)
  await indexPendingDefinitions(gateway.db, now)
  expect((await other.gql(found)).body.data).toEqual({ contacts: { nodes }, attributeDefinitions: [{ indexed: true }] })
  expect(await db.prisma.contactAttribute.count({ where: { organizationId: actor.organizationId, attributeId: definition.id } })).toBe(2)
})

test('a definition reports what fits, and is enforced only once everything does', async () => {
  const [many = '', twelve] = await givenContacts(tenant, [
    { customAttributes: { seats: 'many' } },
    { customAttributes: { seats: 12 } },
    { customAttributes: { other: true } },
  ])
  const { definition } = await mutate('createAttributeDefinition', { key: 'seats', label: 'Seats', type: 'NUMBER' })
  const fit = { fitting: 1, notFitting: 1, samples: [{ contactId: many, value: 'many' }] }
  expect(definition).toEqual({
    id: definition.id,
    key: 'seats',
    label: 'Seats',
    type: 'NUMBER',
    options: [],
    enforced: false,
    archived: false,
    indexed: true,
    fit,
  })
  const refused = await mutate('enforceAttributeDefinition', { id: definition.id })
  expect(refused).toMatchObject({
    __typename: 'InvalidInput',
    message: expect.stringMatching(/^1 contact has a value that does not fit\./),
  })
  // Anything is accepted until it is enforced.
  await tenant.rest('PATCH', `/${twelve}`, { custom_attributes: { seats: 'few' } })
  await tenant.rest('PATCH', `/${twelve}`, { custom_attributes: { seats: null } })
  await tenant.rest('DELETE', `/${many}`)
  expect(await mutate('enforceAttributeDefinition', { id: definition.id })).toMatchObject({
    definition: { enforced: true, fit: { notFitting: 0 } },
  })
  await tenant.gql('mutation ($ids: [ID!]!) { restoreContacts(input: { ids: $ids }) { __typename } }', { ids: [many] })
  // What is stored is accepted unchanged, whatever it is.
  expect((await tenant.rest('PATCH', `/${many}`, { custom_attributes: { seats: 'many', plan: 'pro' } })).status).toBe(200)
  const wrong = await tenant.rest('PATCH', `/${many}`, { first_name: 'x'.repeat(201), custom_attributes: { seats: '12' } })
  expect(wrong.body.error.details.errors.map(({ field }: { field: string }) => field)).toEqual(['first_name', 'custom_attributes.seats'])
  expect(await mutate('archiveAttributeDefinition', { id: definition.id })).toMatchObject({
    definition: { archived: true, enforced: false },
  })
  expect(await mutate('enforceAttributeDefinition', { id: definition.id })).toMatchObject({
    message: expect.stringContaining('is archived'),
  })
  expect((await tenant.rest('PATCH', `/${many}`, { custom_attributes: { seats: 'any' } })).status).toBe(200)
  expect(
    await gateway.db.prisma.contactAttribute.count({ where: { organizationId: tenant.organizationId, attributeId: definition.id } }),
  ).toBe(0)
  const again = await mutate('archiveAttributeDefinition', { id: definition.id, archived: false })
  expect(again).toMatchObject({ definition: { archived: false, enforced: false, fit: { fitting: 0, notFitting: 1 } } })
  const actions = await gateway.db.prisma.auditEntry.findMany({
    where: { organizationId: tenant.organizationId, subjectId: definition.id },
  })
  expect(actions.map(({ action }) => action).toSorted()).toEqual([
    'attribute_definition.created',
    ...Array(3).fill('attribute_definition.updated'),
  ])
})

test('values that do not fit an enforced definition are refused in every way that one contact is written', async () => {
  const { definition } = await mutate('createAttributeDefinition', { key: 'tierName', type: 'ENUM', options: ['Gold', 'Silver'] })
  await mutate('enforceAttributeDefinition', { id: definition.id })
  const customAttributes = { tierName: 'gold' }
  const fault = { field: 'customAttributes.tierName', expected: 'one of Gold, Silver' }
  const create = `mutation ($set: CreateContactInput!) { createContact(input: $set) { ${fields} } }`
  expect((await tenant.gql(create, { set: { email: 'tier@example.com', customAttributes } })).body.data.createContact).toMatchObject({
    code: 'VALIDATION_ERROR',
    message: 'The custom attribute tierName is not one of Gold, Silver.',
    ...fault,
  })
  const id = await givenContact(tenant, { customAttributes: { tierName: 'Gold' } })
  await expect(updateContact(tenant.context, id, { customAttributes })).rejects.toMatchObject({ details: fault })
  const rest = await tenant.rest('POST', '', { email: 'tier@example.com', custom_attributes: customAttributes })
  expect([rest.status, rest.body.error.details.field]).toEqual([422, 'custom_attributes.tierName'])
  const upsert = await tenant.rest('POST', '/upsert', {
    match: [{ email: 'tier@example.com' }],
    set: { custom_attributes: customAttributes },
  })
  expect([upsert.status, upsert.body.error.details.field]).toEqual([422, 'custom_attributes.tierName'])
  // The options can grow, and lose what no contact has.
  expect(await mutate('updateAttributeDefinition', { id: definition.id, options: ['Silver', 'Bronze'] })).toMatchObject({
    message: '1 contacts have options that are not in the list.',
  })
  expect(await mutate('updateAttributeDefinition', { id: definition.id, options: ['Gold', 'Bronze'], label: 'Tier' })).toMatchObject({
    definition: { label: 'Tier', options: ['Gold', 'Bronze'], enforced: true },
  })
  await updateContact(tenant.context, id, { customAttributes: { tierName: 'Bronze' } })
  expect(await attributesOf(id)).toEqual({ tierName: 'Bronze' })
})

test('an import reads cells as their definitions say, and what is refused never costs the person', async () => {
  const owner = await gateway.organization({ defaultCountry: 'US' })
  for (const input of [
    { key: 'Seats', type: 'number' as const },
    { key: 'Trial', type: 'boolean' as const },
    { key: 'Since', type: 'date' as const },
    { key: 'Seen', type: 'date_time' as const },
    { key: 'Tier', type: 'enum' as const, options: ['Gold', 'Silver'] },
    { key: 'Site', type: 'url' as const },
  ]) {
    const { definition } = await mutate('createAttributeDefinition', { ...input, type: input.type.toUpperCase() }, owner)
    await mutate('enforceAttributeDefinition', { id: definition.id }, owner)
  }
  const file = [
    'Email,Seats,Trial,Since,Seen,Tier,Site',
    'ada@example.com,12,yes,3.2.2024,2024-02-03 10:00 UTC,gold,https://ada.example',
    'ben@example.com,a dozen,perhaps,03/04/2024,soon,Bronze,ben.example',
  ].join('\n')
  const preview = await owner.rest('POST', '/bulk/preview', file, { 'Content-Type': 'text/csv' })
  const job = await owner.rest('POST', '/bulk', file, { 'Content-Type': 'text/csv' })
  expect(job.body.data).toMatchObject({ created: 2, skipped: 0 })
  const warnings = job.body.data.warnings.filter(({ code }: { code: string }) => code === 'VALUE_NOT_UNDERSTOOD')
  expect(warnings.map(({ field, rows }: { field: string; rows: number[] }) => [field, rows])).toEqual(
    ['Seats', 'Trial', 'Since', 'Seen', 'Tier', 'Site'].map((key) => [`custom_attributes.${key}`, [2]]).toSorted(),
  )
  const { body } = await owner.rest('GET', '?limit=10')
  const stored = Object.fromEntries(
    body.data.map(({ email, custom_attributes: attributes }: { email: string; custom_attributes: unknown }) => [email, attributes]),
  )
  const ada = { Seats: 12, Trial: true, Since: '2024-02-03', Seen: '2024-02-03T10:00:00.000Z', Tier: 'Gold', Site: 'https://ada.example' }
  expect(stored['ada@example.com']).toEqual(ada)
  expect(Object.entries(stored['ben@example.com']).toSorted()).toEqual(
    Object.entries({ Seats: 'a dozen', Trial: 'perhaps', Since: '03/04/2024', Seen: 'soon', Tier: 'Bronze', Site: 'ben.example' })
      .map(([key, value]) => [`${key} (not understood)`, value])
      .toSorted(),
  )
  expect(preview.body.data.rows.map(({ contact }: { contact: { custom_attributes: unknown } }) => contact.custom_attributes)).toEqual([
    ada,
    stored['ben@example.com'],
  ])
})

const types = ['text', 'number', 'boolean', 'date', 'date_time', 'enum', 'url'] as const
const anyValue = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    'Gold',
    'gold',
    '12',
    12,
    -0,
    1.5,
    1e300,
    5e-324,
    true,
    'true',
    [],
    ['Gold'],
    {},
    'https://a.example/ä',
    'http:// a',
  ),
  fc.constantFrom('2024-02-29', '2023-02-29', '2023-04-31', '0999-01-01', '9999-12-31', '2024-2-3', '٢٠٢٤-٠٢-٠٣'),
  fc.constantFrom(
    '2024-02-29T23:59:59.123456Z',
    '2024-02-30T00:00Z',
    '2024-01-01T00:00+14:59',
    '2024-01-01T24:00Z',
    '9999-12-31T23:59:59+14:00',
  ),
  fc.constantFrom('2024-01-01T00:00', '2024-01-01T00:00:60Z', '2024-01-01 00:00Z', '2024-01-01\n', 'https://a.example\n'),
  fc.string({ unit: 'grapheme', maxLength: 300 }).filter((text) => text.isWellFormed() && !text.includes('\0')),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

test('the index has what the rules say, whenever the definition came', { timeout: 60_000 }, async () => {
  const owner = await gateway.organization()
  const keys = Object.fromEntries(types.map((type) => [type, `a ${type}`]))
  const rule = (type: (typeof types)[number]) => ({ type, options: type === 'enum' ? ['Gold', 'Silver'] : [] })
  const id = await givenContact(owner)
  const before = await givenContact(owner)
  const samples = fc.sample(anyValue, Number(process.env['ATTRIBUTE_RUNS'] ?? 60))
  const all = (value: unknown) => Object.fromEntries(Object.values(keys).map((key) => [key, value]))
  await updateContact(owner.context, before, { customAttributes: all(samples[0]) })
  const definitions: { readonly id: string }[] = []
  for (const type of types) definitions.push(await createDefinition(owner.context, { key: keys[type] ?? '', ...rule(type) }))
  const indexed = async (contactId: string) => {
    const rows = await gateway.db.prisma.contactAttribute.findMany({ where: { organizationId: owner.organizationId, contactId } })
    return definitions.map(({ id: attributeId }) => {
      const row = rows.find((one) => one.attributeId === attributeId)
      return row === undefined ? null : [row.fits, row.textValue ?? row.numberValue?.toNumber() ?? row.timeValue?.getTime() ?? null]
    })
  }
  const expected = (value: unknown) =>
    types.map((type) => {
      const isFitting = fits(rule(type), value)
      if (!isFitting) return [false, null]
      if (type === 'number') return [true, (value as number) + 0]
      return [true, type === 'date' || type === 'date_time' ? Date.parse(value as string) : String(value)]
    })
  expect(await indexed(before)).toEqual(expected(samples[0]))
  for (const value of samples) {
    await updateContact(owner.context, id, { customAttributes: all(value) })
    expect([value, await indexed(id)]).toEqual([value, expected(value)])
  }
  await updateContact(owner.context, id, { customAttributes: null })
  expect(await indexed(id)).toEqual(types.map(() => null))
})

test('contacts that are written while a definition is made are in its index', { timeout: 30_000 }, async () => {
  const owner = await gateway.organization()
  const state = { isDone: false }
  const writing = [1, 2, 3].map(async (writer) => {
    for (let count = 0; !state.isDone && count < 500; count += 1)
      await givenContact(owner, { email: `w${writer}n${count}@example.com`, customAttributes: { rank: count } })
  })
  const { id: attributeId } = await createDefinition(owner.context, { key: 'rank', type: 'number' })
  state.isDone = true
  await Promise.all(writing)
  const where = { organizationId: owner.organizationId }
  expect(await gateway.db.prisma.contactAttribute.count({ where: { ...where, attributeId } })).toBe(
    await gateway.db.prisma.contact.count({ where }),
  )
})

test('definitions that make no sense are refused with the field that is wrong', async () => {
  const fault = async (input: Record<string, unknown>) => {
    const answer = await mutate('createAttributeDefinition', { key: 'odd', type: 'ENUM', options: ['a'], ...input })
    return answer.field ?? answer.code
  }
  expect(await fault({ options: [] })).toBe('MISSING_REQUIRED_FIELD')
  expect(await fault({ options: ['a', 'a'] })).toBe('options.1')
  expect(await fault({ options: [' '] })).toBe('options.0')
  expect(await fault({ type: 'TEXT' })).toBe('options')
  expect(await fault({ key: '' })).toBe('MISSING_REQUIRED_FIELD')
  expect(await fault({ key: 'x'.repeat(201) })).toBe('key')
  expect(await fault({ label: '  ' })).toBe('MISSING_REQUIRED_FIELD')
  expect(await fault({ key: 'seats' })).toBe('key')
  const stranger = await gateway.organization()
  const { definition } = await mutate('createAttributeDefinition', { key: 'mine', type: 'TEXT' }, stranger)
  expect(await mutate('updateAttributeDefinition', { id: definition.id, label: 'Taken' })).toMatchObject({ code: 'NOT_FOUND' })
  const reader = await tenant.withScopes('contacts:read', 'contacts:write')
  expect(JSON.stringify(await mutate('createAttributeDefinition', { key: 'no', type: 'TEXT' }, reader))).toContain(
    'INSUFFICIENT_PERMISSIONS',
  )
})
