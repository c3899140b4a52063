import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Contact } from '../../src/data/generated/client.ts'
import { evidenceOf, type Try } from '../../src/domain/next-best-action/evidence.ts'
import { assumedHabits } from '../../src/domain/next-best-action/habits.ts'
import { learnHabits, spreadOf } from '../../src/domain/next-best-action/learn-habits.ts'
import { posteriorRate, replyChances } from '../../src/domain/next-best-action/reply-chances.ts'
import { suggest } from '../../src/domain/next-best-action/rules.ts'
import type { Situation } from '../../src/domain/next-best-action/situation.ts'
import { readHabits, storeHabits } from '../../src/domain/next-best-action/stored-habits.ts'
import { scheduleFor } from '../../src/domain/sending/quiet-hours.ts'
import { decideSending, type SendFacts } from '../../src/domain/sending/rules.ts'
import { factsOf } from '../support/consent.ts'
import { noon } from '../support/gateway.ts'
import { bayesOptimal, judge, lastAnswered, organizationsBest, ours, simulate } from '../support/simulation.ts'

const hour = 3_600_000
const ago = (hours: number) => new Date(noon.getTime() - hours * hour)
const utcHour = (moment: Date) => moment.getUTCHours()

const someone: Contact = {
  organizationId: 'org',
  id: 'con',
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
  inbound: fc.option(fc.record({ channel: fc.constantFrom(...channels.slice(0, 4)), at: fc.integer({ min: 0, max: 1000 }).map(ago) }), {
    nil: null,
  }),
  outboundAt: past,
  outboundLately: fc.integer({ min: 0, max: 6 }),
  missedCallAt: past,
  calledAt: past,
  ticket: fc.option(
    fc.record({ subject: fc.constant('Help'), priority: fc.constantFrom('low' as const, 'urgent' as const), at: fc.constant(ago(30)) }),
    { nil: null },
  ),
  openTickets: fc.integer({ min: 0, max: 2 }),
  solvedAt: past,
  orderedAt: past,
})

const tries: fc.Arbitrary<Try[]> = fc.array(
  fc
    .record({ channel: fc.constantFrom(...channels), hours: fc.integer({ min: 1, max: 24 * 400 }), answered: fc.boolean() })
    .map(({ channel, hours, answered }) => ({ channel, triedAt: ago(hours), answeredAt: answered ? ago(hours - 1) : null })),
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
    const habits = assumedHabits()
    const chances = replyChances(evidenceOf(tries, noon, utcHour), habits)
    return { situation, facts, chances, habits, zone: zones[0] ?? 'UTC' }
  })

describe('a suggestion', () => {
  test('never contradicts the send decision, comes with its sum of reasons, and is made once for each action', () => {
    fc.assert(
      fc.property(knowledge, (known) => {
        const suggestions = suggest(known)
        for (const { action, channel, category, suggestedAt, expiresAt, score, confidence, reasons } of suggestions) {
          if (action === 'wait') expect([channel, category]).toEqual([null, null])
          else if (channel === null || category === null) throw new Error(`${action} goes by no channel.`)
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
        expect(new Set(named).size).toBe(named.length)
        expect(named).toContain('wait')
        if (known.situation.contact.blockedAt !== null) expect(named).toEqual(['wait'])
        expect(suggest(known)).toEqual(suggestions)
      }),
      { numRuns: 500 },
    )
  })
})

describe('evidence', () => {
  const answered = (count: number, hours: number): Try[] =>
    Array.from({ length: count }, () => ({ channel: 'sms' as const, triedAt: ago(hours), answeredAt: ago(hours) }))

  test('of messages of one age is worth as many messages, and less of it holds the older it is', () => {
    const { cells, freshness } = evidenceOf(answered(8, 24 * 240), noon, utcHour)
    expect(cells).toEqual([{ channel: 'sms', hour: 12, tries: expect.closeTo(8), answers: expect.closeTo(8) }])
    expect(freshness).toBeCloseTo(0.5)
  })

  test('moves a rate from the organization’s towards the contact’s own', () => {
    const habits = assumedHabits()
    const rate = (count: number) => replyChances(evidenceOf(answered(count, 1), noon, utcHour), habits).anyHour('sms').mean
    expect(rate(0)).toBeCloseTo(1 / 6)
    expect([rate(1) > rate(0), rate(10) > rate(1)]).toEqual([true, true])
    expect(posteriorRate({ mean: 0.2, strength: 10 }, 3, 10)).toMatchObject({ mean: (2 + 3) / (10 + 10) })
  })

  test('of answers at one hour speaks for that hour and those around it', () => {
    const chances = replyChances(evidenceOf(answered(6, 3), noon, utcHour), assumedHabits())
    const at = (hour: number) => chances.at('sms', hour).mean
    expect([at(9) > at(11), at(11) > at(14), at(14) > at(21)]).toEqual([true, true, true])
  })
})

describe('habits', () => {
  test('are learned from contacts: the mean of their rates, and how much they differ', () => {
    const alike = spreadOf(Array.from({ length: 200 }, () => ({ tries: 20, answers: 6, squares: 20 })))
    const apart = spreadOf(Array.from({ length: 200 }, (_, index) => ({ tries: 20, answers: index % 2 === 0 ? 0 : 12, squares: 20 })))
    expect(alike.mean).toBeCloseTo(0.3, 1)
    expect(apart.mean).toBeCloseTo(0.3, 1)
    expect(alike.strength).toBeGreaterThan(50)
    expect(apart.strength).toBeLessThan(4)
  })

  test('of nobody are those that are assumed, and survive being stored; what another version stored is not misread', () => {
    const habits = learnHabits([])
    expect(habits.rates.size).toBe(0)
    for (const share of habits.bestHours) expect(share).toBeCloseTo(1 / 24)
    expect(readHabits(JSON.parse(JSON.stringify(storeHabits(habits))))).toEqual(habits)
    expect(readHabits({ version: 0 })).toEqual(assumedHabits())
  })
})

describe('in a simulated world', () => {
  test('the model comes near the Bayes-optimal policy, beats the naive ones, and predicts what happens', () => {
    const world = simulate({ seed: 7, contacts: 400, messages: 30 })
    const [optimal, model, last, best] = [bayesOptimal, ours(), lastAnswered, organizationsBest].map((policy) =>
      judge(world, policy(world)),
    )
    expect((model?.replyRate ?? 0) / (optimal?.replyRate ?? 1)).toBeGreaterThan(0.93)
    expect((model?.replyRate ?? 0) / Math.max(last?.replyRate ?? 1, best?.replyRate ?? 1)).toBeGreaterThan(1.15)
    expect(model?.calibrationError).toBeLessThan(0.05)
  })

  test('the model follows habits that change better than it would without decay', () => {
    const world = simulate({ seed: 7, contacts: 400, messages: 60, drifting: true })
    expect(judge(world, ours()(world)).replyRate).toBeGreaterThan(judge(world, ours(Infinity)(world)).replyRate)
  })
})
