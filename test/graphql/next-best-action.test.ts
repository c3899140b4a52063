import { afterAll, beforeAll, expect, test } from 'vitest'
import { learnReplyHabits, learnStaleHabits } from '../../src/domain/next-best-action/commands.ts'
import { updateOrganizationSettings } from '../../src/domain/organizations/commands.ts'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { givenActivities, givenContact, givenContacts, givenMessages, givenRule } from '../support/factories.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const ago = (hours: number) => new Date(noon.getTime() - hours * 3_600_000)

interface Suggestion {
  readonly id: string
  readonly about: { kind: string; subjectId: string; title: string | null } | null
  readonly action: string
  readonly channel: string | null
  readonly category: string | null
  readonly score: number
  readonly confidence: number
  readonly reasons: { code: string; message: string; weight: number }[]
  readonly suggestedAt: string
  readonly expiresAt: string
}

const suggestions = async (tenant: Tenant, id: string, first = 20): Promise<Suggestion[]> => {
  const { body } = await tenant.gql(
    `query ($id: ID!, $first: Int!) { contact(id: $id) { nextBestActions(first: $first) {
      id action channel category score confidence reasons { code message weight } suggestedAt expiresAt model about { kind subjectId title } } } }`,
    { id, first },
  )
  return body.data?.contact?.nextBestActions ?? body.errors
}

test('a contact that wrote is answered on that channel, as soon as it is allowed, the same in both APIs', async () => {
  const tenant = await gateway.organization()
  await updateOrganizationSettings(tenant.context, { quietHours: true })
  const id = await givenContact(tenant, { phone: '+14155552671', timezone: 'America/Los_Angeles' })
  await givenMessages(tenant, id, [{ occurredAt: ago(3), direction: 'inbound' }])
  const suggested = await suggestions(tenant, id)
  // Noon in UTC is four in the morning in Los Angeles, but an answer within a day passes quiet hours.
  expect(suggested[0]).toEqual({
    id: expect.stringMatching(/^nba_/),
    action: 'REPLY_TO_MESSAGE',
    channel: 'SMS',
    category: 'SERVICE',
    score: expect.closeTo(80.85, 2),
    confidence: expect.any(Number),
    reasons: [
      { code: 'UNANSWERED_MESSAGE', message: 'Wrote by text message 3 hours ago and has not been answered.', weight: 80 },
      { code: 'WAITING', message: 'What waits longer is more urgent.', weight: expect.closeTo(0.85, 2) },
    ],
    suggestedAt: noon.toISOString(),
    expiresAt: '2026-03-02T12:00:00.000Z',
    model: 'expected-value/2',
    about: { kind: 'MESSAGE', subjectId: expect.stringMatching(/^msg_/), title: null },
  })
  const { body } = await tenant.rest('GET', `/${id}/next-best-action`)
  expect(body.data).toMatchObject({ contact_id: id, generated_at: noon.toISOString(), model: 'expected-value/2' })
  expect(body.data.suggestions).toHaveLength(suggested.length)
  expect(body.data.suggestions[0]).toMatchObject({
    id: suggested[0]?.id,
    action: 'reply_to_message',
    channel: 'sms',
    suggested_at: noon.toISOString(),
    expires_at: '2026-03-02T12:00:00.000Z',
    about: { kind: 'message', subject_id: suggested[0]?.about?.subjectId, title: null },
  })
})

test('after a day, quiet hours hold for an answer too', async () => {
  const tenant = await gateway.organization()
  await updateOrganizationSettings(tenant.context, { quietHours: true })
  const id = await givenContact(tenant, { phone: '+14155552671', timezone: 'America/Los_Angeles' })
  await givenMessages(tenant, id, [{ occurredAt: ago(30), direction: 'inbound' }])
  const [first] = await suggestions(tenant, id)
  expect(first).toMatchObject({ action: 'REPLY_TO_MESSAGE', suggestedAt: '2026-03-01T16:00:00.000Z' })
  expect(first?.reasons.map(({ code }: { code: string }) => code)).toContain('NOT_ALLOWED_YET')
})

test('what is open comes first: a missed call, an open ticket; once done, it is gone', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, { phone: '+493023125017', email: 'open@example.com' })
  const row = { organizationId: tenant.organizationId, contactId: id, createdAt: noon, updatedAt: noon }
  await gateway.db.prisma.call.create({
    data: { ...row, id: 'call_00000000000000000000000001', direction: 'inbound', status: 'missed', occurredAt: ago(2) },
    select: { id: true },
  })
  await gateway.db.prisma.ticket.create({
    data: { ...row, id: 'tkt_00000000000000000000000001', subject: 'Broken', status: 'open', priority: 'urgent', occurredAt: ago(50) },
    select: { id: true },
  })
  expect((await suggestions(tenant, id, 2)).map(({ action, channel }) => [action, channel])).toEqual([
    ['FOLLOW_UP_TICKET', expect.stringMatching(/^(?:EMAIL|SMS)$/)],
    ['RETURN_CALL', 'VOICE'],
  ])
  await gateway.db.prisma.call.create({
    data: { ...row, id: 'call_00000000000000000000000002', direction: 'outbound', status: 'answered', occurredAt: ago(1) },
    select: { id: true },
  })
  await gateway.db.prisma.ticket.updateMany({ where: { contactId: id }, data: { status: 'solved', closedAt: ago(1) } })
  const named = (await suggestions(tenant, id)).map(({ action }) => action)
  expect(named).not.toContain('RETURN_CALL')
  expect(named).not.toContain('FOLLOW_UP_TICKET')
})

test('marketing is suggested where there is an opt-in only, at the hour and on the channel that are answered', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, {
    phone: '+493023125017',
    email: 'habits@example.com',
    timezone: 'Europe/Berlin',
    lifecycleStage: 'qualified',
  })
  const marketing = async () => (await suggestions(tenant, id)).find(({ action }) => action === 'NURTURE')
  expect(await marketing()).toBeUndefined()
  await setPreferences(tenant.context, id, [
    { channel: 'sms', state: 'opted_in' },
    { channel: 'email', state: 'opted_in' },
  ])
  for (let week = 2; week < 12; week += 1) {
    // Text messages at seven in the evening are answered, mails in the morning are not.
    const evening = new Date(`2026-${week < 9 ? '02' : '01'}-${String(28 - 2 * week).padStart(2, '0')}T18:00:00Z`)
    await givenMessages(tenant, id, [
      { occurredAt: evening },
      { occurredAt: new Date(evening.getTime() + 600_000), direction: 'inbound' },
      { occurredAt: new Date(evening.getTime() - 9 * 3_600_000), channel: 'email' },
    ])
  }
  const suggested = await marketing()
  expect(suggested).toMatchObject({ channel: 'SMS', category: 'MARKETING' })
  // Hours beside it are as good: the mails of the morning were in vain.
  expect([16, 17, 18, 19]).toContain(new Date(suggested?.suggestedAt ?? '').getUTCHours())
  expect(suggested?.reasons.map(({ message }) => message)).toContain(
    'Answered 10 of 10 messages by text message, mostly when sent in the evening.',
  )
  expect(suggested?.reasons.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['LIFECYCLE_STAGE', 'ANSWERS_ON_CHANNEL', 'ANSWERS_AT_HOUR']),
  )
  await givenRule(tenant, { name: 'None for now', channel: 'sms', limit: 1, windowSeconds: 365 * 86_400 })
  expect(await marketing()).toMatchObject({ channel: 'EMAIL' })
})

test('a blocked contact is left in peace, and a number of suggestions that is none is refused', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  await gateway.db.prisma.contact.updateMany({ where: { id }, data: { blockedAt: noon } })
  expect((await suggestions(tenant, id)).map(({ action, reasons }) => [action, reasons.map(({ code }) => code)])).toEqual([
    ['WAIT', ['BLOCKED']],
  ])
  for (const first of [0, 21])
    expect(await suggestions(tenant, id, first)).toMatchObject([{ extensions: { code: 'VALIDATION_ERROR', field: 'first' } }])
})

test('habits are learned once a day, and again when much history has been recorded since', async () => {
  const tenant = await gateway.organization()
  const learner = { where: { organizationId: tenant.organizationId } }
  await learnStaleHabits(gateway.db, noon)
  expect(await gateway.db.prisma.replyHabits.findUnique(learner)).toMatchObject({ learnedAt: noon })
  const id = await givenContact(tenant)
  await givenMessages(
    tenant,
    id,
    Array.from({ length: 40 }, (_, index) => ({ occurredAt: ago(200 + index), channel: 'email' as const })),
  )
  await learnStaleHabits(gateway.db, new Date(noon.getTime() + 3_600_000))
  expect(await gateway.db.prisma.replyHabits.findUnique(learner)).toMatchObject({ learnedAt: noon })
  // Much new history is not left for a day, however old the activities are that are recorded.
  const fields = { channel: 'email', direction: 'outbound', category: 'marketing', status: 'sent' } as const
  const old = Array.from({ length: 20 }, (_, index) => ({ message: { ...fields, occurredAt: ago(24 * (30 + index)) } }))
  await givenActivities(tenant, id, old)
  const later = new Date(noon.getTime() + 7_200_000)
  await learnStaleHabits(gateway.db, later)
  expect(await gateway.db.prisma.replyHabits.findUnique(learner)).toMatchObject({ learnedAt: later })
  await learnReplyHabits(gateway.db, tenant.organizationId, noon)
  const stored = await gateway.db.prisma.replyHabits.findUnique(learner)
  expect(stored?.habits).toMatchObject({ counts: { email: { sent: 60, answered: 0 } }, channelsInUse: ['email'] })
})

test('25 contacts with preferences, caps with usage and three actions each cost a fixed number of statements', async () => {
  const tenant = await gateway.organization()
  const ids = await givenContacts(
    tenant,
    Array.from({ length: 25 }, () => ({})),
  )
  await givenRule(tenant, { limit: 3 })
  for (const id of ids)
    await givenMessages(tenant, id, [
      { occurredAt: ago(2), channel: 'email' },
      { occurredAt: ago(1), channel: 'email', direction: 'inbound' },
    ])
  const ask = (first: number) =>
    tenant.gql(`{ contacts(first: ${first}) { nodes {
      preferences { channel state } frequencyCaps { globalCaps { name usage { used remaining resetsAt } } }
      nextBestActions(first: 3) { action channel score reasons { message weight } suggestedAt } } } }`)
  const [one, many] = [await ask(1), await ask(25)]
  expect(many.body.data.contacts.nodes).toHaveLength(25)
  for (const node of many.body.data.contacts.nodes) {
    expect(node.preferences).toHaveLength(11)
    expect(node.frequencyCaps.globalCaps[0].usage.used).toBe(1)
    expect(node.nextBestActions[0].action).toBe('REPLY_TO_MESSAGE')
  }
  // Contacts with preferences 1, caps 2, actions 10, one of them because no habits have been learned.
  expect(many.statements).toHaveLength(13)
  expect(one.statements).toHaveLength(13)
})
