import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import type { PreferenceChange } from '../../src/domain/preferences/rules.ts'
import { givenContact, givenContacts } from '../support/factories.ts'
import { type TestGateway, noon, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const set = `mutation ($input: SetPreferencesInput!) { setPreferences(input: $input) {
  __typename ... on SetPreferencesPayload { preferences { channel state } records { channel state recordedBy } }
  ... on ConsentNeedsProof { field expected } ... on InvalidInput { field expected } ... on Error { code message } } }`

test('a contact without records is unknown on all eleven channels', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const { body } = await tenant.gql('query ($id: ID!) { contact(id: $id) { preferences { channel state recordedAt record { id } } } }', {
    id,
  })
  const channels = ['EMAIL', 'FAX', 'INSTAGRAM', 'LINE', 'MESSENGER', 'PUSH', 'RCS', 'SMS', 'VIBER', 'VOICE', 'WHATSAPP']
  expect(body.data.contact.preferences).toEqual(channels.map((channel) => ({ channel, state: 'UNKNOWN', recordedAt: null, record: null })))
})

test('the latest statement counts, an older one joins the ledger, and the proof is kept', async () => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant)
  const change = (state: string, recordedAt: string, more = {}) =>
    tenant.gql(set, { input: { contactId, changes: [{ channel: 'SMS', state, recordedAt, ...more }] } })
  const proof = { source: 'web_form', lawfulBasis: 'CONSENT', purpose: null, textVersion: 'v2', proofUrl: 'https://example.com/p/1' }
  await change('OPTED_IN', '2026-02-01T10:00:00Z', proof)
  const older = await change('OPTED_OUT', '2026-01-01T10:00:00Z')
  expect(older.body.data.setPreferences).toMatchObject({
    preferences: expect.arrayContaining([{ channel: 'SMS', state: 'OPTED_IN' }]),
    records: [{ channel: 'SMS', state: 'OPTED_OUT', recordedBy: 'Test key' }],
  })
  const { body } = await tenant.gql(
    `query ($id: ID!) { contact(id: $id) {
      preferences { channel state recordedAt record { source lawfulBasis purpose textVersion proofUrl recordedBy createdAt } }
      consentRecords(first: 1) { totalCount nodes { state recordedAt } pageInfo { hasNextPage endCursor } } } }`,
    { id: contactId },
  )
  const { preferences, consentRecords } = body.data.contact
  expect(preferences.find((preference: { channel: string }) => preference.channel === 'SMS')).toEqual({
    channel: 'SMS',
    state: 'OPTED_IN',
    recordedAt: '2026-02-01T10:00:00.000Z',
    record: { ...proof, recordedBy: 'Test key', createdAt: noon.toISOString() },
  })
  expect(consentRecords).toMatchObject({
    totalCount: 2,
    nodes: [{ state: 'OPTED_IN', recordedAt: '2026-02-01T10:00:00.000Z' }],
    pageInfo: { hasNextPage: true },
  })
  const rest = await tenant.gql(
    'query ($id: ID!, $after: String) { contact(id: $id) { consentRecords(after: $after) { nodes { state } } } }',
    { id: contactId, after: consentRecords.pageInfo.endCursor },
  )
  expect(rest.body.data.contact.consentRecords.nodes).toEqual([{ state: 'OPTED_OUT' }])
})

test('whatever the order in which records arrive, and however many at a time, they come down to the same', async () => {
  const tenant = await gateway.organization()
  const record = fc.record({
    channel: fc.constantFrom('sms', 'email'),
    state: fc.constantFrom('opted_in' as const, 'opted_out' as const),
    source: fc.constant('web_form'),
    textVersion: fc.constant('v1'),
    recordedAt: fc.integer({ min: 0, max: 3 }).map((days) => new Date(noon.getTime() - days * 86_400_000)),
  })
  const orders = fc
    .array(record, { minLength: 1, maxLength: 6 })
    .chain((records) =>
      fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length }), fc.integer({ min: 1, max: 6 })),
    )
  const settled = async (changes: readonly PreferenceChange[], size: number) => {
    const contactId = await givenContact(tenant)
    for (let from = 0; from < changes.length; from += size)
      await setPreferences(tenant.context, contactId, changes.slice(from, from + size))
    const rows = await gateway.db.prisma.channelPreference.findMany({
      where: { contactId, channel: { not: 'rcs' } },
      orderBy: { channel: 'asc' },
    })
    return rows.map(({ channel, state, recordedAt }) => ({ channel, state, recordedAt }))
  }
  await fc.assert(
    fc.asyncProperty(orders, async ([records, shuffled, size]) => {
      const expected = (['email', 'sms'] as const).flatMap((channel) => {
        const own = records.filter((entry) => entry.channel === channel)
        const recordedAt = new Date(Math.max(...own.map((entry) => entry.recordedAt.getTime())))
        const last = own.filter((entry) => entry.recordedAt.getTime() === recordedAt.getTime())
        const state = last.some((entry) => entry.state === 'opted_out') ? 'opted_out' : 'opted_in'
        return own.length === 0 ? [] : [{ channel, state, recordedAt }]
      })
      expect(await settled(records, 1)).toEqual(expected)
      expect(await settled(shuffled, size)).toEqual(expected)
    }),
    { numRuns: 25 },
  )
})

test.each([
  [{ state: 'UNKNOWN' }, 'changes.0.state', /^Nothing can be put on record as unknown/],
  [{ recordedAt: '2026-03-01T12:05:00.001Z' }, 'changes.0.recordedAt', 'Consent cannot have been given in the future.'],
  [{ validUntil: '2026-03-01T12:00:00.000Z' }, 'changes.0.validUntil', 'This consent has ended already.'],
  [{ topic: 'news' }, 'changes.0.topic', 'There is no such topic. The organization has none yet: create one with upsertTopic.'],
  [{ address: 'stranger@example.com', channel: 'EMAIL' }, 'changes.0.address', 'The contact does not have this address.'],
  [{ proofUrl: 'file:///etc/passwd' }, 'changes.0.proofUrl', 'This is not the URL of a proof.'],
  [{ source: 'x'.repeat(101) }, 'changes.0.source', /is 101 characters long/],
])('a change with %j is refused', async (wrong, field, message) => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant)
  const { body } = await tenant.gql(set, { input: { contactId, changes: [{ channel: 'SMS', state: 'OPTED_IN', ...wrong }] } })
  expect(body.data.setPreferences).toMatchObject({
    code: 'VALIDATION_ERROR',
    field,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  })
  expect(await gateway.db.prisma.consentRecord.count({ where: { contactId } })).toBe(0)
})

test('no change, a lawful basis that does not exist, and a deleted contact are refused', async () => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant)
  expect((await tenant.gql(set, { input: { contactId, changes: [] } })).body.data.setPreferences).toMatchObject({ field: 'changes' })
  const basis = await tenant.gql(set, { input: { contactId, changes: [{ channel: 'SMS', state: 'OPTED_IN', lawfulBasis: 'WHIM' }] } })
  expect(basis.body.errors[0].extensions.code).toBe('VALIDATION_ERROR')
  await tenant.rest('DELETE', `/${contactId}`)
  const deleted = await tenant.gql(set, { input: { contactId, changes: [{ channel: 'SMS', state: 'OPTED_IN' }] } })
  expect(deleted.body.data.setPreferences).toMatchObject({ __typename: 'NotFound', code: 'NOT_FOUND' })
})

test('preferences come with their contacts; the ledgers of many cost one statement, and so do the entries that decide', async () => {
  const tenant = await gateway.organization()
  const ids = await givenContacts(
    tenant,
    Array.from({ length: 12 }, () => ({})),
  )
  for (const id of ids) await setPreferences(tenant.context, id, [{ channel: 'email', state: 'opted_in' }])
  const ask = (first: number) =>
    tenant.gql(
      `{ contacts(first: ${first}) { nodes { preferences { channel state record { source } } consentRecords(first: 2) { nodes { id } } } } }`,
    )
  const [few, many] = [await ask(2), await ask(12)]
  expect(
    many.body.data.contacts.nodes.every((node: { consentRecords: { nodes: unknown[] } }) => node.consentRecords.nodes.length === 1),
  ).toBe(true)
  expect(few.statements).toHaveLength(3)
  expect(many.statements).toHaveLength(3)
})

test('a key that may only write sees what it wrote', async () => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant)
  const writer = await tenant.withScopes('contacts:write')
  const written = await writer.gql(set, { input: { contactId, changes: [{ channel: 'PUSH', state: 'OPTED_IN' }] } })
  expect(written.body.data.setPreferences.preferences).toContainEqual({ channel: 'PUSH', state: 'OPTED_IN' })
  const reader = await tenant.withScopes('contacts:read')
  const refused = await reader.gql(set, { input: { contactId, changes: [{ channel: 'PUSH', state: 'OPTED_IN' }] } })
  expect(refused.body.errors[0].extensions.code).toBe('INSUFFICIENT_PERMISSIONS')
})
