import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JwtSettings } from '../../src/http/settings.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

const secret = 'a secret that is long enough for tests'
const settings: JwtSettings = {
  keys: { secret },
  algorithm: 'HS256',
  issuer: 'https://id.example.com',
  audience: 'contacts',
  organizationClaim: 'org',
}
const query = '{ viewer { organization { id } key { id } scopes } }'

async function ask(gateway: TestGateway, token: string) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const request = new Request('http://localhost:4000/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) })
  const response = await gateway.app.fetch(request)
  return { status: response.status, body: await response.json() }
}

describe('with a shared secret', () => {
  let gateway: TestGateway
  let tenant: Tenant
  beforeAll(async () => {
    gateway = await openGateway({ jwt: settings })
    tenant = await gateway.organization()
  })
  afterAll(() => gateway.close())

  const seconds = (offset: number) => Math.floor(noon.getTime() / 1000) + offset
  function sign(claims: Record<string, unknown> = {}, { alg = 'HS256', key = secret } = {}): Promise<string> {
    const payload = {
      iss: 'https://id.example.com',
      aud: 'contacts',
      sub: 'user 7',
      org: tenant.organizationId,
      scope: 'openid contacts:read',
      exp: seconds(60),
      ...claims,
    }
    return new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key))
  }

  test('a good token is its organization, with the scopes that mean something here', async () => {
    const { status, body } = await ask(gateway, await sign())
    expect(status).toBe(200)
    expect(body).toMatchObject({ data: { viewer: { organization: { id: tenant.organizationId }, key: null, scopes: ['contacts:read'] } } })
    expect((await ask(gateway, await sign({ scope: undefined, scopes: ['contacts:write', 7] }))).body).toMatchObject({
      data: { viewer: { scopes: ['contacts:write'] } },
    })
    expect((await ask(gateway, tenant.key)).status).toBe(200)
  })

  test('clocks may be apart by half a minute, and no more', async () => {
    expect((await ask(gateway, await sign({ exp: seconds(-29) }))).status).toBe(200)
    expect(await ask(gateway, await sign({ exp: seconds(-31) }))).toMatchObject({
      status: 401,
      body: { errors: [{ extensions: { code: 'EXPIRED_TOKEN' } }] },
    })
    expect((await ask(gateway, await sign({ nbf: seconds(31) }))).status).toBe(401)
  })

  test.each<[string, () => Promise<string>]>([
    ['another issuer', () => sign({ iss: 'https://evil.example.com' })],
    ['another audience', () => sign({ aud: 'mail' })],
    ['no expiry', () => sign({ exp: undefined })],
    ['no organization', () => sign({ org: undefined })],
    ['an unknown organization', () => sign({ org: 'org_01k8qphy80ehyt6ssz4xyh2se4' })],
    ['an organization that no text is', () => sign({ org: '\u0000' })],
    ['no subject, so that all tokens would be one caller', () => sign({ sub: undefined })],
    ['a number for a subject', () => sign({ sub: 7 })],
    ['a subject that cannot be kept', () => sign({ sub: 'user\u0000' })],
    ['a subject without end', () => sign({ sub: 'u'.repeat(256) })],
    ['another secret', () => sign({}, { key: 'another secret that is long enough for tests' })],
    ['another algorithm', () => sign({}, { alg: 'HS512', key: secret.repeat(2) })],
    ['no signature', async () => `${(await sign()).split('.', 2).join('.')}.`],
    ['the algorithm none', async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await sign()).split('.')[1] ?? ''}.`],
    ['nonsense', async () => 'a.b.c'],
  ])('a token with %s is refused', async (_what, make) => {
    expect(await ask(gateway, await make())).toEqual({
      status: 401,
      body: { errors: [{ message: expect.stringMatching(/^This token is not accepted: .*\.$/), extensions: { code: 'INVALID_API_KEY' } }] },
    })
  })
})

test('with the keys of an identity provider; while they cannot be had, the caller is asked to try again', async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }] })
  let answers = false
  const provider = createServer((_request, response) => (answers ? response.end(keys) : response.writeHead(500).end()))
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  const address = provider.address()
  if (address === null || typeof address === 'string') throw new Error('The provider has no port.')
  const gateway = await openGateway({
    jwt: { ...settings, keys: { jwksUrl: `http://127.0.0.1:${address.port}/jwks.json` }, algorithm: 'RS256' },
  })
  try {
    const { organizationId } = await gateway.organization()
    const payload = {
      sub: 'user 7',
      iss: 'https://id.example.com',
      aud: 'contacts',
      org: organizationId,
      exp: Math.floor(noon.getTime() / 1000) + 60,
    }
    const token = await new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey)
    expect(await ask(gateway, token)).toMatchObject({ status: 503, body: { errors: [{ extensions: { code: 'UNAVAILABLE' } }] } })
    answers = true
    expect(await ask(gateway, token)).toMatchObject({ status: 200, body: { data: { viewer: { organization: { id: organizationId } } } } })
  } finally {
    provider.close()
    await gateway.close()
  }
})
