import fc from 'fast-check'
import { expect, test } from 'vitest'
import { localHour, nextTimeOfDay, timeOfDay, timeZonesOf } from '../../src/kernel/local-time.ts'

const minute = 60_000
const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Sao_Paulo', 'Pacific/Chatham', 'UTC']

test('the hour is the one on the zone’s clocks, over daylight-saving changes', () => {
  const berlin = (text: string) => localHour('Europe/Berlin', Date.parse(text))
  expect([berlin('2026-03-29T00:59:59Z'), berlin('2026-03-29T01:00:00Z')]).toEqual([1, 3])
  expect([berlin('2026-10-25T00:59:59Z'), berlin('2026-10-25T01:00:00Z')]).toEqual([2, 2])
  expect(localHour('Asia/Kathmandu', Date.parse('2026-01-01T00:00:00Z'))).toBe(5)
})

test('a country has its zones', () => {
  expect(timeZonesOf('US')).toEqual(expect.arrayContaining(['America/New_York', 'America/Los_Angeles', 'Pacific/Honolulu']))
  expect(timeZonesOf('DE')).toContain('Europe/Berlin')
  expect(timeZonesOf('XK')).toEqual([])
})

test('the next time of day is the first moment at which the clocks show it', () => {
  const moment = fc.integer({ min: Date.parse('2025-01-01T00:00:00Z') / minute, max: Date.parse('2027-01-01T00:00:00Z') / minute })
  fc.assert(
    fc.property(fc.constantFrom(...zones), moment, fc.integer({ min: 4, max: 23 }), (zone, start, hour) => {
      const from = start * minute
      const time = hour * 60 * minute
      let expected = from
      // No zone changes its clocks between four in the morning and midnight, so every such time comes once a day.
      while (timeOfDay(zone, expected) !== time) expected += minute
      expect(nextTimeOfDay(zone, from, time)).toBe(expected)
    }),
    { numRuns: 100 },
  )
})

test('a time that the clocks jump over comes at the jump', () => {
  const wanted = 2.5 * 60 * minute
  expect(nextTimeOfDay('Europe/Berlin', Date.parse('2026-03-29T00:00:00Z'), wanted)).toBe(Date.parse('2026-03-29T01:00:00Z'))
})
