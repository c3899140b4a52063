import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { suggest } from '../../src/domain/next-best-action/rules.ts'
import type { Situation } from '../../src/domain/next-best-action/situation.ts'
import { parseSuggestionId, suggestionId } from '../../src/domain/next-best-action/suggestion-id.ts'
import { InvalidInput } from '../../src/kernel/errors.ts'
import { decideSending, type SendFacts } from '../../src/domain/sending/rules.ts'
import { ago, anyKnowledge, knowledgeOf, someone } from '../support/any-knowledge.ts'
import { noon } from '../support/gateway.ts'
import { sendFactsOf } from '../support/send-facts.ts'

describe('a suggestion', () => {
  test('never contradicts the send decision, comes with its sum of reasons, and is made once for each action and subject', () => {
    fc.assert(
      fc.property(anyKnowledge, (known) => {
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
          expect(score >= 0 && score <= 100).toBe(true)
          expect(confidence >= 0 && confidence <= 1).toBe(true)
          // Sentences are for people: they have no time as programs write it.
          expect(reasons.filter(({ message }) => /\dT\d/.test(message) || !message.endsWith('.'))).toEqual([])
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
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 500) },
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

test('a contact that came with an import is welcomed when it has done something or agreed, any other at once', () => {
  const fresh = { outboundAt: null, contact: { ...someone, createdAt: ago(1) } }
  const imported = { outboundAt: null, contact: { ...fresh.contact, source: 'import' as const } }
  const isWelcomed = (...given: Parameters<typeof actionsOf>) => actionsOf(...given).some(({ action }) => action === 'welcome')
  expect([isWelcomed(fresh), isWelcomed(imported)]).toEqual([true, false])
  expect([isWelcomed({ ...imported, orderedAt: ago(1) }), isWelcomed({ ...imported, inboundAt: ago(1) })]).toEqual([true, true])
  expect(isWelcomed(imported, { consent: new Map([['email', 'opted_in']]) })).toBe(true)
})

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

  test('of a contact that opted out is shown with the channel that is allowed, or with none', () => {
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
