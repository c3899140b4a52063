import fc from 'fast-check'
import { expect, test } from 'vitest'
import { localDay, localHour, offsetAt, timesAround, timeZonesOf } from '../../src/kernel/local-time.ts'

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

test('the times around a local time are those at which the clocks show it', () => {
  const anyMinute = fc.integer({ min: Date.parse('2025-01-01T00:00:00Z') / minute, max: Date.parse('2027-01-01T00:00:00Z') / minute })
  fc.assert(
    fc.property(fc.constantFrom(...zones), anyMinute, (zone, start) => {
      const local = start * minute
      const shown = timesAround(zone, local).filter((time) => time + offsetAt(zone, time) === local)
      const expected: number[] = []
      for (let time = local - 15 * 60 * minute; time <= local + 15 * 60 * minute; time += 15 * minute)
        if (time + offsetAt(zone, time) === local) expected.push(time)
      expect(shown).toEqual(expected)
    }),
    { numRuns: 100 },
  )
})

test('a time that the clocks jump over comes at the jump, and one that they go back over comes twice', () => {
  const skipped = Date.parse('2026-03-29T02:30:00Z')
  expect(timesAround('Europe/Berlin', skipped)).toContain(Date.parse('2026-03-29T01:00:00Z'))
  const repeated = Date.parse('2026-10-25T02:30:00Z')
  expect(timesAround('Europe/Berlin', repeated)).toEqual([
    Date.parse('2026-10-25T00:30:00Z'),
    Date.parse('2026-10-25T01:00:00Z'),
    Date.parse('2026-10-25T01:30:00Z'),
  ])
})

test('the local day counts from 1970-01-01, before it and across the date line', () => {
  const at = Date.parse('2026-03-01T12:00:00Z')
  const utc = at / 86_400_000
  expect([localDay('UTC', at), localDay('Pacific/Kiritimati', at), localDay('Pacific/Pago_Pago', at)]).toEqual([
    Math.floor(utc),
    Math.floor(utc) + 1,
    Math.floor(utc),
  ])
  expect(localDay('UTC', Date.parse('1969-12-31T23:59:59Z'))).toBe(-1)
})
