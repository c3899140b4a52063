import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, noon, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const channels = ['email', 'fax', 'instagram', 'line', 'messenger', 'push', 'rcs', 'sms', 'viber', 'voice', 'whatsapp']
const unknown = Object.fromEntries(channels.map((channel) => [channel, 'unknown']))

test('preferences are put on record and read again', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  expect(await tenant.rest('GET', `/${id}/preferences`)).toMatchObject({
    status: 200,
    body: { data: { contact_id: id, preferences: unknown, records: [] } },
  })
  const changes = [
    {
      channel: 'SMS',
      state: 'opted_in',
      source: 'store',
      lawful_basis: 'consent',
      proof_url: 'https://example.com/1',
      recorded_at: '2026-02-01T00:00:00+01:00',
    },
    { channel: 'email', state: 'opted_out' },
  ]
  const put = await tenant.rest('PUT', `/${id}/preferences`, { changes })
  const record = { id: expect.stringMatching(/^cns_/), purpose: null, text_version: null, recorded_by: 'Test key' }
  const absent = { topic_id: null, valid_until: null, external_id: null, origin: 'reported', message_id: null }
  const expected = {
    contact_id: id,
    preferences: { ...unknown, sms: 'opted_in', email: 'opted_out' },
    topics: [],
    records: [
      {
        ...record,
        ...absent,
        channel: 'email',
        state: 'opted_out',
        address: expect.stringMatching(/@example\.com$/),
        source: 'api',
        lawful_basis: null,
        proof_url: null,
        recorded_at: noon.toISOString(),
      },
      {
        ...record,
        ...absent,
        channel: 'sms',
        state: 'opted_in',
        address: null,
        source: 'store',
        lawful_basis: 'consent',
        proof_url: 'https://example.com/1',
        recorded_at: '2026-01-31T23:00:00.000Z',
      },
    ],
  }
  expect(put).toMatchObject({ status: 200 })
  expect(put.body.data).toEqual(expected)
  expect((await tenant.rest('GET', `/${id}/preferences`)).body.data).toEqual(expected)
})

test('consent that waits for a confirmation is reported as pending, and read as unknown with a mark', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const changes = [{ channel: 'email', state: 'pending', source: 'web_form', text_version: 'v1' }]
  const { body } = await tenant.rest('PUT', `/${id}/preferences`, { changes })
  expect(body.data).toMatchObject({
    preferences: { email: 'unknown' },
    records: [{ state: 'unknown', pending: true, source: 'web_form', text_version: 'v1' }],
  })
  const decision = await tenant.gql(
    'query ($id: ID!) { sendDecision(contactId: $id, channel: EMAIL, category: MARKETING) { reasons { code } } }',
    { id },
  )
  expect(decision.body.data.sendDecision.reasons).toEqual([{ code: 'UNCONFIRMED' }])
})

test.each([
  [{ channel: 'telex', state: 'opted_in' }, 'INVALID_CHANNEL', 'changes.0.channel', 'There is no channel telex.'],
  [
    { channel: 'sms', state: 'maybe' },
    'VALIDATION_ERROR',
    'changes.0.state',
    'The field changes.0.state is not one of opted_in, opted_out, unknown, pending.',
  ],
  [
    { channel: 'sms', state: 'opted_in', lawful_basis: 'whim' },
    'VALIDATION_ERROR',
    'changes.0.lawful_basis',
    /is not one of consent, contract/,
  ],
  [
    { channel: 'sms', state: 'opted_in', recorded_at: 'today' },
    'VALIDATION_ERROR',
    'changes.0.recorded_at',
    'This is not a date-time. Send ISO 8601 with an offset, such as 2026-03-01T09:30:00Z.',
  ],
  [
    { channel: 'sms', state: 'opted_in', recorded_at: '2027-01-01T00:00:00Z' },
    'VALIDATION_ERROR',
    'changes.0.recorded_at',
    /in the future/,
  ],
  [{ channel: 'sms' }, 'MISSING_REQUIRED_FIELD', 'changes.0.state', 'The field changes.0.state is missing.'],
])('%j is refused', async (change, code, field, message) => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const answer = await tenant.rest('PUT', `/${id}/preferences`, { changes: [change] })
  expect(answer).toMatchObject({ status: 422, body: { error: { code, details: { field } } } })
  expect(answer.body.error.message).toMatch(message)
})
