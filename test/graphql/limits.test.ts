import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact, givenNote } from '../support/factories.ts'
import { type TestGateway, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization()
  await givenNote(tenant, await givenContact(tenant))
})
afterAll(() => gateway.close())

const limit = 50_000

describe('the cost of an operation', () => {
  test.each([
    ['{ viewer { scopes } }', {}, 2],
    ['{ contacts(first: 10) { nodes { id email } } }', {}, 31],
    ['query ($n: Int) { contacts(first: $n) { nodes { id } } }', { n: 10 }, 21],
    ['query ($n: Int = 10) { contacts(first: $n) { nodes { id } } }', {}, 21],
    ['{ contacts { nodes { id } } }', {}, 51],
    ['{ contacts { edges { cursor node { id } } pageInfo { endCursor } totalCount } }', {}, 126],
    ['{ contacts(last: 2) { nodes { notes(first: 3) { nodes { body } } } } }', {}, 17],
    ['{ contacts(first: 1) { ...A } } fragment A on ContactConnection { nodes { ...B ...B } } fragment B on Contact { id }', {}, 4],
    ['query ($no: Boolean!) { contacts(first: 1) { nodes @include(if: $no) { id } } }', { no: false }, 3],
  ])('%s with %j is %i, and is reported', async (query, variables, cost) => {
    const { extensions } = await tenant.gql(query, variables)
    expect(extensions).toMatchObject({ cost: { cost, limit } })
  })

  test('over the limit is refused before anything is read, with the field that costs most', async () => {
    const { body, statements } = await tenant.gql(
      '{ viewer { scopes } contacts(first: 200) { nodes { notes(first: 200) { nodes { body author } } } } }',
    )
    expect(body).toEqual({
      errors: [
        {
          message:
            'This operation could answer with 120,403 fields, and the limit is 50,000. The most expensive field is contacts, with 120,401. Ask for smaller pages or fewer fields.',
          extensions: { code: 'VALIDATION_ERROR', cost: 120_403, limit, field: 'contacts' },
        },
      ],
    })
    expect(statements).toEqual([])
  })
})

describe('a way around the limits is closed', () => {
  const heavy = 'nodes { notes(first: 200) { nodes { body author } } }'
  test.each([
    ['variables instead of literals', `query ($n: Int!) { contacts(first: $n) { ${heavy} } }`, { n: 200 }],
    ['default values of variables', `query ($n: Int = 200) { contacts(first: $n) { ${heavy} } }`, {}],
    [
      'aliases',
      `{ ${Array.from({ length: 90 }, (_, index) => `a${index}: contacts(first: 200) { nodes { id email phone } }`).join(' ')} }`,
      {},
    ],
    [
      'page sizes that were not given',
      `{ ${Array.from({ length: 60 }, (_, index) => `a${index}: contacts { nodes { notes { nodes { body } } } }`).join(' ')} }`,
      {},
    ],
    [
      'fragments',
      `{ contacts(first: 200) { ...A } } fragment A on ContactConnection { ...B } fragment B on ContactConnection { ${heavy} }`,
      {},
    ],
    ['inline fragments', `{ contacts(first: 200) { ... { ... on ContactConnection { ${heavy} } } } }`, {}],
    [
      'skipping what is not skipped',
      `query ($no: Boolean = false) { contacts(first: 200) { nodes @skip(if: $no) { notes(first: 200) { nodes { body author } } } } }`,
      {},
    ],
    [
      'including what is included',
      `{ contacts(first: 200) { nodes @include(if: true) { notes(first: 200) { nodes { body author } } } } }`,
      {},
    ],
    ['page sizes below zero, to be taken off', `{ contacts(first: 200) { ${heavy} } less: contacts(first: -200) { ${heavy} } }`, {}],
    [
      'the same of suggestions',
      `{ contacts(first: 200) { nodes { notes(first: 200) { nodes { body author } } nextBestActions(first: -1000000) { score model } } } }`,
      {},
    ],
    [
      'huge lists of ids',
      `mutation ($ids: [ID!]!) { restoreContacts(input: { ids: $ids }) { ... on RestoreContactsPayload { contacts { notes(first: 25) { nodes { body author } } } } } }`,
      { ids: Array.from({ length: 1000 }, (_, index) => `con_${String(index).padStart(26, '0')}`) },
    ],
    [
      'everything nested under a page of 200',
      `{ contacts(first: 200) { nodes { id displayName preferences { channel state record { source } }
        frequencyCaps { globalCaps { name usage { used remaining } } groupedByChannel { channel rules { name usage { used } } } }
        sendDecision(channel: SMS, category: MARKETING) { allowed reasons { code message } }
        nextBestActions { action score reasons { code message weight } }
        profile { engagement { score } activityCounts { kind count } openTickets { subject } }
        journey { stages { stage enteredAt touches { channel count } } entries { nodes { title } } }
        notes { nodes { body } } timeline { nodes { title } } consentRecords { nodes { state } } } } }`,
      {},
    ],
    ['another operation in front', `query Cheap { viewer { scopes } } query Dear { contacts(first: 200) { ${heavy} } }`, {}],
    [
      'a mutation’s answer',
      `mutation { createContact(input: { email: "x@example.com" }) { ... on CreateContactPayload { contact { notes(first: 200) { nodes { contact { notes(first: 200) { nodes { body author } } } } } } } } }`,
      {},
    ],
  ])('%s', async (_what, query, variables) => {
    const operationName = query.includes('query Dear') ? 'Dear' : undefined
    const response = await gateway.app.fetch(
      new Request('http://localhost:4000/graphql', {
        method: 'POST',
        headers: { 'X-API-Key': tenant.key, 'Content-Type': 'application/json' },
        body: JSON.stringify({ query, variables, operationName }),
      }),
    )
    const { data, errors } = (await response.json()) as { data?: unknown; errors: { message: string; extensions: object }[] }
    expect(data ?? null).toBeNull()
    expect(errors[0]).toMatchObject({
      message: expect.stringMatching(/^This operation could answer with [\d,]+ fields/),
      extensions: { code: 'VALIDATION_ERROR' },
    })
  })

  const spread = (depth: number) =>
    Array.from({ length: depth }, (_, index) => `fragment F${index} on Contact { ...F${index + 1} ...F${index + 1} } `).join('')
  const nested = (depth: number): string => (depth === 0 ? 'id' : `notes { nodes { contact { ${nested(depth - 1)} } } }`)
  test.each([
    [
      'cyclic fragments',
      '{ contacts { nodes { ...A } } } fragment A on Contact { ...B } fragment B on Contact { ...A }',
      /Cannot spread fragment "A" within itself/,
    ],
    [
      'fragments that double',
      `{ contacts(first: 1) { nodes { ...F0 } } } ${spread(60)} fragment F60 on Contact { a: id }`,
      /selects the same fields too often/,
    ],
    [
      'depth',
      `{ contacts(first: 1) { nodes { ${nested(5).replaceAll('notes', 'notes(first: 1)')} } } }`,
      /has \d+ levels of fields, and the limit is 15/,
    ],
    [
      'many aliases',
      `{ ${Array.from({ length: 101 }, (_, index) => `a${index}: __typename`).join(' ')} }`,
      /has 101 aliases, and the limit is 100/,
    ],
    [
      'many directives',
      `{ viewer { scopes ${'@include(if: true) '.repeat(51)} } }`,
      /directives, and the limit is 50|can only be used once/,
    ],
    ['many words', `{ ${'__typename '.repeat(5000)} }`, /Document contains more that 4000 tokens/],
    [
      'introspection in circles',
      `{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }`,
      /Maximum introspection depth exceeded/,
    ],
    [
      'a filter with a thousand tags over and over',
      `{ contacts(filter: { tags: [${'"a" '.repeat(4000)}] }) { totalCount } }`,
      /Document contains more that 4000 tokens/,
    ],
    ['a deep list', `{ contacts(filter: { tags: ${'['.repeat(1900)}${']'.repeat(1900)} }) { totalCount } }`, /levels of brackets/],
    ['a deep literal', `{ contacts(filter: ${'{a:'.repeat(2000)}1${'}'.repeat(2000)}) { totalCount } }`, /tokens|not defined/],
  ])('%s', async (_what, query, message) => {
    const { body, statements } = await tenant.gql(query)
    expect(body.errors[0]).toMatchObject({ message: expect.stringMatching(message), extensions: { code: 'VALIDATION_ERROR' } })
    expect(statements).toEqual([])
  })

  const send = (body: unknown) =>
    gateway.app.fetch(
      new Request('http://localhost:4000/graphql', {
        method: 'POST',
        headers: { 'X-API-Key': tenant.key, 'Content-Type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    )
  test('documents and variables of more than 1 MiB', async () => {
    const large = 'x'.repeat(1024 * 1024)
    for (const body of [
      { query: `{ viewer { scopes } } # ${large}` },
      { query: 'query ($text: String) { contacts(filter: { search: $text }) { totalCount } }', variables: { text: large } },
    ]) {
      const response = await send(body)
      expect([response.status, await response.json()]).toMatchObject([413, { errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] }])
    }
  })

  test('a document of just under 1 MiB, and variables that nest deeply', async () => {
    const long = await send({ query: `{ ${'a '.repeat(500_000)} }` })
    expect(await long.json()).toMatchObject({ errors: [{ message: expect.stringContaining('4000 tokens') }] })
    const filter = `${'{"tags":'.repeat(10_000)}1${'}'.repeat(10_000)}`
    const query = 'query ($filter: ContactFilter) { contacts(filter: $filter) { totalCount } }'
    const deep = await send(`{"query":${JSON.stringify(query)},"variables":{"filter":${filter}}}`)
    expect(deep.status).toBeLessThan(500)
    expect(await deep.json()).toMatchObject({ errors: [{ extensions: { code: 'INVALID_JSON' } }] })
  })

  test('a batch of operations', async () => {
    const response = await gateway.app.fetch(
      new Request('http://localhost:4000/graphql', {
        method: 'POST',
        headers: { 'X-API-Key': tenant.key, 'Content-Type': 'application/json' },
        body: JSON.stringify([{ query: '{ viewer { scopes } }' }, { query: '{ viewer { scopes } }' }]),
      }),
    )
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      errors: [{ message: 'Batching is not supported.', extensions: { code: 'VALIDATION_ERROR' } }],
    })
  })
})

test('documents that come at once are parsed and validated one at a time, and other requests are served in between', async () => {
  const repetitive = (index: number) => `{ contacts { nodes { ${'block { id } '.repeat(300)} } } } # ${index}`
  let turn = 0
  let isRunning = true
  const next = () => {
    turn += 1
    if (isRunning) setImmediate(next)
  }
  setImmediate(next)
  const turns = await Promise.all(
    Array.from({ length: 6 }, async (_, index) => {
      expect((await tenant.gql(repetitive(index))).body.errors).toHaveLength(1)
      return turn
    }),
  )
  isRunning = false
  expect(new Set(turns).size).toBe(6)
})

test('GraphiQL’s own question is within the limits', async () => {
  const { body } = await tenant.gql(getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, oneOf: true }))
  expect(body.errors).toBeUndefined()
  expect(body.data.__schema.types.length).toBeGreaterThan(20)
})
