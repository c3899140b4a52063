import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Contact } from '../../src/data/generated/client.ts'
import { countTries } from '../../src/domain/next-best-action/counts.ts'
import { evidenceOf } from '../../src/domain/next-best-action/evidence.ts'
import type { Try } from '../../src/domain/next-best-action/try.ts'
import { assumedHabits } from '../../src/domain/next-best-action/habits.ts'
import { replyChances } from '../../src/domain/next-best-action/reply-chances.ts'
import { type Knowledge, suggest } from '../../src/domain/next-best-action/rules.ts'
import type { Situation } from '../../src/domain/next-best-action/situation.ts'
import { parseSuggestionId, suggestionId } from '../../src/domain/next-best-action/suggestion-id.ts'
import { clockOf } from '../../src/domain/next-best-action/week-clock.ts'
import { InvalidInput } from '../../src/kernel/errors.ts'
import { scheduleFor } from '../../src/domain/sending/quiet-hours.ts'
import { decideSending, type SendFacts } from '../../src/domain/sending/rules.ts'
import { factsOf } from '../support/consent.ts'
import { noon } from '../support/gateway.ts'
import { sendFactsOf } from '../support/send-facts.ts'

const hour = 3_600_000
const ago = (hours: number) => new Date(noon.getTime() - hours * hour)
const clock = clockOf('UTC')

const someone: Contact = {
  organizationId: 'org',
  id: 'con_01m8mh44zte6yrm62qd7b252gx',
  phone: '+493023125017',
  phoneExtension: '',
  phoneKey: null,
  email: 'someone@example.com',
  emailKey: 'someone@example.com',
  firstName: 'Some',
  lastName: 'One',
  displayName: null,
  company: null,
  countryCode: 'DE',
  timezone: 'Europe/Berlin',
  language: null,
  lifecycleStage: 'lead',
  tags: [],
  tagKeys: [],
  customAttributes: {},
  source: 'api',
  searchText: '',
  nameKey: '',
  revision: 1,
  blockedAt: null,
  createdAt: ago(24 * 100),
  updatedAt: ago(24 * 100),
  deletedAt: null,
}

const channels = ['sms', 'email', 'whatsapp', 'instagram', 'voice'] as const
const past = fc.option(fc.integer({ min: 0, max: 24 * 300 }).map(ago), { nil: null })

const situations: fc.Arbitrary<Situation> = fc.record({
  contact: fc
    .record({
      phone: fc.constantFrom('+493023125017', null),
      email: fc.constantFrom('someone@example.com', null),
      timezone: fc.constantFrom('Europe/Berlin', 'America/Los_Angeles', 'Asia/Kathmandu', null),
      lifecycleStage: fc.constantFrom('subscriber' as const, 'lead' as const, 'customer' as const, 'advocate' as const, 'churned' as const),
      blockedAt: fc.constantFrom(null, null, null, ago(1)),
      createdAt: fc.integer({ min: 0, max: 24 * 400 }).map(ago),
    })
    .map((fields) => ({ ...someone, ...fields })),
  now: fc.constant(noon),
  stageSince: fc.constant(ago(500)),
  questions: fc
    .array(fc.record({ channel: fc.constantFrom(...channels.slice(0, 4)), hours: fc.integer({ min: 0, max: 8000 }) }), { maxLength: 2 })
    .map((found) =>
      found.map(({ channel, hours }, index) => ({
        kind: 'message' as const,
        id: `msg_${index}`,
        at: ago(hours),
        title: null,
        channel,
        count: index + 1,
      })),
    ),
  missedCalls: fc.option(
    fc.integer({ min: 0, max: 1000 }).map((hours) => ({ kind: 'call' as const, id: 'call_1', at: ago(hours), title: null, count: 1 })),
    { nil: null },
  ),
  tickets: fc
    .array(fc.record({ priority: fc.constantFrom('low', 'normal', 'high', 'urgent'), hours: fc.integer({ min: 0, max: 8000 }) }), {
      maxLength: 3,
    })
    .map((found) =>
      found.map(({ priority, hours }, index) => ({ kind: 'ticket' as const, id: `tkt_${index}`, at: ago(hours), title: 'Help', priority })),
    ),
  unsolvedTickets: fc.integer({ min: 0, max: 2 }),
  channelsInUse: fc.subarray([...channels, 'rcs' as const]).map((found) => new Set(found)),
  wroteOn: fc.subarray([...channels]),
  inboundAt: past,
  outboundAt: past,
  outboundLately: fc.integer({ min: 0, max: 60 }),
  missedCallAt: past,
  solvedAt: past,
  orderedAt: past,
})

const tries: fc.Arbitrary<Try[]> = fc.array(
  fc
    .record({ channel: fc.constantFrom(...channels), hours: fc.integer({ min: 1, max: 24 * 400 }), answered: fc.boolean() })
    .map(({ channel, hours, answered }) => ({ channel, sentAt: ago(hours), answeredAt: answered ? ago(hours - 1) : null })),
  { maxLength: 20 },
)

const knowledge = fc
  .record({
    situation: situations,
    tries,
    consent: fc
      .array(fc.constantFrom('opted_in' as const, 'opted_out' as const, 'unknown' as const), { minLength: 5, maxLength: 5 })
      .map((states) => new Map(channels.map((channel, index) => [channel, states[index] ?? ('unknown' as const)]))),
    marketingNeedsOptIn: fc.boolean(),
    quietHours: fc.boolean(),
    zones: fc.constantFrom(['Europe/Berlin'], ['America/New_York', 'Pacific/Honolulu'], ['Asia/Kathmandu']),
    limit: fc.integer({ min: 1, max: 3 }),
    days: fc.integer({ min: 1, max: 9 }),
    sent: fc.array(fc.integer({ min: 0, max: 300 }).map(ago), { maxLength: 6 }),
  })
  .map(({ situation, tries, consent, marketingNeedsOptIn, quietHours, zones, limit, days, sent }) => {
    const rule = {
      name: 'Cap',
      channel: null,
      category: null,
      limit,
      windowSeconds: days * 86_400,
      lifecycleStages: [],
      tags: [],
      countryCodes: [],
    }
    const facts: SendFacts = {
      contact: situation.contact,
      consent,
      consentFacts: factsOf(situation.contact, consent),
      met: new Set(['instagram' as const]),
      marketingNeedsOptIn,
      quietHours: quietHours ? scheduleFor([], null) : null,
      whatsappServiceWindow: false,
      received: [],
      zones,
      rules: [{ ...rule, organizationId: 'org', id: 'fcr', enabled: true, createdAt: noon, updatedAt: noon }],
      sent: sent.map((occurredAt) => ({ channel: 'sms', category: 'service', occurredAt })),
    }
    return knowledgeOf(situation, facts, tries, zones[0])
  })

function knowledgeOf(situation: Situation, facts: SendFacts, tries: readonly Try[], zone = 'UTC'): Knowledge {
  const habits = assumedHabits()
  const evidence = evidenceOf(tries, { now: noon, clock, delays: habits.delays })
  const counts = countTries(tries, { now: noon, clock, settledAfter: habits.settledAfter })
  return { situation, facts, chances: replyChances(evidence, habits), counts, habits, zone }
}

describe('a suggestion', () => {
  test('never contradicts the send decision, comes with its sum of reasons, and is made once for each action and subject', () => {
    fc.assert(
      fc.property(knowledge, (known) => {
        const suggestions = suggest(known)
        for (const { action, channel, category, suggestedAt, expiresAt, score, confidence, reasons, about } of suggestions) {
          if (channel === null || category === null)
            expect([channel, category, action === 'wait' || about !== null]).toEqual([null, null, true])
          else expect(decideSending(known.facts, { channel, category, at: suggestedAt })).toMatchObject({ allowed: true, reasons: [] })
          expect(suggestedAt >= noon && expiresAt > suggestedAt).toBe(true)
          expect(score).toBeCloseTo(
            reasons.reduce((sum, reason) => sum + reason.weight, 0),
            6,
          )
          expect(score).toBeGreaterThanOrEqual(0)
          expect(confidence >= 0 && confidence <= 1).toBe(true)
        }
        const scores = suggestions.map((suggestion) => suggestion.score)
        expect(scores).toEqual(scores.toSorted((one, other) => other - one))
        const named = suggestions.map((suggestion) => suggestion.action)
        expect(new Set(suggestions.map(({ action, about }) => `${action} ${about?.subjectId}`)).size).toBe(named.length)
        expect(new Set(suggestions.map(({ id }) => id)).size).toBe(named.length)
        expect(named).toContain('wait')
        if (known.situation.contact.blockedAt !== null) expect(named).toEqual(['wait'])
        else {
          const { questions, missedCalls, tickets } = known.situation
          const open = suggestions.filter(({ about }) => about !== null)
          expect(open).toHaveLength(questions.length + tickets.length + (missedCalls === null ? 0 : 1))
          // All that is open comes before every idea of the organization.
          expect(suggestions.slice(0, open.length).every(({ about }) => about !== null)).toBe(true)
        }
        const { channelsInUse, questions } = known.situation
        for (const { action, channel } of suggestions)
          if (channel !== null && action !== 'return_call' && action !== 'request_consent')
            expect(channelsInUse.has(channel) || questions.some((question) => question.channel === channel)).toBe(true)
        expect(suggest(known)).toEqual(suggestions)
      }),
      { numRuns: 500 },
    )
  })
})

const calm: Situation = {
  contact: someone,
  now: noon,
  stageSince: ago(500),
  questions: [],
  missedCalls: null,
  tickets: [],
  unsolvedTickets: 0,
  channelsInUse: new Set(['email', 'sms']),
  wroteOn: [],
  inboundAt: null,
  outboundAt: ago(24 * 30),
  outboundLately: 0,
  missedCallAt: null,
  solvedAt: null,
  orderedAt: null,
}
const actionsOf = (situation: Partial<Situation>, facts: Partial<SendFacts> = {}) =>
  suggest(knowledgeOf({ ...calm, ...situation }, sendFactsOf({ contact: someone, marketingNeedsOptIn: true, ...facts }), []))

describe('an open item', () => {
  const ticket = (priority: 'urgent' | 'low', hours: number) => ({
    kind: 'ticket' as const,
    id: 'tkt_1',
    at: ago(hours),
    title: 'Data loss',
    priority,
  })
  const question = (hours: number) => ({
    kind: 'message' as const,
    id: 'msg_1',
    at: ago(hours),
    title: 'Where?',
    channel: 'sms' as const,
    count: 1,
  })

  test('is worth more the longer it waits', () => {
    const scores = (found: (hours: number) => Partial<Situation>) =>
      [1, 24, 240, 2400, 8000].map((hours) => actionsOf(found(hours)).find(({ about }) => about !== null)?.score ?? 0)
    for (const found of [
      (hours: number) => ({ tickets: [ticket('urgent', hours)] }),
      (hours: number) => ({ tickets: [ticket('low', hours)] }),
      (hours: number) => ({ questions: [question(hours)] }),
    ]) {
      const waited = scores(found)
      expect(waited).toEqual(waited.toSorted((one, other) => one - other))
      expect(waited[0]).toBeLessThan(waited[2] ?? 0)
    }
  })

  test('of somebody who opted out is shown with the channel that is allowed, or with none', () => {
    const optedOut = (...refused: ('sms' | 'email')[]) => ({ consent: new Map(refused.map((channel) => [channel, 'opted_out' as const])) })
    const [elsewhere] = actionsOf({ questions: [question(5)] }, optedOut('sms'))
    expect(elsewhere).toMatchObject({ action: 'reply_to_message', channel: 'email', about: { subjectId: 'msg_1', title: 'Where?' } })
    const [nowhere] = actionsOf({ questions: [question(5)] }, optedOut('sms', 'email'))
    expect(nowhere).toMatchObject({ action: 'reply_to_message', channel: null, category: null })
    expect(nowhere?.reasons.at(-1)?.code).toBe('NOT_ALLOWED')
  })
})

describe('consent', () => {
  const asked = (situation: Partial<Situation>, consent: SendFacts['consent'] = new Map()) =>
    actionsOf(situation, { consent }).find(({ action }) => action === 'request_consent')

  test('is asked of contacts that wrote lately, on a channel that they used, and of no others', () => {
    expect(asked({ wroteOn: ['sms'] })).toMatchObject({ channel: 'sms' })
    expect(asked({})).toBeUndefined()
    expect(asked({ wroteOn: ['sms'] }, new Map([['email', 'opted_out']]))).toBeUndefined()
    expect(asked({ wroteOn: ['sms'] }, new Map([['email', 'opted_in']]))).toBeUndefined()
  })
})

test('the id of a suggestion holds what it is computed from, and nothing else is taken for one', () => {
  const key = {
    contactId: someone.id,
    action: 'reply_to_message' as const,
    channel: 'sms' as const,
    subjectId: 'msg_01m8mh44zte6yrm62qd7b252gx',
  }
  expect(parseSuggestionId(suggestionId(key))).toEqual(key)
  const forged = `nba_${Buffer.from(`${someone.id}.dance..`).toString('base64url')}`
  for (const id of ['nba_1', someone.id, forged, `${suggestionId(key)}A`]) expect(() => parseSuggestionId(id)).toThrow(InvalidInput)
})
