import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JwtSettings } from '../../src/http/settings.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway({ rateLimits: { read: 3, write: 1, bulk: 1, cost: 25, rows: 10 } })
  tenant = await gateway.organization()
})
afterAll(() => gateway.close())

function limits(headers: Headers) {
  return ['x-ratelimit-limit', 'x-ratelimit-remaining', 'retry-after'].map((name) => headers.get(name))
}

test('each answer says what is left, and the request over the limit is refused', async () => {
  const reader = await tenant.withScopes('contacts:read', 'contacts:write')
  for (const remaining of ['2', '1', '0']) {
    const answer = await reader.rest('GET', '')
    expect(answer.status).toBe(200)
    expect(limits(answer.headers)).toEqual(['3', remaining, null])
    expect(Number(answer.headers.get('x-ratelimit-reset'))).toBeGreaterThan(0)
  }
  const refused = await reader.rest('GET', '')
  expect(refused.status).toBe(429)
  expect(limits(refused.headers)).toEqual(['3', '0', expect.stringMatching(/^\d+$/)])
  expect(refused.body.error).toMatchObject({ code: 'RATE_LIMITED', details: { limit: 3, window: 60 } })
  expect(refused.body.error.message).toMatch(/^This credential has used its 3 requests that read a minute\. Try again in \d+ seconds\.$/)

  // What writes is counted apart, before its input is looked at: inputs cannot be tried without end.
  expect((await reader.rest('POST', '', {})).status).toBe(422)
  expect((await reader.rest('POST', '', { first_name: 'Ada', phone: '+14155550101' })).status).toBe(429)
  expect(await gateway.db.prisma.contact.count({ where: { organizationId: tenant.organizationId } })).toBe(0)
})

test('another key has its own limit', async () => {
  const [one, other] = [await tenant.withScopes('contacts:read'), await tenant.withScopes('contacts:read')]
  for (let request = 0; request < 4; request += 1) await one.rest('GET', '')
  expect((await one.rest('GET', '')).status).toBe(429)
  expect((await other.rest('GET', '')).status).toBe(200)
})

test('GraphQL is charged by cost, whatever the operation is called', async () => {
  const caller = await tenant.withScopes('contacts:read')
  const operation = '{ contacts(first: 10) { nodes { id } } }'
  const first = await caller.gql(operation)
  expect(first.extensions).toEqual({ cost: { cost: 21, limit: 50_000 } })
  expect(limits(first.headers)).toEqual(['25', '4', null])
  const second = await caller.gql(operation)
  expect(second.status).toBe(429)
  expect(limits(second.headers)).toEqual(['25', '0', expect.stringMatching(/^\d+$/)])
  expect(second.body.errors).toEqual([
    {
      message: expect.stringMatching(/^This credential has used its 25 units of operation cost a minute\. Try again in \d+ seconds\.$/),
      extensions: { code: 'RATE_LIMITED', limit: 25, window: 60, retryAfter: expect.any(Number) },
    },
  ])
})

test('people of the same name at the identity provider, in two organizations, are counted apart', async () => {
  const secret = 'a secret that is long enough for tests'
  const jwt: JwtSettings = { keys: { secret }, algorithm: 'HS256', issuer: null, audience: null, organizationClaim: 'org' }
  const limited = await openGateway({ jwt, rateLimits: { read: 1, write: 1, bulk: 1, cost: 1, rows: 1 } })
  try {
    const ask = async ({ organizationId }: Tenant) => {
      const claims = { sub: 'user 7', org: organizationId, scope: 'contacts:read', exp: Math.floor(noon.getTime() / 1000) + 60 }
      const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret))
      const request = new Request('http://localhost:4000/api/v1/contacts', { headers: { Authorization: `Bearer ${token}` } })
      return (await limited.app.fetch(request)).status
    }
    const [one, other] = [await limited.organization(), await limited.organization()]
    expect([await ask(one), await ask(one), await ask(other)]).toEqual([200, 429, 200])
  } finally {
    await limited.close()
  }
})
