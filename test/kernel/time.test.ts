import { expect, test } from 'vitest'
import { parseDateOrDateTime, parseDateTime } from '../../src/kernel/time.ts'

test.each([
  ['2026-03-01T09:30:00Z', '2026-03-01T09:30:00.000Z'],
  ['2026-03-01T09:30:00.123+02:00', '2026-03-01T07:30:00.123Z'],
])('%s is %s', (text, iso) => {
  expect(parseDateTime(text, 'from').toISOString()).toBe(iso)
})

test.each([
  '2026-03-01',
  '2026-03-01T09:30:00',
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-03-01T25:00:00Z',
  'yesterday',
  '',
  '1772357400',
  '0000-01-01T00:00:00Z',
])('%j is no date-time', (text) => {
  expect(() => parseDateTime(text, 'from')).toThrow(/date/)
})

test('a date stands for its first instant in UTC', () => {
  expect(parseDateOrDateTime('2026-03-01', 'from').toISOString()).toBe('2026-03-01T00:00:00.000Z')
  expect(() => parseDateOrDateTime('2026-02-30', 'from')).toThrow('This is neither a date nor a date-time.')
})
