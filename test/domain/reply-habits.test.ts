import { describe, expect, inject, test } from 'vitest'
import { assumedDelays, learnDelays, settledAfterOf, shareAnswered } from '../../src/domain/next-best-action/answer-delays.ts'
import { channelSentence, countTries } from '../../src/domain/next-best-action/counts.ts'
import { type Clock, evidenceOf } from '../../src/domain/next-best-action/evidence.ts'
import type { Try } from '../../src/domain/next-best-action/try.ts'
import { assumed, assumedHabits } from '../../src/domain/next-best-action/habits.ts'
import { learnHabits } from '../../src/domain/next-best-action/learn-habits.ts'
import { posteriorRate } from '../../src/domain/next-best-action/posterior.ts'
import { replyChances } from '../../src/domain/next-best-action/reply-chances.ts'
import { spreadOf } from '../../src/domain/next-best-action/spread.ts'
import { readHabits, storeHabits } from '../../src/domain/next-best-action/stored-habits.ts'
import { clockOf, slotsOfWeek } from '../../src/domain/next-best-action/week-clock.ts'
import { noon } from '../support/gateway.ts'
import { bayesOptimal } from '../support/simulation/bayes.ts'
import { judge, type Policy } from '../support/simulation/judge.ts'
import { ours } from '../support/simulation/ours.ts'
import { bestChannelAtTwo, bestDaypart, lastAnswered, simpleShrinkage } from '../support/simulation/policies.ts'
import { diceOf } from '../support/simulation/random.ts'
import { moreWorlds } from '../support/simulation/more-worlds.ts'
import { simulate, worldNamed, worlds } from '../support/simulation/worlds.ts'
import { uninterrupted } from '../support/uninterrupted.ts'

const hour = 3_600_000
const ago = (hours: number) => new Date(noon.getTime() - hours * hour)
const clock: Clock = clockOf('UTC')
const sure = { now: noon, clock, delays: assumedDelays }
const decent = Array.from({ length: 13 }, (_, index) => index + 8)
const sent = (count: number, hours: number, answerHours: number | null, channel: Try['channel'] = 'sms'): Try[] =>
  Array.from({ length: count }, (_, index) => ({
    channel,
    sentAt: ago(hours + 24 * 21 * index),
    answeredAt: answerHours === null ? null : ago(hours + 24 * 21 * index - answerHours),
  })).toReversed()

describe('evidence', () => {
  test('of messages is filed under the weekday and hour of sending, and less of it holds the older it is', () => {
    const { cells, freshness } = evidenceOf(sent(1, 24 * 240, 5), sure)
    expect(cells).toEqual([{ channel: 'sms', weekday: 5, hour: 12, tries: expect.closeTo(1), answers: expect.closeTo(1) }])
    expect(freshness).toBeCloseTo(0.5)
  })

  test('of a message without an answer counts as far as answers have had time to come', () => {
    const tries = (hours: number) => evidenceOf(sent(1, hours, null), { ...sure, halfLifeDays: Infinity }).cells[0]?.tries
    expect(tries(1)).toBeCloseTo(shareAnswered(assumedDelays, hour))
    expect(tries(24 * 20)).toBeCloseTo(1)
  })

  test('of an answer that may belong to either of two messages is shared between them', () => {
    const two: Try[] = [
      { channel: 'sms', sentAt: ago(48), answeredAt: null },
      { channel: 'sms', sentAt: ago(45), answeredAt: ago(44) },
    ]
    const { cells } = evidenceOf(two, { ...sure, halfLifeDays: Infinity })
    const answers = cells.map((cell) => cell.answers)
    expect(answers.reduce((sum, of) => sum + of, 0)).toBeCloseTo(1)
    expect(answers.every((of) => of > 0)).toBe(true)
  })

  test('moves a rate from the organization’s towards the contact’s own', () => {
    const rate = (count: number) => replyChances(evidenceOf(sent(count, 1, 0.5), sure), assumedHabits()).anyTime('sms')
    expect(rate(0)).toBeCloseTo(assumed.rate.mean)
    expect([rate(1) > rate(0), rate(10) > rate(1)]).toEqual([true, true])
    expect(posteriorRate({ mean: 0.2, strength: 10 }, 3, 10)).toMatchObject({ mean: (2 + 3) / (10 + 10) })
  })

  test('of answers to messages of one hour speaks for that hour and those around it, whenever the answers came', () => {
    const mornings = sent(6, 3, 2.5)
    const chances = replyChances(evidenceOf([...mornings, ...sent(6, 20, null), ...sent(6, 15, null)], sure), assumedHabits())
    const at = (of: number) => chances.at('sms', 2, of).mean
    expect([at(9) > at(14), at(9) > at(5), at(14) > at(20)]).toEqual([true, true, true])
  })

  test('of answers on weekdays speaks against the weekend', () => {
    const weekdays = sent(20, 3 + 24 * 4, 2).map((one, index) => ({
      ...one,
      sentAt: new Date(one.sentAt.getTime() + (index % 3) * 24 * hour),
      answeredAt: one.answeredAt && new Date(one.answeredAt.getTime() + (index % 3) * 24 * hour),
    }))
    const sundays = sent(10, 3 + 24 * 14, null)
    const evidence = evidenceOf(
      [...weekdays, ...sundays].toSorted((one, other) => one.sentAt.getTime() - other.sentAt.getTime()),
      sure,
    )
    const chances = replyChances(evidence, assumedHabits())
    expect(chances.at('sms', 3, 9).mean).toBeGreaterThan(2 * chances.at('sms', 0, 9).mean)
  })
})

describe('answering times', () => {
  test('are learned from messages that are old enough to have been answered', () => {
    const late = learnDelays(
      Array.from({ length: 200 }, (_, index) => ({
        channel: 'email' as const,
        sentAt: ago(500 + index),
        answeredAt: ago(500 + index - 30),
      })),
      noon,
    )
    expect(shareAnswered(late, 20 * hour)).toBeLessThan(0.1)
    expect(shareAnswered(late, 50 * hour)).toBeGreaterThan(0.9)
    expect(settledAfterOf(late)).toBeGreaterThan(24 * 3600)
    expect(learnDelays([], noon).map((share) => share.toFixed(6))).toEqual(assumedDelays.map((share) => share.toFixed(6)))
  })
})

describe('what a suggestion states', () => {
  test('was counted, and a message that may still be answered is not counted', () => {
    const tries = [
      ...sent(12, 24 * 9 + 3, null, 'email').map((one, index) => (index < 3 ? { ...one, answeredAt: one.sentAt } : one)),
      ...sent(1, 1, null, 'email'),
    ]
    const counts = countTries(tries, { now: noon, clock, settledAfter: 86_400 })
    expect(channelSentence(counts, new Map(), 'email')).toBe('Answered 3 of 12 messages by email, mostly when sent in the morning.')
    expect(channelSentence(counts, new Map([['sms', { sent: 40, answered: 2 }]]), 'sms')).toBe(
      'No message by text message to this contact has been counted yet; other contacts answered 2 of 40 messages.',
    )
    expect(channelSentence(counts, new Map(), 'rcs')).not.toMatch(/\d/)
  })
})

describe('habits', () => {
  test('are learned from contacts: the mean of their rates, and how much they differ', () => {
    const prior = assumed.rate
    const alike = spreadOf(
      Array.from({ length: 200 }, () => ({ weight: 1, tries: 20, answers: 6, squares: 20 })),
      prior,
    )
    const apart = spreadOf(
      Array.from({ length: 200 }, (_, index) => ({ weight: 1, tries: 20, answers: index % 2 === 0 ? 0 : 12, squares: 20 })),
      prior,
    )
    expect(alike.mean).toBeCloseTo(0.3, 1)
    expect(apart.mean).toBeCloseTo(0.3, 1)
    expect(alike.strength).toBeGreaterThan(50)
    expect(apart.strength).toBeLessThan(5)
  })

  test.each([8, 10, 16, 20])('of an organization that sends at %i:00 only do not lead away from that hour', (sendingHour) => {
    const dice = diceOf(sendingHour)
    const contacts = Array.from({ length: 30 }, () => {
      const rate = dice.uniform(0.1, 0.4)
      const tries = sent(20, 12 - sendingHour + 24 * 5, null, 'email').map((one) => {
        const answeredAt = dice.happens(rate) ? new Date(one.sentAt.getTime() + dice.uniform(1, 8) * hour) : null
        return { ...one, answeredAt }
      })
      return evidenceOf(tries, sure)
    })
    const habits = uninterrupted(learnHabits(contacts, assumedDelays))
    const ends = contacts.map((evidence) => {
      const chances = replyChances(evidence, habits)
      const at = (weekday: number, of: number) => chances.worthAt('email', weekday, of)
      const best = decent.toSorted((one, other) => at(2, other) - at(2, one))[0] ?? 0
      return Math.abs(best - sendingHour)
    })
    // Contacts that hardly answered then may have other good hours.
    expect(ends.toSorted((one, other) => one - other)[15]).toBeLessThanOrEqual(2)
  })

  test('survive being stored; what another version stored is not misread', () => {
    const learned = uninterrupted(
      learnHabits([evidenceOf(sent(6, 3, 2), sure), evidenceOf(sent(4, 3, null, 'email'), sure)], assumedDelays),
    )
    const habits = { ...learned, counts: new Map([['sms' as const, { sent: 6, answered: 6 }]]), channelsInUse: new Set(['sms' as const]) }
    const stored = JSON.parse(JSON.stringify(storeHabits({ habits, latestMessageId: 'msg_1', messages: 10 })))
    const read = readHabits(stored)
    expect(read).toMatchObject({ latestMessageId: 'msg_1', messages: 10 })
    expect(storeHabits(read ?? { habits: assumedHabits(), latestMessageId: null, messages: 0 })).toEqual(stored)
    expect(readHabits({ bestHours: [], profile: [], rates: {} })).toBeNull()
  })
})

test('the slots of a week are decent local hours, also where the clocks change', () => {
  const slots = slotsOfWeek('Europe/Berlin', new Date('2026-03-27T21:30:00Z'))
  expect(slots[0]).toEqual({ at: new Date('2026-03-28T07:00:00Z'), weekday: 6, hour: 8 })
  expect(slots.find(({ weekday }) => weekday === 0)).toEqual({ at: new Date('2026-03-29T06:00:00Z'), weekday: 0, hour: 8 })
  for (const { at, ...shown } of slots) expect(clockOf('Europe/Berlin')(at)).toEqual(shown)
})

// Without a database: a run on a server has nothing to add.
describe.skipIf(inject('template').server !== null)('in a simulated world', () => {
  const rateOf = (world: ReturnType<typeof simulate>, policy: Policy) => judge(world, policy(world))

  test.each(['answers after hours', 'hour depends on channel'])(
    'with %s the model comes near the Bayes-optimal policy, beats the naive ones, and predicts what happens',
    (name) => {
      const world = simulate(worldNamed(name), { seed: 7, contacts: 300, messages: 30 })
      const model = rateOf(world, ours())
      const optimal = rateOf(world, bayesOptimal(worldNamed(name)) ?? ours())
      const naive = [lastAnswered, bestChannelAtTwo, bestDaypart, simpleShrinkage].map((policy) => rateOf(world, policy).replyRate)
      expect(model.replyRate / optimal.replyRate).toBeGreaterThan(0.9)
      expect(model.replyRate / Math.max(...naive)).toBeGreaterThan(1.05)
      expect(model.calibrationError).toBeLessThan(0.06)
    },
    60_000,
  )

  test.each([
    ['evening hours', 0.85],
    ['bimodal hours', 0.65],
  ])(
    'with %s a few messages to each contact show the model when contacts answer',
    (name, least) => {
      const kind = [...worlds, ...moreWorlds].find((world) => world.name === name) ?? worldNamed(name)
      const world = simulate(kind, { seed: 7, contacts: 300, messages: 5 })
      expect(rateOf(world, ours()).replyRate / rateOf(world, bayesOptimal(kind) ?? ours()).replyRate).toBeGreaterThan(least)
    },
    60_000,
  )
})
