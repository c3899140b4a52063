import { afterAll, beforeAll, expect, test } from 'vitest'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { type GivenActivity, givenActivities, givenContact } from '../support/factories.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const ago = (hours: number) => new Date(noon.getTime() - hours * 3_600_000)

interface Suggested {
  readonly id: string
  readonly action: string
  readonly channel: string | null
  readonly about: { kind: string; subjectId: string; title: string | null } | null
}

async function suggestions(tenant: Tenant, id: string): Promise<Suggested[]> {
  const { body } = await tenant.gql(
    'query ($id: ID!) { contact(id: $id) { nextBestActions(first: 20) { id action channel about { kind subjectId title } } } }',
    { id },
  )
  return body.data.contact.nextBestActions
}
const open = async (tenant: Tenant, id: string) => (await suggestions(tenant, id)).filter(({ about }) => about !== null)
const actions = async (tenant: Tenant, id: string) => (await open(tenant, id)).map(({ action, channel }) => `${action} ${channel}`)

const inbound = (channel: 'whatsapp' | 'email' | 'sms', hours: number, more: object = {}): GivenActivity => ({
  message: { channel, direction: 'inbound', occurredAt: ago(hours), body: 'My order arrived broken. What now?', ...more },
})
const outbound = (channel: 'whatsapp' | 'email' | 'sms', hours: number, more: object = {}): GivenActivity => ({
  message: { channel, direction: 'outbound', occurredAt: ago(hours), body: 'Hello', ...more },
})

const reachable = () => ({ phone: '+493023125017', email: 'asks@example.com', timezone: 'Europe/Berlin' })

test.each<[string, GivenActivity]>([
  ['a receipt on its channel', outbound('whatsapp', 24, { category: 'transactional' })],
  ['a newsletter on its channel', outbound('whatsapp', 24, { category: 'marketing' })],
  ['a queued answer', outbound('whatsapp', 24, { status: 'queued' })],
  ['a failed answer', outbound('whatsapp', 24, { status: 'failed' })],
  ['an automated message', outbound('whatsapp', 24, { isAutomated: true })],
  ['a service message on another channel', outbound('email', 24)],
  ['a call that was not answered', { call: { direction: 'outbound', status: 'no_answer', occurredAt: ago(24) } }],
  ['an answer from before', outbound('whatsapp', 49)],
])('a question stays open after %s', async (_, activity) => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, reachable())
  await givenActivities(tenant, id, [inbound('whatsapp', 48), activity])
  expect(await actions(tenant, id)).toEqual(['REPLY_TO_MESSAGE WHATSAPP'])
})

test.each<[string, GivenActivity]>([
  ['an answer on its channel', outbound('whatsapp', 24)],
  ['a call to the contact that was answered', { call: { direction: 'outbound', status: 'answered', occurredAt: ago(24) } }],
  ['a call of the contact that was answered', { call: { direction: 'inbound', status: 'answered', occurredAt: ago(24) } }],
])('a question is closed by %s', async (_, activity) => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, reachable())
  await givenActivities(tenant, id, [inbound('whatsapp', 48), activity])
  expect(await actions(tenant, id)).toEqual([])
})

test('activities of a sender whose clock is ahead count at once, in the order in which they were recorded', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, reachable())
  const ahead = -4 / 60
  await givenActivities(tenant, id, [inbound('whatsapp', ahead)])
  expect(await actions(tenant, id)).toEqual(['REPLY_TO_MESSAGE WHATSAPP'])
  gateway.clock.now = new Date(noon.getTime() + 60_000)
  try {
    await givenActivities(tenant, id, [outbound('whatsapp', -1 / 60)])
    expect(await actions(tenant, id)).toEqual([])
    await givenActivities(tenant, id, [inbound('email', ahead)])
    expect(await actions(tenant, id)).toEqual(['REPLY_TO_MESSAGE EMAIL'])
  } finally {
    gateway.clock.now = noon
  }
})

test('automatic replies and courtesies are no questions, and a text with a question is one', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, reachable())
  await givenActivities(tenant, id, [
    inbound('email', 5, { isAutomatic: true }),
    inbound('email', 4, { subject: 'Automatic reply: Out of office' }),
    inbound('whatsapp', 3, { body: 'ok thanks 👍' }),
    inbound('sms', 2, { body: 'Thanks! When will it arrive?' }),
  ])
  expect(await actions(tenant, id)).toEqual(['REPLY_TO_MESSAGE SMS'])
})

test('all that is open is suggested: questions by channel, missed calls, and tickets that wait for the organization', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, reachable())
  const ids = await givenActivities(tenant, id, [
    inbound('email', 30, { subject: 'Contract' }),
    inbound('email', 20),
    inbound('whatsapp', 10),
    { call: { direction: 'inbound', status: 'missed', occurredAt: ago(48) } },
    { call: { direction: 'outbound', status: 'no_answer', occurredAt: ago(24) } },
    { ticket: { subject: 'Data loss', priority: 'urgent', occurredAt: ago(24 * 60) } },
    { ticket: { subject: 'Colour', priority: 'low', occurredAt: ago(24) } },
    { ticket: { subject: 'Waits for the contact', priority: 'urgent', status: 'pending', occurredAt: ago(24) } },
  ])
  expect((await open(tenant, id)).map(({ action, about }) => [action, about])).toEqual([
    ['FOLLOW_UP_TICKET', { kind: 'TICKET', subjectId: ids[5], title: 'Data loss' }],
    ['REPLY_TO_MESSAGE', { kind: 'MESSAGE', subjectId: ids[0], title: 'Contract' }],
    ['RETURN_CALL', { kind: 'CALL', subjectId: ids[3], title: null }],
    ['REPLY_TO_MESSAGE', { kind: 'MESSAGE', subjectId: ids[2], title: 'My order arrived broken. What now?' }],
    ['FOLLOW_UP_TICKET', { kind: 'TICKET', subjectId: ids[6], title: 'Colour' }],
  ])
})

test('resolving a message closes its conversation so far, and can be taken back', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, reachable())
  const [first = '', , call = ''] = await givenActivities(tenant, id, [
    inbound('sms', 30),
    inbound('sms', 20),
    { call: { direction: 'inbound', status: 'missed', occurredAt: ago(10) } },
  ])
  const resolve = async (activityId: string, resolved?: boolean) => {
    const { body } = await tenant.gql(
      `mutation ($input: ResolveActivityInput!) { resolveActivity(input: $input) { __typename
        ... on ResolveActivityPayload { activity { id } } ... on Error { code } } }`,
      { input: { activityId, resolved } },
    )
    return body.data.resolveActivity
  }
  expect(await resolve(first)).toEqual({ __typename: 'ResolveActivityPayload', activity: { id: first } })
  expect(await actions(tenant, id)).toEqual(['RETURN_CALL VOICE'])
  await resolve(call)
  expect(await actions(tenant, id)).toEqual([])
  await resolve(first, false)
  expect(await actions(tenant, id)).toEqual(['REPLY_TO_MESSAGE SMS'])
  expect(await resolve(id)).toEqual({ __typename: 'InvalidInput', code: 'VALIDATION_ERROR' })
  const stranger = await gateway.organization()
  const { body } = await stranger.gql(
    'mutation ($input: ResolveActivityInput!) { resolveActivity(input: $input) { ... on Error { code } } }',
    { input: { activityId: first } },
  )
  expect(body.data.resolveActivity).toEqual({ code: 'NOT_FOUND' })
})

test('a suggestion is a node, and its outcome is respected and counted', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, { ...reachable(), lifecycleStage: 'qualified' })
  await givenActivities(tenant, id, [inbound('sms', 30), inbound('sms', 20), outbound('email', 24 * 9)])
  await setPreferences(tenant.context, id, [
    { channel: 'email', state: 'opted_in' },
    { channel: 'sms', state: 'opted_in' },
  ])
  const named = async () => new Map((await suggestions(tenant, id)).map((one) => [one.action, one.id]))
  const node = async (of: string) => (await tenant.gql('query ($id: ID!) { node(id: $id) { __typename id } }', { id: of })).body.data.node
  const record = async (input: object) => {
    const { body } = await tenant.gql(
      `mutation ($input: RecordSuggestionOutcomeInput!) { recordSuggestionOutcome(input: $input) { __typename
        ... on RecordSuggestionOutcomePayload { action outcome until contact { id } } ... on Error { code } } }`,
      { input },
    )
    return body.data.recordSuggestionOutcome
  }
  const [question = '', nurture = ''] = [(await named()).get('REPLY_TO_MESSAGE'), (await named()).get('NURTURE')]
  expect(await node(question)).toEqual({ __typename: 'NextBestAction', id: question })
  const stranger = await gateway.organization()
  expect((await stranger.gql('query ($id: ID!) { node(id: $id) { id } }', { id: question })).body.data.node).toBeNull()

  expect(await record({ id: nurture, outcome: 'DISMISSED' })).toEqual({
    __typename: 'RecordSuggestionOutcomePayload',
    action: 'NURTURE',
    outcome: 'DISMISSED',
    until: new Date(noon.getTime() + 30 * 86_400_000).toISOString(),
    contact: { id },
  })
  expect(await node(nurture)).toBeNull()
  expect((await named()).has('NURTURE')).toBe(false)
  expect(await record({ id: question, outcome: 'DONE' })).toMatchObject({ outcome: 'DONE' })
  expect((await named()).has('REPLY_TO_MESSAGE')).toBe(false)
  const tomorrow = new Date(noon.getTime() + 86_400_000)
  expect(await record({ id: nurture, outcome: 'SNOOZED', until: tomorrow })).toMatchObject({ until: tomorrow.toISOString() })
  expect(await record({ id: nurture, outcome: 'SNOOZED', until: ago(1) })).toMatchObject({ code: 'VALIDATION_ERROR' })
  expect(await record({ id: nurture, outcome: 'DONE', until: tomorrow })).toMatchObject({ code: 'VALIDATION_ERROR' })
  expect(await record({ id, outcome: 'DONE' })).toMatchObject({ code: 'VALIDATION_ERROR' })
  const counts = await tenant.gql('{ suggestionOutcomeCounts { action done dismissed snoozed } }')
  expect(counts.body.data.suggestionOutcomeCounts).toEqual([
    { action: 'REPLY_TO_MESSAGE', done: 1, dismissed: 0, snoozed: 0 },
    { action: 'NURTURE', done: 0, dismissed: 1, snoozed: 1 },
  ])
  expect((await stranger.gql('{ suggestionOutcomeCounts { action } }')).body.data.suggestionOutcomeCounts).toEqual([])
})

test('only channels in use are suggested', async () => {
  const tenant = await gateway.organization()
  const writer = await givenContact(tenant, { email: 'writer@example.com' })
  await givenActivities(tenant, writer, [outbound('email', 24)])
  const id = await givenContact(tenant, { phone: '+493023125018', email: 'new@example.com' })
  const channels = (await suggestions(tenant, id)).map(({ channel }) => channel).filter((channel) => channel !== null)
  expect(new Set(channels)).toEqual(new Set(['EMAIL']))
})

test('the reply rate counts distinct answers, the same in the profile and in the reasons', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, reachable())
  await givenActivities(tenant, id, [
    outbound('email', 24 * 30),
    outbound('email', 24 * 30 - 1),
    inbound('email', 24 * 30 - 2),
    inbound('email', 24 * 30 - 3),
    outbound('email', 24 * 20, { category: 'transactional' }),
    outbound('email', 24 * 10),
    { message: { channel: 'email', direction: 'inbound', occurredAt: new Date(ago(24 * 10).getTime() + 4000), body: 'Away' } },
    outbound('email', 1),
  ])
  const { body } = await tenant.gql(
    `query ($id: ID!) { contact(id: $id) { profile { engagement { replyRate replyRates { channel sent replied rate } } }
      nextBestActions(first: 20) { reasons { message } } } }`,
    { id },
  )
  const { profile, nextBestActions } = body.data.contact
  expect(profile.engagement).toEqual({ replyRate: 1 / 3, replyRates: [{ channel: 'EMAIL', sent: 3, replied: 1, rate: 1 / 3 }] })
  expect(nextBestActions.flatMap(({ reasons }: { reasons: { message: string }[] }) => reasons.map(({ message }) => message))).toContain(
    'Answered 1 of 3 messages by email.',
  )
})
