import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultRateLimits } from '../../src/http/settings.ts'
import { type TestGateway, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  // With everything on that stands between a request and its answer.
  gateway = await openGateway({
    rateLimits: defaultRateLimits,
    introspection: 'scope',
    trustedDocuments: { mode: 'prefer', documents: new Map([['known', '{ __typename }']]) },
    corsOrigins: ['https://app.example.com'],
  })
  tenant = await gateway.organization()
})
afterAll(() => gateway.close())

describe('the API speaks GraphQL over HTTP', () => {
  const audits = serverAudits({
    url: 'http://localhost:4000/graphql',
    fetchFn(url: string, init: RequestInit = {}) {
      const headers = new Headers(init.headers)
      headers.set('X-API-Key', tenant.key)
      return gateway.app.fetch(new Request(url, { ...init, headers }))
    },
  })

  test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s: %s', async (_id, _name, audit) => {
    expect(await audit.fn()).toMatchObject({ status: 'ok' })
  })
})
