import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApiKey, revokeApiKey } from '../../src/domain/api-keys/commands.ts'
import { scopes } from '../../src/domain/context.ts'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, noon, openOwnGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openOwnGateway()
  tenant = await gateway.organization({ name: 'Meadow', defaultCountry: 'GB' })
})
afterAll(() => gateway.close())

async function post(headers: Record<string, string>, body: string): Promise<{ status: number; body: unknown; requestId: string | null }> {
  const response = await gateway.app.fetch(new Request('http://localhost:4000/graphql', { method: 'POST', headers, body }))
  return { status: response.status, body: await response.json(), requestId: response.headers.get('x-request-id') }
}

test('the viewer is the organization and the key behind the credential', async () => {
  const { body } = await tenant.gql(
    '{ viewer { organization { id name settings { defaultCountry quietHours marketingNeedsOptIn } } key { name hint expiresAt } scopes } }',
  )
  expect(body).toEqual({
    data: {
      viewer: {
        organization: {
          id: tenant.organizationId,
          name: 'Meadow',
          settings: { defaultCountry: 'GB', quietHours: false, marketingNeedsOptIn: true },
        },
        key: { name: 'Test key', hint: `dv_live_sk_…${tenant.key.slice(-4)}`, expiresAt: null },
        scopes: [...scopes],
      },
    },
  })
})

describe('without a good credential', () => {
  const json = { 'Content-Type': 'application/json' }
  const query = JSON.stringify({ query: '{ viewer { scopes } }' })

  test.each([
    ['none', {}, 'UNAUTHORIZED'],
    ['an empty one', { 'X-API-Key': '' }, 'UNAUTHORIZED'],
    ['another scheme', { Authorization: 'Basic YTpi' }, 'UNAUTHORIZED'],
    ['a malformed one', { 'X-API-Key': 'hello' }, 'INVALID_API_KEY'],
    ['an unknown one', { Authorization: 'Bearer dv_live_sk_0123456789abcdef01234567' }, 'INVALID_API_KEY'],
  ])('%s: 401', async (_what, headers, code) => {
    const { status, body, requestId } = await post({ ...json, ...headers }, query)
    expect(status).toBe(401)
    expect(body).toEqual({ errors: [{ message: expect.stringMatching(/\.$/), extensions: { code } }] })
    expect(requestId).toMatch(/^req_[0-9a-z]{26}$/)
  })

  test('a revoked or expired one: 401; a bearer that is good: 200', async () => {
    const administration = { db: gateway.db, now: () => noon, organizationId: tenant.organizationId }
    const { id, key } = await createApiKey(administration, { name: 'Short', scopes, expiresAt: new Date(noon.getTime() + 1000) })
    expect((await post({ ...json, Authorization: `Bearer ${key}` }, query)).status).toBe(200)
    gateway.clock.now = new Date(noon.getTime() + 1000)
    expect(await post({ ...json, Authorization: `Bearer ${key}` }, query)).toMatchObject({
      status: 401,
      body: { errors: [{ extensions: { code: 'EXPIRED_TOKEN' } }] },
    })
    gateway.clock.now = noon
    await revokeApiKey(administration, id)
    expect(await post({ ...json, Authorization: `Bearer ${key}` }, query)).toMatchObject({
      status: 401,
      body: { errors: [{ extensions: { code: 'INVALID_API_KEY' } }] },
    })
  })
})

describe('scopes', () => {
  test('a key that may only read cannot write, and nothing is written', async () => {
    const reader = await tenant.withScopes('contacts:read')
    const { body } = await reader.gql('mutation { createContact(input: { email: "new@example.com" }) { __typename } }')
    expect(body).toMatchObject({
      data: { createContact: null },
      errors: [
        {
          message: 'This needs the scope contacts:write; the key "Test key" has contacts:read.',
          extensions: { code: 'INSUFFICIENT_PERMISSIONS' },
        },
      ],
    })
    expect(await gateway.db.prisma.contact.count({ where: { emailKey: 'new@example.com' } })).toBe(0)
  })

  test('a key that may only write sees what it wrote, and nothing else', async () => {
    const id = await givenContact(tenant)
    const writer = await tenant.withScopes('contacts:write')
    const { body } = await writer.gql(
      `mutation ($id: ID!) {
        createContact(input: { email: "written@example.com" }) { ... on CreateContactPayload { contact { email } } }
        updateContact(input: { id: $id, firstName: "Ana" }) { ... on UpdateContactPayload { contact { firstName notes { nodes { id } } } } }
      }`,
      { id },
    )
    expect(body.data).toEqual({ createContact: { contact: { email: 'written@example.com' } }, updateContact: null })
    expect(body.errors).toMatchObject([{ path: ['updateContact', 'contact', 'notes'], extensions: { code: 'INSUFFICIENT_PERMISSIONS' } }])
    for (const query of [
      '{ contacts { nodes { id } } }',
      `{ contact(id: "${id}") { id } }`,
      `{ node(id: "${id}") { id } }`,
      '{ contactBy(email: "a@example.com") { id } }',
    ]) {
      expect((await writer.gql(query)).body.errors[0].extensions.code).toBe('INSUFFICIENT_PERMISSIONS')
    }
  })
})

describe('a malformed operation', () => {
  test.each([
    ['{ contacts {', /Syntax Error/],
    ['{ nothing }', /Cannot query field "nothing"/],
    ['{ contacts(first: "ten") { totalCount } }', /Int cannot represent/],
    ['{ contacts(filter: { createdAfter: "yesterday" }) { totalCount } }', /This is not a date-time/],
    ['mutation { createContact(input: { shoeSize: 43 }) { __typename } }', /Field "shoeSize" is not defined/],
    ['mutation { createContact(input: { customAttributes: "x" }) { __typename } }', /JSON object/],
    ['{ node(id: "nonsense") { id } }', /This is not the id of a node/],
    ['{ contact(id: "note_01jm8xw4r2e5tvq0c9h3kzb7nd") { id } }', /This is not the id of a contact/],
    ['{ contactBy { id } }', /Send a phone number, an email address or an external id/],
    ['{ contactBy(phone: "+14155552671", email: "a@example.com") { id } }', /Send a phone number, an email address or an external id/],
    ['{ contacts(filter: { search: "a\\u0000" }) { totalCount } }', /The search has control characters/],
  ])('%s is refused with the reason', async (query, message) => {
    const { body } = await tenant.gql(query)
    expect(body.errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(message),
        extensions: expect.objectContaining({ code: 'VALIDATION_ERROR' }),
      }),
    ])
  })

  test('over 1 MiB, or without JSON, is refused whole', async () => {
    const headers = { 'X-API-Key': tenant.key, 'Content-Type': 'application/json' }
    const large = await post(headers, JSON.stringify({ query: `{ viewer { scopes } } #${'x'.repeat(1024 * 1024)}` }))
    expect(large).toMatchObject({ status: 413, body: { errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] } })
    expect(await post(headers, '{"query":')).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'INVALID_JSON' } }] },
    })
    expect((await post({ ...headers, 'Content-Type': 'text/plain' }, '{}')).status).toBe(415)
  })
})

test('a bug is logged whole and shown masked', async () => {
  const id = await givenContact(tenant, { email: 'secret@example.com' })
  // The database is made to fail in the middle of an operation.
  await gateway.db.prisma.$executeRaw`alter table notes rename to notes_gone`
  // A key that was not used yet.
  const reader = await tenant.withScopes('contacts:read')
  const { body } = await reader.gql('query Broken ($id: ID!) { contact(id: $id) { id notes { nodes { id } } } }', { id })
  await gateway.db.prisma.$executeRaw`alter table notes_gone rename to notes`
  expect(body.errors).toEqual([
    {
      message: 'Internal error. Try again. If the error persists, report the request id.',
      locations: expect.anything(),
      path: ['contact', 'notes'],
      extensions: { code: 'INTERNAL_ERROR' },
    },
  ])
  const [first, ...lines] = gateway.log.slice(-3)
  expect(first).toMatchObject({
    level: 40,
    msg: 'a compiled query failed',
    err: { message: expect.stringContaining('notes') },
  })
  expect(lines[0]).toMatchObject({
    level: 50,
    msg: 'a resolver failed',
    path: ['contact', 'notes'],
    err: { message: expect.stringContaining('notes') },
  })
  // The key, the contact with its notes, and when that failed the contact and the notes by themselves.
  expect(lines[1]).toMatchObject({ operation: 'query Broken', statements: 4, status: 200 })
  expect(lines[0]?.['request_id']).toBe(lines[1]?.['request_id'])
})
