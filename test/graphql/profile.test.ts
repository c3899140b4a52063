import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Evidence } from '../../src/data/sql/find-evidence.ts'
import { judgeEngagement } from '../../src/domain/profile/rules.ts'
import { type GivenActivity, givenActivities, givenContact, givenNote } from '../support/factories.ts'
import { type TestGateway, noon, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const ago = (days: number) => new Date(noon.getTime() - days * 24 * 60 * 60 * 1000)
const stamp = (days: number) => ago(days).toISOString()

function message(days: number, channel: 'email' | 'sms', direction: 'inbound' | 'outbound', fields: object = {}): GivenActivity {
  return { message: { occurredAt: ago(days), channel, direction, ...fields } }
}

const past: GivenActivity[] = [
  // Email: four that could be answered, two of them in time; what is transactional, failed or a year old does not count.
  message(100, 'email', 'outbound'),
  message(99, 'email', 'outbound', { category: 'marketing' }),
  message(98, 'email', 'inbound'),
  message(97, 'email', 'outbound', { category: 'transactional' }),
  message(96, 'email', 'outbound', { status: 'failed' }),
  message(60, 'email', 'outbound'),
  message(52, 'email', 'inbound'),
  message(40, 'email', 'outbound'),
  message(400, 'email', 'outbound'),
  // Text messages: one, answered on another channel only.
  message(30, 'sms', 'outbound'),
  // Calls: one answered of two to the contact, and one from it.
  { call: { occurredAt: ago(20), direction: 'outbound', status: 'answered' } },
  { call: { occurredAt: ago(19), direction: 'outbound', status: 'no_answer' } },
  { call: { occurredAt: ago(18), direction: 'inbound', status: 'missed' } },
  { ticket: { occurredAt: ago(15), subject: 'Solved', status: 'solved' } },
  { ticket: { occurredAt: ago(12), subject: 'Open', priority: 'urgent' } },
  { ticket: { occurredAt: ago(11), subject: 'Pending', status: 'pending' } },
  { event: { occurredAt: ago(10), name: 'seen' } },
]

test('the profile sums up what is known, in nineteen statements', async () => {
  const tenant = await gateway.organization()
  gateway.clock.now = ago(200)
  const id = await givenContact(tenant, { firstName: 'Ana', timezone: 'Asia/Kathmandu' })
  gateway.clock.now = ago(50)
  await tenant.gql('mutation ($id: ID!) { updateContact(input: { id: $id, lifecycleStage: CUSTOMER }) { __typename } }', { id })
  gateway.clock.now = noon
  await givenActivities(tenant, id, past)
  await tenant.rest('POST', `/${id}/block`, { reason: 'Abuse.' })
  // What comes from a blocked contact is no word that counts.
  await givenActivities(tenant, id, [message(1, 'sms', 'inbound')])
  await givenNote(tenant, id, 'Called.')
  const { body, statements } = await tenant.rest('GET', `/${id}/profile`)
  expect(statements).toHaveLength(19)
  const { data } = body
  expect(data.contact).toEqual((await tenant.rest('GET', `/${id}`)).body.data)
  expect(data.lifecycle).toEqual({ stage: 'customer', since: stamp(50) })
  expect(data.block).toMatchObject({ contact_id: id, is_blocked: true, reason: 'Abuse.' })
  expect(data.engagement).toEqual({
    score: 32 + 14 + 11,
    parts: {
      // The event ten days ago: 40 · 2^(−10/30).
      recency: Math.round(40 * 2 ** (-10 / 30)),
      // An email, two calls, three tickets and an event within 90 days: 30 · (1 − 2^(−7/8)).
      frequency: Math.round(30 * (1 - 2 ** (-7 / 8))),
      // Of seven that could be answered three were: 30 · 3 / (7 + 1).
      replies: Math.round((30 * 3) / 8),
    },
    reply_rate: 3 / 7,
    reply_rates: {
      email: { sent: 4, replied: 2, rate: 0.5 },
      voice: { sent: 2, replied: 1, rate: 0.5 },
      sms: { sent: 1, replied: 0, rate: 0 },
    },
    preferred_channel: 'voice',
    // All was said at noon in UTC, which is a quarter to six in the afternoon.
    best_local_hour: 17,
    timezone: 'Asia/Kathmandu',
    first_seen_at: stamp(98),
    last_seen_at: stamp(10),
  })
  expect(data.activity_counts).toEqual([
    { kind: 'call', channel: 'voice', direction: 'inbound', count: 1 },
    { kind: 'call', channel: 'voice', direction: 'outbound', count: 2 },
    { kind: 'event', channel: null, direction: null, count: 1 },
    { kind: 'message', channel: 'email', direction: 'inbound', count: 2 },
    { kind: 'message', channel: 'email', direction: 'outbound', count: 7 },
    { kind: 'message', channel: 'sms', direction: 'inbound', count: 1 },
    { kind: 'message', channel: 'sms', direction: 'outbound', count: 1 },
    { kind: 'ticket', channel: null, direction: null, count: 3 },
  ])
  expect(data.open_tickets.map((ticket: { title: string }) => ticket.title)).toEqual(['Pending', 'Open'])
  expect(data.latest_notes).toMatchObject([{ body: 'Called.' }])
  const timeline = await tenant.rest('GET', `/${id}/timeline?limit=5`)
  expect(data.latest_activities).toEqual(timeline.body.data)
  // What has a route of its own has the same values there.
  expect(data.preferences).toEqual((await tenant.rest('GET', `/${id}/preferences`)).body.data.preferences)
  expect(data.frequency_caps).toEqual((await tenant.rest('GET', `/${id}/frequency-caps`)).body.data)
  expect(data.next_best_action).toEqual((await tenant.rest('GET', `/${id}/next-best-action`)).body.data.suggestions[0])
})

test('a contact of whom nothing is known has an empty profile', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const { body } = await tenant.rest('GET', `/${id}/profile`)
  expect(body.data).toMatchObject({
    lifecycle: { stage: 'lead', since: noon.toISOString() },
    block: null,
    engagement: {
      score: 0,
      parts: { recency: 0, frequency: 0, replies: 0 },
      reply_rate: null,
      reply_rates: {},
      preferred_channel: null,
      best_local_hour: null,
      timezone: 'UTC',
      first_seen_at: null,
      last_seen_at: null,
    },
    activity_counts: [],
    open_tickets: [],
    latest_notes: [],
    latest_activities: [],
  })
  const stranger = await gateway.organization()
  expect((await stranger.rest('GET', `/${id}/profile`)).status).toBe(404)
})

const everything = `query ($first: Int!) { contacts(first: $first) { nodes {
  block { reason }
  timeline(first: 5) { nodes { __typename title occurredAt } }
  journey { currentStage stages { stage enteredAt leftAt durationSeconds touches { channel count } } entries(first: 5) { nodes { title stage } } }
  profile {
    lifecycle { stage since }
    engagement { score recency frequency replies replyRate replyRates { channel sent replied rate } preferredChannel bestLocalHour timezone firstSeenAt lastSeenAt }
    activityCounts { kind channel direction count }
    openTickets { subject status }
  }
} } }`

test('a page of contacts with timeline, journey and profile costs seven statements, whatever its size', async () => {
  const tenant = await gateway.organization()
  for (let index = 0; index < 25; index += 1) {
    const id = await givenContact(tenant)
    await givenActivities(tenant, id, past.slice(index % 5))
    if (index % 3 === 0) await tenant.rest('POST', `/${id}/block`)
  }
  for (const first of [2, 25]) {
    const { body, statements } = await tenant.gql(everything, { first })
    expect(body.errors).toBeUndefined()
    expect(body.data.contacts.nodes).toHaveLength(first)
    // Contacts with their timelines, blocks, stages, journeys, standings, counts, open tickets.
    expect(statements).toHaveLength(7)
  }
})

describe('an engagement is judged', () => {
  const silent: Evidence = {
    contactId: 'con_1',
    stageSince: noon,
    timezone: 'UTC',
    firstSeenAt: null,
    lastSeenAt: null,
    recentActs: 0,
    channels: [],
    hours: [],
  }
  test('within 0 to 100, and the parts make the sum', () => {
    const busy = {
      ...silent,
      lastSeenAt: noon,
      recentActs: 100_000,
      channels: [{ channel: 'sms' as const, sent: 100_000, replied: 100_000, weight: 1 }],
    }
    expect(judgeEngagement(busy, noon)).toMatchObject({ score: 100, recency: 40, frequency: 30, replies: 30 })
    expect(judgeEngagement({ ...silent, lastSeenAt: ago(30), recentActs: 8 }, noon)).toMatchObject({
      score: 35,
      recency: 20,
      frequency: 15,
    })
    expect(judgeEngagement({ ...silent, lastSeenAt: ago(-0.001) }, noon)).toMatchObject({ recency: 40 })
  })

  test('with the hours around midnight beside each other', () => {
    const hours = [
      { hour: 23, weight: 1 },
      { hour: 0, weight: 1.1 },
      { hour: 1, weight: 1 },
      { hour: 12, weight: 2 },
    ]
    expect(judgeEngagement({ ...silent, hours }, noon).bestLocalHour).toBe(0)
  })

  test('of equal channels by the one that is answered, then by name', () => {
    const channel = (name: 'email' | 'sms' | 'whatsapp', replied: number) => ({ channel: name, sent: 2, replied, weight: 1 })
    const of = (...channels: Evidence['channels']) => judgeEngagement({ ...silent, channels }, noon).preferredChannel
    expect(of(channel('email', 0), channel('whatsapp', 2), channel('sms', 1))).toBe('whatsapp')
    expect(of(channel('whatsapp', 1), channel('sms', 1))).toBe('sms')
  })
})
