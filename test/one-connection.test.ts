import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultRateLimits } from '../src/http/settings.ts'
import { givenContact } from './support/factories.ts'
import { type FuzzedGateway, openFuzzedGateway } from './support/fuzz.ts'
import { openOwnGateway } from './support/gateway.ts'
import { operationOf, roots } from './support/generate-operations.ts'
import { operations, requestsOf } from './support/generate-requests.ts'

// With one connection and every limit counted in the database, a request that holds the connection and asks for a second one never gets it.

const settings = { rateLimits: defaultRateLimits }
const connections = { poolSize: 1, limiterStore: { kind: 'postgres' as const } }
const asked = 3

let fuzzed: FuzzedGateway
let keys = 0
beforeAll(async () => {
  fuzzed = await openFuzzedGateway(openOwnGateway(settings, connections))
})
afterAll(() => fuzzed.gateway.close())

/** A request that is kept for repetitions holds a transaction while it is served. */
const kept = () => ({ 'Idempotency-Key': `key-${(keys += 1)}` })
const isStuck = (code: unknown) => code === 'UNAVAILABLE' || code === 'TIMEOUT'

describe('one connection is enough for', () => {
  test.each(roots.filter(({ kind }) => kind !== 'subscription'))('$kind $name', async (root) => {
    const { gateway, tenant, pool } = fuzzed
    for (let seed = 0; seed < asked; seed += 1) {
      const response = await gateway.app.fetch(
        new Request('http://localhost:4000/graphql', {
          method: 'POST',
          headers: { 'X-API-Key': tenant.key, 'Content-Type': 'application/json', ...kept() },
          body: JSON.stringify({ query: operationOf(root, { seed, pool }) }),
        }),
      )
      const { errors = [] } = (await response.json()) as { errors?: { extensions?: { code?: string } }[] }
      expect(errors.filter(({ extensions }) => isStuck(extensions?.code))).toEqual([])
    }
  })

  test.each(operations)('$name', async ({ path, method, operation }) => {
    const { tenant, pool } = fuzzed
    for (const { url, body } of fc.sample(requestsOf(path, operation, pool), { numRuns: asked, seed: 1 })) {
      const answer = await tenant.rest(method.toUpperCase(), url, body, kept())
      expect(isStuck(answer.body?.error?.code)).toBe(false)
    }
  })
})

test('32 mutations at once, each with an Idempotency-Key, wait for the connection and not for each other', async () => {
  const gateway = await openOwnGateway(settings, { poolSize: 2, limiterStore: { kind: 'postgres' } })
  const tenant = await gateway.organization()
  await givenContact(tenant)
  const began = performance.now()
  const statuses = await Promise.all(
    Array.from({ length: 32 }, async (_, index) => {
      const query = `mutation { createContact(input: { email: "keyed${index}@example.com" }) { __typename } }`
      const response = await gateway.app.fetch(
        new Request('http://localhost:4000/graphql', {
          method: 'POST',
          headers: { 'X-API-Key': tenant.key, 'Content-Type': 'application/json', 'Idempotency-Key': `at-once-${index}` },
          body: JSON.stringify({ query }),
        }),
      )
      return `${response.status} ${(await response.text()).includes('errors')}`
    }),
  )
  expect(new Set(statuses)).toEqual(new Set(['200 false']))
  expect(performance.now() - began).toBeLessThan(15_000)
  await gateway.close()
})
