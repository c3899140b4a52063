import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestGateway, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization()
})
afterAll(() => gateway.close())

async function metrics(key: string): Promise<{ status: number; type: string | null; text: string }> {
  const response = await gateway.app.fetch(new Request('http://localhost:4000/metrics', { headers: { Authorization: `Bearer ${key}` } }))
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

test('requests are counted by route, kind and status; what callers name stays out of the labels', async () => {
  await tenant.rest('GET', '')
  await tenant.rest('GET', '/con_01k8qphy80ehyt6ssz4xyh2se4')
  await tenant.gql('query SecretName { viewer { scopes } }')
  await tenant.gql('{ nonsense }')
  const { status, type, text } = await metrics(tenant.key)
  expect(status).toBe(200)
  expect(type).toMatch(/^text\/plain; version=0\.0\.4/)
  const counts = text.split('\n').filter((line) => /^gateway_(?:request_duration_seconds_count|refusals_total)/.test(line))
  expect(counts.toSorted()).toEqual([
    'gateway_refusals_total{code="NOT_FOUND"} 1',
    'gateway_refusals_total{code="VALIDATION_ERROR"} 1',
    'gateway_request_duration_seconds_count{operation="GET /api/v1/contacts",status="200"} 1',
    'gateway_request_duration_seconds_count{operation="GET /api/v1/contacts/{id}",status="404"} 1',
    'gateway_request_duration_seconds_count{operation="other",status="200"} 1',
    'gateway_request_duration_seconds_count{operation="query",status="200"} 1',
  ])
  expect(text).not.toContain('SecretName')
  expect(text).toContain('nodejs_eventloop_lag_seconds')
  expect(text).toMatch(/^gateway_database_connections\{state="open"\} \d+$/m)
  expect(text).toMatch(/^gateway_sql_statements_total [1-9]/m)
})

test('rows of imports are counted by what they came to, once they are kept', async () => {
  const rows = async () =>
    Object.fromEntries(
      Array.from(
        (await metrics(tenant.key)).text.matchAll(/^gateway_import_rows_total\{outcome="(\w+)"\} (\d+)$/gm),
        ([, outcome = '', count]) => [outcome, Number(count)],
      ),
    )
  const before = await rows()
  const contacts = [{ email: 'one@example.com' }, { email: 'two@example.com' }, { email: 'no address' }]
  await tenant.rest('POST', '/bulk', { contacts, dry_run: true })
  expect(await rows()).toEqual(before)
  await tenant.rest('POST', '/bulk', { contacts })
  const after = await rows()
  expect(['created', 'updated', 'unchanged', 'skipped'].map((outcome) => (after[outcome] ?? 0) - (before[outcome] ?? 0))).toEqual([
    2, 0, 0, 1,
  ])
})

test('they are for credentials with the scope', async () => {
  expect((await metrics((await tenant.withScopes('contacts:read')).key)).status).toBe(403)
  expect((await metrics('nobody')).status).toBe(401)
})

test('the dashboard and the alerts ask for figures that there are', async () => {
  const { text } = await metrics(tenant.key)
  // One of them only exists where Redis counts (redis.test.ts).
  const served = new Set([...(text.match(/^(?:gateway|nodejs|process)_\w+/gm) ?? []), 'gateway_rate_limit_redis_ready'])
  const folder = join(import.meta.dirname, '..', '..', 'deploy')
  for (const file of ['grafana-dashboard.json', 'alerts.yml']) {
    const wanted = (await readFile(join(folder, file), 'utf8')).match(/\b(?:gateway|nodejs|process)_\w+/g) ?? []
    expect(wanted.length).toBeGreaterThan(3)
    expect(wanted.filter((name) => !served.has(name))).toEqual([])
  }
})
