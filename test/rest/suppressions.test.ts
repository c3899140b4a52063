import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordActivities } from '../../src/domain/activities/commands.ts'
import type { MessageInput } from '../../src/domain/activities/messages.ts'
import { getSendDecision } from '../../src/domain/sending/queries.ts'
import { givenContact } from '../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const decide = `query ($id: ID!) { sendDecision(contactId: $id, channel: SMS, category: TRANSACTIONAL) { allowed reasons { code } } }`

test('a suppressed address gets nothing, whichever contact has it, until it is lifted with a reason', async () => {
  const tenant = await gateway.organization()
  const put = await tenant.rest('POST', '/suppressions', { addresses: ['+1 415 555 2671', 'nonsense'], note: 'Asked by phone.' })
  expect(put.body.data).toMatchObject({
    suppressed: [{ address: '+14155552671', reason: 'manual', note: 'Asked by phone.' }],
    failed: [{ index: 1, code: 'INVALID_PHONE_NUMBER' }],
  })
  const [{ id }] = put.body.data.suppressed
  const contactId = await givenContact(tenant, { phone: '+14155552671' })
  const ask = async () => (await tenant.gql(decide, { id: contactId })).body.data.sendDecision
  expect(await ask()).toEqual({ allowed: false, reasons: [{ code: 'SUPPRESSED' }] })
  expect((await tenant.rest('GET', '/suppressions?address=%2B14155552671')).body.data).toMatchObject([{ id, lifted_at: null }])
  expect((await tenant.rest('GET', '/suppressions.csv')).body).toContain('+14155552671')

  expect(await tenant.rest('POST', `/suppressions/${id}/lift`, { reason: ' ' })).toMatchObject({ status: 422 })
  const other = await gateway.organization()
  expect(await other.rest('POST', `/suppressions/${id}/lift`, { reason: 'Mine?' })).toMatchObject({ status: 404 })
  expect((await other.rest('GET', '/suppressions')).body.data).toEqual([])
  const lifted = await tenant.rest('POST', `/suppressions/${id}/lift`, { reason: 'Wrong number.' })
  expect(lifted.body.data).toMatchObject({ id, lifted_at: expect.any(String) })
  expect(await ask()).toEqual({ allowed: true, reasons: [] })
  expect((await tenant.rest('GET', '/suppressions')).body.data).toEqual([])
  const actions = await gateway.db.prisma.auditEntry.findMany({
    where: { subjectId: id },
    orderBy: { occurredAt: 'asc' },
    select: { action: true },
  })
  expect(actions.map(({ action }) => action).toSorted()).toEqual(['suppression.added', 'suppression.lifted'])
})

test('a block stays with the address after the contact is deleted, and ends when the new contact is unblocked', async () => {
  const tenant = await gateway.organization()
  const first = await givenContact(tenant, { phone: '+14155552672' })
  await tenant.rest('POST', `/${first}/block`, { reason: 'Threats.' })
  await tenant.rest('DELETE', `/${first}`)
  const second = await givenContact(tenant, { phone: '+14155552672' })
  const blocked = (await tenant.rest('GET', '/blocked')).body.data
  expect(blocked).toMatchObject([{ id: second, is_blocked: true, block: { reason: 'Threats.' } }])
  await tenant.rest('POST', `/${second}/unblock`, { reason: 'Sorted out.' })
  await tenant.rest('DELETE', `/${second}`)
  const third = await givenContact(tenant, { phone: '+14155552672' })
  expect((await tenant.gql(decide, { id: third })).body.data.sendDecision.allowed).toBe(true)
})

test('the map that GET answers can be put back, and changes only what differs', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const before = (await tenant.rest('GET', `/${id}/preferences`)).body.data
  const same = await tenant.rest('PUT', `/${id}/preferences`, before)
  expect([same.status, same.body.data]).toEqual([200, before])
  const preferences = { ...before.preferences, email: 'opted_out' }
  const changed = await tenant.rest('PUT', `/${id}/preferences`, { ...before, preferences, source: 'crm' })
  expect(changed.body.data).toMatchObject({ preferences, records: [{ channel: 'email', state: 'opted_out', source: 'crm' }] })
  const unknown = await tenant.rest('PUT', `/${id}/preferences`, { preferences: { email: 'unknown' } })
  expect([unknown.status, unknown.body.error]).toMatchObject([422, { code: 'VALIDATION_ERROR', details: { field: 'preferences.email' } }])
})

test('a topic opt-out leaves the channel, and a topic of another organization is unknown', async () => {
  const tenant = await gateway.organization()
  const upsert = `mutation ($input: UpsertTopicInput!) { upsertTopic(input: $input) { ... on UpsertTopicPayload { topic { id key } } ... on Error { code } } }`
  const made = await tenant.gql(upsert, { input: { key: 'news', name: 'News', channels: ['EMAIL'], defaultState: 'SUBSCRIBED' } })
  expect(made.body.data.upsertTopic.topic.key).toBe('news')
  const id = await givenContact(tenant)
  const proof = { source: 'web_form', text_version: 'v1' }
  const at = (minute: number) => `2026-02-01T00:0${minute}:00Z`
  await tenant.rest('PUT', `/${id}/preferences`, { changes: [{ channel: 'email', state: 'opted_in', recorded_at: at(1), ...proof }] })
  const decision = async (topic: string | null) => {
    const query = `query ($id: ID!, $topic: String) { sendDecision(contactId: $id, channel: EMAIL, category: MARKETING, topic: $topic) { reasons { code } } }`
    return (await tenant.gql(query, { id, topic })).body.data.sendDecision?.reasons.map(({ code }: { code: string }) => code)
  }
  expect([await decision(null), await decision('news')]).toEqual([[], []])
  await tenant.rest('PUT', `/${id}/preferences`, { changes: [{ channel: 'email', topic: 'news', state: 'opted_out', recorded_at: at(2) }] })
  expect([await decision(null), await decision('news')]).toEqual([[], ['OPTED_OUT']])
  const topics = await tenant.gql('query ($id: ID!) { contact(id: $id) { topics { topic { key } preferences { channel state } } } }', {
    id,
  })
  expect(topics.body.data.contact.topics).toEqual([{ topic: { key: 'news' }, preferences: [{ channel: 'EMAIL', state: 'OPTED_OUT' }] }])

  const other = await gateway.organization()
  const stranger = await givenContact(other)
  const foreign = await other.rest('PUT', `/${stranger}/preferences`, {
    changes: [{ channel: 'email', topic: 'news', state: 'opted_out' }],
  })
  expect([foreign.status, foreign.body.error]).toMatchObject([422, { code: 'VALIDATION_ERROR', details: { field: 'changes.0.topic' } }])
})

test('a complaint is an opt-out and a suppression, and a bounce makes the address unreachable until a message arrives', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, { email: 'ines@example.com' })
  const report = (externalId: string, more: object) =>
    tenant.gql(
      'mutation ($activities: [ActivityInput!]!) { recordActivities(input: { activities: $activities }) { ... on RecordActivitiesPayload { outcomes { status message } } } }',
      { activities: [{ message: { contact: { id }, channel: 'EMAIL', direction: 'OUTBOUND', externalId, ...more } }] },
    )
  const reasons = async () =>
    (
      await tenant.gql('query ($id: ID!) { sendDecision(contactId: $id, channel: EMAIL, category: SERVICE) { reasons { code } } }', { id })
    ).body.data.sendDecision.reasons.map(({ code }: { code: string }) => code)
  await report('a', { occurredAt: '2026-02-01T00:00:00Z', failureReason: 'HARD_BOUNCE' })
  expect(await reasons()).toEqual(['ADDRESS_UNREACHABLE'])
  await report('b', { occurredAt: '2026-02-02T00:00:00Z', status: 'DELIVERED' })
  expect(await reasons()).toEqual([])
  await report('b', { occurredAt: '2026-02-02T00:00:00Z', failureReason: 'COMPLAINT' })
  await report('b', { occurredAt: '2026-02-02T00:00:00Z', failureReason: 'COMPLAINT' })
  expect((await reasons()).toSorted()).toEqual(['OPTED_OUT', 'SUPPRESSED'])
  expect((await tenant.rest('GET', `/${id}/preferences`)).body.data.records).toMatchObject([{ state: 'opted_out', source: 'complaint' }])
})

test('a bounce makes the address unreachable for the contact that gets it, in the same organization, until a message arrives there', async () => {
  const [tenant, other] = [await gateway.organization(), await gateway.organization()]
  const email = 'bounced@example.com'
  const report = (minutes: number, more: Partial<MessageInput>) => {
    const occurredAt = new Date(gateway.clock.now.getTime() + minutes * 60_000)
    return recordActivities(tenant.context, [
      { message: { contact: { email }, channel: 'email', direction: 'outbound', occurredAt, ...more } },
    ])
  }
  const reasons = async ({ context }: Tenant, id: string) =>
    (await getSendDecision(context, id, { channel: 'email', category: 'service' })).reasons.map(({ code }) => code)
  const [first, foreign] = [await givenContact(tenant, { email }), await givenContact(other, { email })]
  await report(-9, { failureReason: 'hard_bounce' })
  await tenant.rest('DELETE', `/${first}`)
  const next = await givenContact(tenant, { email })
  expect([await reasons(tenant, next), await reasons(other, foreign)]).toEqual([['ADDRESS_UNREACHABLE'], []])
  await report(-1, { status: 'delivered' })
  expect(await reasons(tenant, next)).toEqual([])
})

const csv = { 'Content-Type': 'text/csv' }

test('a list can be downloaded and uploaded to another organization, and again without a change', async () => {
  const [tenant, other] = [await gateway.organization(), await gateway.organization()]
  await tenant.gql('mutation { upsertTopic(input: { key: "news", name: "News" }) { __typename } }')
  await other.gql('mutation { upsertTopic(input: { key: "news", name: "News" }) { __typename } }')
  const holder = await givenContact(other, { email: 'asked@example.com' })
  await tenant.rest('POST', '/suppressions', { addresses: ['+14155552671', 'ines@example.com'], note: 'Said "no", twice' })
  const optOut = 'mutation ($input: OptOutInput!) { optOut(input: $input) { __typename } }'
  await tenant.gql(optOut, { input: { contact: { email: 'asked@example.com' } } })
  await tenant.gql(optOut, { input: { contact: { phone: '+14155552672' }, channels: ['SMS'], topic: 'news' } })
  const { body: list } = await tenant.rest('GET', '/suppressions.csv')
  expect(list).toContain('address,channels,reason,topic,since,note')
  const first = await other.rest('POST', '/suppressions.csv', list, csv)
  expect([first.status, first.body.data]).toEqual([200, { rows: 5, suppressed: 5, failed_rows: 0, failed: [] }])
  expect((await other.rest('GET', '/suppressions.csv')).body.split('\r\n').toSorted()).toEqual(list.split('\r\n').toSorted())
  // What lists show follows.
  expect((await other.rest('GET', `/${holder}/preferences`)).body.data.preferences.email).toBe('opted_out')
  const again = await other.gql(
    'mutation ($csv: String!) { importSuppressions(input: { csv: $csv }) { ... on ImportSuppressionsPayload { rows suppressed failedRows } } }',
    { csv: list },
  )
  expect(again.body.data.importSuppressions).toEqual({ rows: 5, suppressed: 0, failedRows: 0 })
})

test('a bad row of an uploaded list does not lose the others, and a file without addresses is refused', async () => {
  const tenant = await gateway.organization({ defaultCountry: 'US' })
  const file = 'Phone;Channels;Reason;Created\n(415) 555-2673;sms;bounced;2026-01-02\nnonsense;;;\n4155552674;email;;\n4155552675;;;\n'
  const { body } = await tenant.rest('POST', '/suppressions.csv', file, csv)
  expect(body.data).toMatchObject({
    rows: 4,
    suppressed: 3,
    failed_rows: 2,
    failed: [
      { row: 2, code: 'INVALID_PHONE_NUMBER' },
      { row: 3, code: 'VALIDATION_ERROR' },
    ],
  })
  const listed = (await tenant.rest('GET', '/suppressions?address=4155552673')).body.data
  const entry = { reason: 'imported', since: '2026-01-02T00:00:00.000Z' }
  expect(listed).toMatchObject([entry, entry])
  expect(listed.flatMap((one: { channels: string[] }) => one.channels).toSorted()).toEqual(['rcs', 'sms'])
  const refused = await tenant.rest('POST', '/suppressions.csv', 'name\nInes\n', csv)
  expect([refused.status, refused.body.error.details.field]).toEqual([422, 'file'])
  expect((await tenant.rest('POST', '/suppressions.csv', { csv: 'email\nines@example.com\n' })).body.data).toMatchObject({ suppressed: 1 })
  expect((await tenant.rest('POST', '/suppressions.csv', {})).status).toBe(422)
  const reader = await tenant.withScopes('contacts:read', 'contacts:write')
  expect((await reader.rest('POST', '/suppressions.csv', file, csv)).body.error.code).toBe('INSUFFICIENT_PERMISSIONS')
})
