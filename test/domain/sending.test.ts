import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideSending, type SendFacts } from '../../src/domain/sending/rules.ts'
import { ruleOf } from '../support/factories.ts'
import { noon } from '../support/gateway.ts'

const hour = 3_600_000
const categories = ['marketing', 'service', 'transactional'] as const
const channels = ['sms', 'email', 'whatsapp', 'instagram'] as const
const states = ['opted_in', 'opted_out', 'unknown'] as const

const worlds: fc.Arbitrary<SendFacts> = fc.record({
  contact: fc.record({
    phone: fc.constantFrom('+14155552671', null),
    email: fc.constantFrom('a@example.com', null),
    blockedAt: fc.constantFrom(null, null, null, noon),
  }),
  consent: fc
    .tuple(...channels.map(() => fc.constantFrom(...states)))
    .map((drawn) => new Map(channels.map((channel, index) => [channel, drawn[index] ?? 'unknown']))),
  met: fc.constantFrom(new Set<(typeof channels)[number]>(), new Set(['instagram' as const])),
  marketingNeedsOptIn: fc.boolean(),
  quietHours: fc.boolean(),
  zones: fc.constantFrom(['Europe/Berlin'], ['America/New_York', 'Pacific/Honolulu'], ['Asia/Kathmandu'], ['Australia/Lord_Howe']),
  rules: fc.array(
    fc
      .record({
        channel: fc.constantFrom(null, ...channels),
        category: fc.constantFrom(null, ...categories),
        limit: fc.integer({ min: 1, max: 3 }),
        windowSeconds: fc.integer({ min: 1, max: 72 }).map((hours) => hours * 3600),
      })
      .map(ruleOf),
    { maxLength: 3 },
  ),
  sent: fc.array(
    fc.record({
      channel: fc.constantFrom(...channels),
      category: fc.constantFrom(...categories),
      // Some lie after the moment that is asked about: the question may be about the past.
      occurredAt: fc.integer({ min: -80, max: 20 }).map((hours) => new Date(noon.getTime() + hours * hour + 123)),
    }),
    { maxLength: 8 },
  ),
})

// Around the days on which clocks change, and ordinary ones.
const moments = fc.constantFrom(
  noon.getTime(),
  Date.parse('2026-03-08T03:00:00Z'),
  Date.parse('2026-03-29T00:30:00Z'),
  Date.parse('2026-10-25T00:30:00Z'),
)
const requests = fc.record({
  channel: fc.constantFrom(...channels),
  category: fc.constantFrom(...categories),
  at: fc.tuple(moments, fc.integer({ min: -24 * 60, max: 24 * 60 })).map(([moment, minutes]) => new Date(moment + minutes * 60_000)),
})

/** What the contract says, in other words than the code's. */
function mayBeSent(
  facts: SendFacts,
  request: { channel: (typeof channels)[number]; category: (typeof categories)[number]; at: Date },
): boolean {
  const { channel, category, at } = request
  const state = facts.consent.get(channel)
  const address = { email: facts.contact.email !== null, sms: facts.contact.phone !== null, whatsapp: facts.contact.phone !== null }
  const reachable = channel === 'instagram' ? facts.met.has('instagram') || state === 'opted_in' : address[channel]
  if (facts.contact.blockedAt !== null || state === 'opted_out' || !reachable) return false
  if (category === 'marketing' && facts.marketingNeedsOptIn && state !== 'opted_in') return false
  if (category === 'transactional') return true
  for (const cap of facts.rules) {
    const matches = (message: { channel: string; category: string }) =>
      (cap.channel === null || cap.channel === message.channel) &&
      (cap.category === null ? message.category !== 'transactional' : cap.category === message.category)
    if (!matches(request)) continue
    const used = facts.sent.filter((message) => {
      const age = at.getTime() - message.occurredAt.getTime()
      return matches(message) && age >= 0 && age < cap.windowSeconds * 1000
    })
    if (used.length >= cap.limit) return false
  }
  if (!facts.quietHours || channel === 'email') return true
  return facts.zones.every((zone) => {
    const local = Number(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(at))
    return local >= (channel === 'sms' ? 8 : 9) && local < 21
  })
}

test('a message is allowed exactly when nothing speaks against it', () => {
  fc.assert(
    fc.property(worlds, requests, (facts, request) => {
      const decision = decideSending(facts, request)
      expect(decision.allowed).toBe(mayBeSent(facts, request))
      expect(decision.reasons.length === 0).toBe(decision.allowed)
    }),
    { numRuns: 2000 },
  )
})

test('the next allowed moment is allowed, and no earlier one is', () => {
  fc.assert(
    fc.property(worlds, requests, (facts, request) => {
      const { nextAllowedAt, reasons } = decideSending(facts, request)
      const from = request.at.getTime()
      if (nextAllowedAt === null) {
        expect(reasons.some((reason) => reason.until === null)).toBe(true)
        for (let hours = 0; hours < 24 * 8; hours += 7)
          expect(mayBeSent(facts, { ...request, at: new Date(from + hours * hour) })).toBe(false)
        return
      }
      const allowed = nextAllowedAt.getTime()
      expect(mayBeSent(facts, { ...request, at: nextAllowedAt })).toBe(true)
      if (allowed > from) expect(mayBeSent(facts, { ...request, at: new Date(allowed - 1) })).toBe(false)
      for (let step = from; step < allowed; step += 13 * 60_000) expect(mayBeSent(facts, { ...request, at: new Date(step) })).toBe(false)
    }),
    { numRuns: 500 },
  )
})
