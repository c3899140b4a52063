import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenActivities, givenContact, unique } from './support/factories.ts'
import { noon, openGateway, type Tenant, type TestGateway } from './support/gateway.ts'
import { watch } from './support/subscriptions.ts'

/** Keys that JavaScript, promises, serializers or classes give a meaning to. In custom data they mean nothing. */
const keys = ['then', 'catch', '__proto__', 'constructor', 'toString', 'toJSON', 'hasOwnProperty', 'length', '$type', 'prisma__type']
/** As JSON text, because an object literal gives `__proto__` its own meaning; in the order in which PostgreSQL keeps keys. */
const textOf = (key: string) => `{"ok":1,${JSON.stringify(key)}:{"then":"x","__proto__":1}}`

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization()
})
afterAll(() => gateway.close())

const post = async (query: string, variables: string) => {
  const response = await gateway.app.fetch(
    new Request('http://localhost:4000/graphql', {
      method: 'POST',
      headers: { 'X-API-Key': tenant.key, 'Content-Type': 'application/json' },
      body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
    }),
  )
  return response.text()
}

describe.each(keys)('the key %s', (key) => {
  const text = textOf(key)
  const email = () => `key${unique()}@example.com`
  const create =
    'mutation ($input: CreateContactInput!) { createContact(input: $input) { __typename ... on CreateContactPayload { contact { id customAttributes } } } }'

  test('of a custom attribute is stored through GraphQL variables, and the mutation answers with it', async () => {
    const answer = await post(create, `{"input":{"email":"${email()}","customAttributes":${text}}}`)
    expect(answer).toContain(`"customAttributes":${text}`)
  })

  test.runIf(/^[a-z_]+$/i.test(key))('of a custom attribute is stored from a GraphQL literal', async () => {
    const answer = await tenant.gql(
      `mutation { createContact(input: { email: "${email()}", customAttributes: { ${key}: "x" } }) { ... on CreateContactPayload { contact { customAttributes } } } }`,
    )
    expect(JSON.stringify(answer.body)).toContain(`{"customAttributes":{"${key}":"x"}}`)
  })

  test('of a custom attribute is stored through REST as custom_attributes and as metadata', async () => {
    for (const name of ['custom_attributes', 'metadata']) {
      const { status, body } = await tenant.rest('POST', '', `{"email":"${email()}","${name}":${text}}`)
      expect([status, JSON.stringify(body.data.custom_attributes)]).toEqual([201, text])
      const patched = await tenant.rest('PATCH', `/${body.data.id}`, `{"custom_attributes":{"${key}":"y"}}`)
      expect(JSON.stringify(patched.body.data.custom_attributes)).toContain(`${JSON.stringify(key)}:"y"`)
    }
  })

  test('of a custom attribute does not keep others of a page from being read, by resolvers or compiled', async () => {
    const id = await givenContact(tenant, { customAttributes: JSON.parse(text) as Record<string, unknown> })
    await givenActivities(tenant, id, [{ event: { occurredAt: noon, name: 'e', properties: JSON.parse(text) as Record<string, unknown> } }])
    const selection = 'id customAttributes timeline(first: 1) { nodes { __typename ... on Event { properties } } }'
    const expected = `"customAttributes":${text},"timeline":{"nodes":[{"__typename":"Event","properties":${text}}]}`
    for (const query of [
      `{ contacts(first: 5) { nodes { ${selection} } } }`,
      `{ contacts(first: 5) { nodes { ${selection} } } viewer { scopes } }`,
      `{ contacts(first: 5) { nodes { ... @include(if: true) { ${selection} } } } }`,
      `{ contact(id: "${id}") { ${selection} } }`,
    ]) {
      // Twice: a repeated operation takes another path.
      for (let times = 0; times < 2; times += 1) {
        const answer = await post(query, '{}')
        expect(answer).toContain(expected)
        expect(answer).not.toContain('errors')
      }
    }
    const timeline = await tenant.rest('GET', `/${id}/timeline`)
    expect(JSON.stringify(timeline.body.data[0].data.properties)).toBe(text)
    expect(JSON.stringify((await tenant.rest('GET', '?limit=1')).body.data[0].custom_attributes)).toBe(text)
  })

  test('of a custom attribute is exported in every format, and imported from JSON and from a column', async () => {
    const address = email()
    const imported = await tenant.rest('POST', '/bulk', `{"contacts":[{"email":"${address}","custom_attributes":${text}}]}`)
    expect(imported.body.data).toMatchObject({ created: 1, skipped: 0 })
    for (const format of ['json', 'ndjson', 'csv']) {
      const { body } = await tenant.rest('POST', '/export', { format, filter: { search: address }, fields: ['email', 'custom_attributes'] })
      const file = typeof body === 'string' ? body : JSON.stringify(body)
      expect(file.replaceAll('""', '"').replaceAll(' ', '')).toContain(text)
    }
    const column = email()
    await tenant.rest('POST', '/bulk', `email,${key}\r\n${column},v1\r\n`, { 'Content-Type': 'text/csv' })
    const found = await tenant.rest('GET', `?search=${encodeURIComponent(column)}`)
    expect(JSON.stringify(found.body.data[0].custom_attributes)).toBe(`{${JSON.stringify(key)}:"v1"}`)
  })

  test('is no parameter, no field of a contact and no variable of ours', async () => {
    expect((await tenant.rest('GET', `?${key}=1`)).status).toBe(400)
    expect((await tenant.rest('POST', '', `{"email":"${email()}","${key}":1}`)).status).toBe(422)
    expect(await post('{ viewer { organization { id } } }', `{"${key}":${text}}`)).not.toContain('errors')
  })
})

test('an event of a subscription carries a key named then', async () => {
  const id = await givenContact(tenant, { customAttributes: JSON.parse('{"then":"x"}') as Record<string, unknown> })
  const watching = await watch(gateway, tenant, 'subscription { contactsChanged { changes { contact { id customAttributes } } } }')
  await tenant.rest('PATCH', `/${id}`, { first_name: 'Ana' })
  expect(JSON.stringify(await watching.next())).toContain('"customAttributes":{"then":"x"}')
  await watching.close()
})
