import { expect, test } from 'vitest'
import { findTimezone, parseTimezone } from '../../src/kernel/time-zones.ts'

test('every time zone of the runtime is accepted in any case', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) expect(parseTimezone(zone.toLowerCase())).toBe(zone)
})

test.each([
  'Asia/Kolkata',
  'Europe/Kyiv',
  'UTC',
  'America/Argentina/Buenos_Aires',
  'Japan',
  'GMT',
  'EET',
  'MST',
  'Etc/GMT+5',
  'PST8PDT',
  'W-SU',
])('%s keeps its name', (zone) => {
  expect(parseTimezone(zone)).toBe(zone)
})

test.each([
  ['Central European Standard Time', 'Europe/Warsaw'],
  ['tokyo standard time', 'Asia/Tokyo'],
  ['Mountain Time (US and Canada)', 'America/Denver'],
  ['US Central', 'America/Chicago'],
  ['Asia/Tokyo (JST)', 'Asia/Tokyo'],
  ['America/Denver (GMT-07:00)', 'America/Denver'],
  ['Mountain Time (US & Canada)', 'America/Denver'],
  ['(GMT+01:00) Bern', 'Europe/Zurich'],
  ['(UTC-03:00) Brasilia', 'America/Sao_Paulo'],
  ['(GMT+09:00) Osaka', 'Asia/Tokyo'],
  ['(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius', 'Europe/Helsinki'],
  ['europe_slash_lisbon', 'Europe/Lisbon'],
  ['America/Sao Paulo', 'America/Sao_Paulo'],
  ['us/eastern', 'US/Eastern'],
  [' Asia/Tokyo ', 'Asia/Tokyo'],
  ['Z', 'UTC'],
])('%j is %s', (name, zone) => {
  expect(findTimezone(name)).toBe(zone)
  expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow()
})

test.each(['', 'Mars/Olympus', '+01:00', 'GMT+2', 'CEST!', 'Europe/Berlin; drop table', 'a'.repeat(200), 'SystemV/EST5'])(
  '%j is no time zone',
  (zone) => {
    expect(() => parseTimezone(zone)).toThrow('There is no such time zone')
  },
)

test.each(['BST', 'IST', 'AST', 'CST', 'PST', 'ACT', 'JST', 'NST', 'EDT', 'CEST'])('the abbreviation %s is refused', (zone) => {
  expect(() => parseTimezone(zone)).toThrow('abbreviations mean different places to different people')
})
