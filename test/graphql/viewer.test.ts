import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGateway, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway({ rateLimits: { read: 60, write: 30, bulk: 6, cost: 1000, rows: 500 } })
})
afterAll(() => gateway.close())

const query = '{ viewer { rateLimits { name limit remaining resetsAt } } }'

test('the viewer sees what is left of each rate limit, this operation included', async () => {
  const tenant = await gateway.organization()
  await tenant.rest('GET', '')
  const other = await gateway.organization()
  await other.rest('POST', '', { email: 'ana@example.com' })
  const { body, extensions, headers } = await tenant.gql(query)
  const cost = (extensions as { cost: { cost: number } }).cost.cost
  expect(body.data.viewer.rateLimits).toEqual([
    { name: 'READ', limit: 60, remaining: 59, resetsAt: expect.stringMatching(/^2026-03-01T12:0[01]:\d\d\.000Z$/) },
    { name: 'WRITE', limit: 30, remaining: 30, resetsAt: null },
    { name: 'BULK', limit: 6, remaining: 6, resetsAt: null },
    { name: 'COST', limit: 1000, remaining: 1000 - cost, resetsAt: expect.any(String) },
    { name: 'ROWS', limit: 500, remaining: 500, resetsAt: null },
  ])
  expect(headers.get('x-ratelimit-remaining')).toBe(String(1000 - cost))
})

test('asking for the rate limits uses nothing of them', async () => {
  const tenant = await gateway.organization()
  const reads = async () => (await tenant.gql(query)).body.data.viewer.rateLimits[0].remaining
  expect([await reads(), await reads()]).toEqual([60, 60])
})
