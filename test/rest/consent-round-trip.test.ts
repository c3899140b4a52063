import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenContact } from '../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const proof = { source: 'web_form', text_version: 'v3', proof_url: 'https://proof.example/1' }
const on = (day: number) => `2026-02-0${day}T10:00:00.000Z`

async function change(tenant: Tenant, id: string, ...changes: Record<string, unknown>[]): Promise<void> {
  expect((await tenant.rest('PUT', `/${id}/preferences`, { changes })).status).toBe(200)
}

/** Three people with consent of every kind that an export has. */
async function withConsent(): Promise<Tenant> {
  const tenant = await gateway.organization()
  const ana = await givenContact(tenant, { email: 'Ana@reed.example', phone: '+14155552671' })
  await change(
    tenant,
    ana,
    { channel: 'email', state: 'opted_in', recorded_at: on(1), ...proof, lawful_basis: 'consent' },
    { channel: 'sms', state: 'opted_in', recorded_at: on(2), source: 'paper', text_version: 'terms, "2025"' },
    { channel: 'voice', state: 'opted_out', recorded_at: on(3), source: 'phone_call' },
  )
  const bob = await givenContact(tenant, { email: 'bob@reed.example' })
  await change(tenant, bob, { channel: 'email', state: 'opted_out', recorded_at: on(4), source: 'unsubscribe_link' })
  await change(tenant, bob, { channel: 'push', state: 'opted_in', recorded_at: on(4), ...proof })
  await givenContact(tenant, { email: 'cyd@reed.example' })
  return tenant
}

test.each([
  ['csv', 'text/csv'],
  ['json', 'application/json'],
])('an export as %s that is imported into an empty organization brings the same consent', async (format, type) => {
  const tenant = await withConsent()
  const exportOf = async (from: Tenant) => (await from.rest('POST', '/export', { format })).body
  const file = await exportOf(tenant)
  const other = await gateway.organization()
  const body = format === 'csv' ? file : { contacts: file.data }
  const job = await other.rest('POST', '/bulk', body, { 'Content-Type': type })
  expect(job.body.data).toMatchObject({ created: 3, skipped: 0, warnings: [] })
  const same = await exportOf(other)
  expect(format === 'csv' ? same : same.data).toEqual(format === 'csv' ? file : file.data)

  const again = await other.rest(
    'POST',
    '/bulk?on_duplicate=update',
    format === 'csv' ? file : { contacts: file.data, on_duplicate: 'update' },
    {
      'Content-Type': type,
    },
  )
  expect(again.body.data).toMatchObject({ unchanged: 3, updated: 0 })
  const records = await gateway.db.prisma.consentRecord.findMany({
    where: { organizationId: other.organizationId },
    orderBy: { recordedAt: 'asc' },
  })
  expect(records.map(({ channel, source, origin, addressKey }) => [channel, source, origin, addressKey])).toEqual([
    ['email', 'web_form', 'import', 'ana@reed.example'],
    ['sms', 'paper', 'import', '+14155552671'],
    ['voice', 'phone_call', 'import', '+14155552671'],
    ...(records.at(-1)?.channel === 'push' ? ['email', 'push'] : ['push', 'email']).map((channel) =>
      channel === 'push' ? ['push', 'web_form', 'import', null] : ['email', 'unsubscribe_link', 'import', 'bob@reed.example'],
    ),
  ])
})

test('a preferences column says what an export says, and the state of one channel has a column of its own', async () => {
  const tenant = await withConsent()
  const fields = ['email', 'preferences', 'preferences.email', 'preferences.sms']
  const { body } = await tenant.rest('POST', '/export', { fields })
  expect(body.data).toEqual([
    {
      email: 'Ana@reed.example',
      preferences: {
        email: { state: 'opted_in', address: 'ana@reed.example', recorded_at: on(1), ...proof, lawful_basis: 'consent' },
        sms: { state: 'opted_in', address: '+14155552671', source: 'paper', recorded_at: on(2), text_version: 'terms, "2025"' },
        voice: { state: 'opted_out', address: '+14155552671', source: 'phone_call', recorded_at: on(3) },
      },
      'preferences.email': 'opted_in',
      'preferences.sms': 'opted_in',
    },
    expect.objectContaining({ 'preferences.email': 'opted_out', 'preferences.sms': 'unknown' }),
    { email: 'cyd@reed.example', preferences: {}, 'preferences.email': 'unknown', 'preferences.sms': 'unknown' },
  ])
  const csv = await tenant.rest('POST', '/export', { format: 'csv', fields: ['email', 'preferences.email', 'preferences.sms'] })
  const other = await gateway.organization()
  const job = await other.rest('POST', '/bulk', csv.body, { 'Content-Type': 'text/csv' })
  expect(job.body.data.warnings).toMatchObject([
    { code: 'NO_NAME_OR_PHONE' },
    { code: 'CONSENT_WITHOUT_PROOF', column: 'preferences.email', count: 1 },
    { code: 'CONSENT_WITHOUT_PROOF', column: 'preferences.sms', count: 1 },
  ])
  const states = (await other.rest('POST', '/export', { fields: ['preferences.email'] })).body.data
  expect(states).toEqual([{ 'preferences.email': 'unknown' }, { 'preferences.email': 'opted_out' }, { 'preferences.email': 'unknown' }])
})

test('no opt-in of a file beats an opt-out that is on record, and none counts without proof or at another address', async () => {
  const source = await withConsent()
  const file = (await source.rest('POST', '/export', { format: 'csv' })).body
  const tenant = await gateway.organization()
  const ana = await givenContact(tenant, { email: 'ana@reed.example' })
  await change(tenant, ana, { channel: 'email', state: 'opted_out', recorded_at: on(5) })
  const preview = await tenant.rest('POST', '/bulk/preview?on_duplicate=update', file, { 'Content-Type': 'text/csv' })
  const job = await tenant.rest('POST', '/bulk?on_duplicate=update', file, { 'Content-Type': 'text/csv' })
  expect(job.body.data.warnings).toMatchObject([{ code: 'OPT_OUT_KEPT', field: 'email', count: 1, rows: [1] }])
  expect(preview.body.data.warnings).toEqual(job.body.data.warnings)
  const contacts = [
    { email: 'dee@reed.example', preferences: { email: { state: 'opted_in', recorded_at: on(1), source: 'web_form' } } },
    { email: 'eve@reed.example', preferences: { email: { state: 'opted_in', address: 'old@reed.example', ...proof } } },
    { email: 'fay@reed.example', preferences: { email: 'opted_out', sms: 'unknown' } },
    { email: 'gus@reed.example', preferences: { email: { state: 'opted_in', address: 'nobody', ...proof } } },
    { email: 'hal@reed.example', preferences: { colour: 'red' } },
  ]
  const { body } = await tenant.rest('POST', '/bulk', { contacts })
  expect(body.data).toMatchObject({
    created: 5,
    warnings: [
      { code: 'NO_NAME_OR_PHONE' },
      { code: 'CONSENT_WITHOUT_PROOF', column: 'preferences', rows: [1] },
      { code: 'VALUE_NOT_UNDERSTOOD', column: 'preferences.email', rows: [4] },
    ],
  })
  const { data } = (await tenant.rest('POST', '/export', { fields: ['email', 'preferences.email', 'custom_attributes'], sort: 'email' }))
    .body
  expect(data.map((row: Record<string, unknown>) => [row['email'], row['preferences.email']])).toEqual([
    ['Ana@reed.example', 'opted_out'],
    ['bob@reed.example', 'opted_out'],
    ['cyd@reed.example', 'unknown'],
    ['dee@reed.example', 'unknown'],
    ['eve@reed.example', 'unknown'],
    ['fay@reed.example', 'opted_out'],
    ['gus@reed.example', 'unknown'],
    ['hal@reed.example', 'unknown'],
  ])
  expect(data.at(-1).custom_attributes).toEqual({ preferences: { colour: 'red' } })
})
