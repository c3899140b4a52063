import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Channel, FrequencyCapRule } from '../../src/data/generated/client.ts'
import type { Sent } from '../../src/domain/frequency-caps/rules.ts'
import { defaultQuietHours } from '../../src/domain/organizations/quiet-hours.ts'
import { scheduleFor } from '../../src/domain/sending/quiet-hours.ts'
import { decideSending, type SendFacts, type SendRequest } from '../../src/domain/sending/rules.ts'
import { factsOf } from '../support/consent.ts'
import { ruleOf } from '../support/factories.ts'
import { noon } from '../support/gateway.ts'
import { sendFactsOf } from '../support/send-facts.ts'

const hour = 3_600_000
const categories = ['marketing', 'service', 'transactional'] as const
const channels = ['sms', 'email', 'whatsapp', 'instagram'] as const
const states = ['opted_in', 'opted_out', 'unknown'] as const

const phoneHours = { ...defaultQuietHours.phone, closedWeekdays: [7], closedDates: ['2026-03-02'] }
const schedules = fc.constantFrom(null, scheduleFor([], null), scheduleFor([phoneHours], null))
const limits = fc
  .record({
    channel: fc.constantFrom(null, ...channels),
    category: fc.constantFrom(null, 'marketing' as const, 'service' as const),
    limit: fc.integer({ min: 1, max: 3 }),
    windowSeconds: fc.integer({ min: 1, max: 72 }).map((hours) => hours * 3600),
  })
  .map(ruleOf)

const after = (hours: number) => new Date(noon.getTime() + hours * hour + 123)
const sent: fc.Arbitrary<Sent> = fc
  .record({
    channel: fc.constantFrom(...channels),
    category: fc.constantFrom(null, ...categories),
    // Some lie after the requested time: the question may be about the past.
    occurredAt: fc.integer({ min: -80, max: 20 }).map(after),
    reservation: fc.constantFrom(null, null, 3, 30),
  })
  .map(({ reservation, ...one }) => ({
    ...one,
    ...(reservation !== null && { reservation: { expiresAt: new Date(noon.getTime() + reservation * hour) } }),
  }))

const worlds: fc.Arbitrary<SendFacts> = fc
  .record({
    contact: fc.record({
      phone: fc.constantFrom('+14155552671', '+14155552671', null),
      email: fc.constantFrom('a@example.com', 'a@example.com', null),
      blockedAt: fc.constantFrom(null, null, null, noon),
    }),
    consent: fc
      .tuple(...channels.map(() => fc.constantFrom(...states)))
      .map((drawn) => new Map(channels.map((channel, index) => [channel, drawn[index] ?? 'unknown']))),
    met: fc.constantFrom(new Set<(typeof channels)[number]>(), new Set(['instagram' as const])),
    marketingNeedsOptIn: fc.boolean(),
    quietHours: schedules,
    whatsappServiceWindow: fc.boolean(),
    zones: fc.constantFrom(['Europe/Berlin'], ['America/New_York', 'Pacific/Honolulu'], ['Asia/Kathmandu'], ['Australia/Lord_Howe']),
    rules: fc.array(limits, { maxLength: 3 }),
    sent: fc.array(sent, { maxLength: 8 }),
    received: fc.array(fc.record({ channel: fc.constantFrom(...channels), occurredAt: fc.integer({ min: -40, max: 20 }).map(after) }), {
      maxLength: 2,
    }),
  })
  .map((world) => ({ ...world, consentFacts: factsOf(world.contact, world.consent) }))

// Around the days on which clocks change, and ordinary ones.
const instants = fc.constantFrom(
  noon.getTime(),
  Date.parse('2026-03-08T03:00:00Z'),
  Date.parse('2026-03-29T00:30:00Z'),
  Date.parse('2026-10-25T00:30:00Z'),
)
const requests = fc.record({
  channel: fc.constantFrom(...channels),
  category: fc.constantFrom(...categories),
  at: fc.tuple(instants, fc.integer({ min: -24 * 60, max: 24 * 60 })).map(([instant, minutes]) => new Date(instant + minutes * 60_000)),
})

/** What the contract says, in other words than the code's. */
function mayBeSent(facts: SendFacts, request: SendRequest): boolean {
  const { channel, category, at } = request
  const state = facts.consent.get(channel)
  const { phone, email, blockedAt } = facts.contact
  const reachable =
    channel === 'instagram' ? facts.met.has('instagram') || state === 'opted_in' : (channel === 'email' ? email : phone) !== null
  if (blockedAt !== null || state === 'opted_out' || !reachable) return false
  if (category === 'marketing' && facts.marketingNeedsOptIn && state !== 'opted_in') return false
  if (category === 'transactional') return true
  const isAnswer = facts.received.some((one) => one.channel === channel && one.occurredAt <= at && +at < +one.occurredAt + 24 * hour)
  if (category === 'service' && isAnswer) return true
  if (category === 'service' && channel === 'whatsapp' && facts.whatsappServiceWindow) return false
  return facts.rules.every((cap) => leavesASlot(cap, facts.sent, request)) && isDaytime(facts, channel, at)
}

/** Whether no window would hold too many if the message were among them: looks at every window that could be the fullest. */
function leavesASlot(cap: FrequencyCapRule, past: readonly Sent[], { channel, category, at }: SendRequest): boolean {
  const matches = (message: Pick<Sent, 'channel' | 'category'>) => {
    if (cap.channel !== null && cap.channel !== message.channel) return false
    if (message.category === null) return true
    return cap.category === null ? message.category !== 'transactional' : cap.category === message.category
  }
  if (!matches({ channel, category })) return true
  const length = cap.windowSeconds * 1000
  const others = past
    .filter((one) => matches(one) && (one.reservation === undefined ? one.occurredAt <= at : (one.reservation.expiresAt ?? at) > at))
    .map((one) => +one.occurredAt)
  // A window is fullest when it begins with a message.
  const beginnings = [+at, ...others].filter((begins) => begins <= +at && +at < begins + length)
  return beginnings.every((begins) => others.filter((time) => time >= begins && time < begins + length).length < cap.limit)
}

function isDaytime({ quietHours, zones }: SendFacts, channel: Channel, at: Date): boolean {
  if (quietHours === null || channel === 'email') return true
  return zones.every((timeZone) => {
    const part = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(at)
    if (channel === 'sms' && quietHours.phone.closedWeekdays.length > 0) {
      if (part({ weekday: 'short' }) === 'Sun') return false
      if (part({ day: 'numeric', month: 'numeric', year: 'numeric' }) === '02/03/2026') return false
    }
    const local = Number(part({ hour: '2-digit', hourCycle: 'h23' }))
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

test('the next allowed time is allowed, and no earlier one is', () => {
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

const reasonsOf = (facts: Partial<SendFacts>, request: Omit<SendRequest, 'at'>, at = noon) =>
  decideSending(sendFactsOf(facts), { ...request, at }).reasons.map(({ code, until }) => [code, until?.toISOString() ?? null])

describe('an answer', () => {
  const night = { quietHours: scheduleFor([], null), zones: ['Asia/Tokyo'], whatsappServiceWindow: true }
  const cap = ruleOf({ windowSeconds: 3600 })
  const one = { channel: 'whatsapp', category: 'service', occurredAt: noon } as const
  const full = { ...night, rules: [cap], sent: [one] }
  const wrote = (hoursAgo: number) => ({
    received: [{ channel: 'whatsapp' as const, occurredAt: new Date(noon.getTime() - hoursAgo * hour) }],
  })
  const service = { channel: 'whatsapp', category: 'service' } as const

  test('passes caps and quiet hours for 24 hours, on the channel on which the contact wrote', () => {
    const limited = [
      ['FREQUENCY_CAP', '2026-03-01T13:00:00.000Z'],
      ['QUIET_HOURS', '2026-03-02T00:00:00.000Z'],
    ]
    expect(reasonsOf({ ...full, ...wrote(0) }, service)).toEqual([])
    expect(reasonsOf({ ...full, ...wrote(24 - 1 / 3600) }, service)).toEqual([])
    expect(reasonsOf({ ...full, ...wrote(24) }, service)).toEqual([...limited, ['OUTSIDE_SERVICE_WINDOW', null]])
    expect(reasonsOf({ ...full, ...wrote(1) }, { channel: 'viber', category: 'service' })).toEqual(limited)
  })

  test('is no marketing', () => {
    expect(reasonsOf({ ...full, ...wrote(1) }, { ...service, category: 'marketing' })).toEqual([
      ['FREQUENCY_CAP', '2026-03-01T13:00:00.000Z'],
      ['QUIET_HOURS', '2026-03-02T00:00:00.000Z'],
    ])
  })

  test('passes neither a block nor an opt-out', () => {
    const refused = { consent: new Map([['whatsapp' as const, 'opted_out' as const]]), ...wrote(1) }
    expect(reasonsOf(refused, service)).toEqual([['OPTED_OUT', null]])
  })

  test('is needed by WhatsApp for service messages alone, and only where that is switched on', () => {
    const on = { whatsappServiceWindow: true }
    expect(reasonsOf(on, service)).toEqual([['OUTSIDE_SERVICE_WINDOW', null]])
    expect(reasonsOf(on, { ...service, category: 'transactional' })).toEqual([])
    expect(reasonsOf(on, { ...service, category: 'marketing' })).toEqual([])
    expect(reasonsOf(on, { ...service, channel: 'viber' })).toEqual([])
    expect(reasonsOf({}, service)).toEqual([])
  })
})

describe('a reservation', () => {
  const held = (at: number, expires: number, channel: Channel = 'sms'): Sent => ({
    channel,
    category: 'service',
    occurredAt: new Date(noon.getTime() + at * hour),
    reservation: { expiresAt: new Date(noon.getTime() + expires * hour) },
  })
  const service = { channel: 'sms', category: 'service' } as const
  const daily = [ruleOf({ windowSeconds: 86_400 })]

  test('holds its slot until it expires', () => {
    expect(reasonsOf({ rules: daily, sent: [held(0, 1)] }, service)).toEqual([['FREQUENCY_CAP', '2026-03-01T13:00:00.000Z']])
    expect(reasonsOf({ rules: daily, sent: [held(0, 1)] }, service, new Date(noon.getTime() + hour))).toEqual([])
  })

  test('for later keeps the window that ends then free for it', () => {
    expect(reasonsOf({ rules: daily, sent: [held(5, 30)] }, service)).toEqual([['FREQUENCY_CAP', '2026-03-02T17:00:00.000Z']])
    expect(reasonsOf({ rules: daily, sent: [held(24, 30)] }, service)).toEqual([])
  })
})
