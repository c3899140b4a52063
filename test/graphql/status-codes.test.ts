import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultOperationLimits } from '../../src/http/settings.ts'
import { givenContact } from '../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway({
    operationLimits: { ...defaultOperationLimits, maxCost: 1000, maxDepth: 5 },
    rateLimits: { read: 10, write: 10, bulk: 10, cost: 3000, rows: 1000 },
  })
  tenant = await gateway.organization()
})
afterAll(() => gateway.close())

const responses = 'application/graphql-response+json'
const json = 'application/json'

async function post(by: { key: string | null }, accept: string, body: unknown, init: { method?: string; type?: string } = {}) {
  const { method = 'POST', type = json } = init
  const headers = { Accept: accept, 'Content-Type': type, ...(by.key !== null && { 'X-API-Key': by.key }) }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await gateway.app.fetch(new Request('http://localhost:4000/graphql', { method, headers, body: text }))
  const content = await response.text()
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    code: JSON.parse(content).errors?.[0].extensions.code,
    hasData: 'data' in JSON.parse(content),
  }
}

describe('an operation that is refused before it is executed', () => {
  const byId = 'query ($id: ID!) { contact(id: $id) { id } }'
  test.each([
    ['a syntax error', { query: '{' }],
    ['an unknown field', { query: '{ nonsense }' }],
    ['a missing variable', { query: byId }],
    ['a variable of another type', { query: byId, variables: { id: { a: 1 } } }],
    [
      'a variable of an unknown enum value',
      { query: 'query ($c: [LifecycleStage!]) { contacts(filter: { lifecycleStage: $c }) { totalCount } }', variables: { c: 'BOSS' } },
    ],
    ['an operation name that is not in the document', { query: 'query A { viewer { scopes } }', operationName: 'B' }],
    ['too high a cost', { query: '{ contacts(first: 200) { nodes { notes(first: 200) { nodes { id } } } } }' }],
    [
      'too great a depth',
      { query: '{ contacts(first: 1) { nodes { notes(first: 1) { nodes { contact { notes(first: 1) { nodes { id } } } } } } } }' },
    ],
    ['no operation', {}],
  ])('%s has the status 400 for a client that goes by the status, and 200 or 400 for others', async (_what, body) => {
    const answer = await post(tenant, responses, body)
    expect(answer).toMatchObject({ status: 400, type: `${responses}; charset=utf-8`, code: 'VALIDATION_ERROR', hasData: false })
    const plain = await post(tenant, json, body)
    expect(plain).toMatchObject({ type: `${json}; charset=utf-8`, code: 'VALIDATION_ERROR', hasData: false })
    expect([200, 400]).toContain(plain.status)
  })

  test('an operation past the rate limit has the status 429', async () => {
    const caller = await gateway.organization()
    const body = { query: '{ contacts(first: 200) { nodes { id email phone } } }' }
    const answers = [await post(caller, responses, body), await post(caller, responses, body), await post(caller, responses, body)]
    const last = [...answers, await post(caller, responses, body)].at(-1)
    expect(last).toMatchObject({ status: 429, type: `${responses}; charset=utf-8`, code: 'RATE_LIMITED', hasData: false })
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('an operation that was executed has the status 200, with errors too', async () => {
    const writer = await tenant.withScopes('contacts:write')
    const id = await givenContact(tenant)
    expect(await post(writer, responses, { query: byId, variables: { id } })).toMatchObject({
      status: 200,
      code: 'INSUFFICIENT_PERMISSIONS',
      hasData: true,
    })
  })
})

describe('a request that is refused before its operation is read', () => {
  const query = { query: '{ viewer { scopes } }' }
  const large = JSON.stringify({ query: `{ viewer { scopes } } #${'x'.repeat(1024 * 1024)}` })
  test.each([
    ['no credential', 401, 'UNAUTHORIZED', null, query, {}],
    ['an unknown key', 401, 'INVALID_API_KEY', 'dv_live_sk_unknown', query, {}],
    ['a body of another type', 415, 'UNSUPPORTED_MEDIA_TYPE', '', query, { type: 'text/plain' }],
    ['another method', 405, 'METHOD_NOT_ALLOWED', '', query, { method: 'PUT' }],
    ['too large a body', 413, 'PAYLOAD_TOO_LARGE', '', large, {}],
  ])('%s has its status and code in the type that the client accepts', async (_what, status, code, key, body, init) => {
    for (const accept of [responses, json, 'text/html', `${responses}, ${json};q=0.9`]) {
      const type = accept.startsWith(responses) ? responses : json
      const answer = await post({ key: key === '' ? tenant.key : key }, accept, body, init)
      expect(answer).toMatchObject({ status, code, type: `${type}; charset=utf-8`, hasData: false })
    }
  })

  test('a missing or unknown credential is challenged in both APIs', async () => {
    expect((await post({ key: null }, json, query)).headers.get('www-authenticate')).toBe('Bearer realm="contact-gateway"')
    expect((await post({ key: 'x' }, json, query)).headers.get('www-authenticate')).toBe(
      'Bearer realm="contact-gateway", error="invalid_token"',
    )
    const rest = await gateway.app.fetch(new Request('http://localhost:4000/api/v1/contacts'))
    expect([rest.status, rest.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="contact-gateway"'])
  })

  test('a method that is not allowed names those that are', async () => {
    expect((await post(tenant, json, query, { method: 'DELETE' })).headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS')
    const url = `http://localhost:4000/graphql?query=${encodeURIComponent('mutation { deleteNote(input: { id: "x" }) { __typename } }')}`
    const answer = await gateway.app.fetch(new Request(url, { headers: { 'X-API-Key': tenant.key, Accept: responses } }))
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await answer.json()).errors).toMatchObject([{ extensions: { code: 'METHOD_NOT_ALLOWED' } }])
  })
})
