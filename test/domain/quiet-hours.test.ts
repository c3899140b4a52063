import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultQuietHours, parseQuietHours, type QuietHours, type QuietHoursInput } from '../../src/domain/organizations/quiet-hours.ts'
import { nextOpenEverywhere, scheduleFor, zonesOf } from '../../src/domain/sending/quiet-hours.ts'

const minute = 60_000

/** Opening hours that no database has: the whole day of every day, where nothing else is given. */
function hours(fields: Partial<QuietHoursInput>): QuietHours {
  const [parsed] = parseQuietHours([{ channelGroup: 'phone', ...fields }])
  if (parsed === undefined) throw new Error('One rule in, one rule out.')
  return parsed
}

/** A zone's clocks and calendar: making one takes longer than all else here. */
const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(zone: string): Intl.DateTimeFormat {
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, weekday: 'short', ...digits })
  clocks.set(zone, clock)
  return clock
}

/** What the contract says, by the words of Intl alone. */
function isOpen(zone: string, { opensAt, closesAt, closedWeekdays, closedDates }: QuietHours, at: number): boolean {
  const parts = clockOf(zone).formatToParts(at)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  const monthDay = `${part('month')}-${part('day')}`
  if (closedDates.includes(monthDay) || closedDates.includes(`${part('year')}-${monthDay}`)) return false
  if (closedWeekdays.includes(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')) + 1)) return false
  const time = Number(part('hour')) * 60 + Number(part('minute'))
  return time >= (opensAt ?? 0) && time < (closesAt ?? 24 * 60)
}

const next = (zone: string, rule: QuietHours, at: string) => {
  const found = nextOpenEverywhere([zone], rule, Date.parse(at))
  return found === null ? null : new Date(found).toISOString()
}

describe('the next open time', () => {
  test('is the first minute at which it is open in every zone', () => {
    const zones = fc.constantFrom(
      ['Europe/Berlin'],
      ['Asia/Kathmandu'],
      ['Pacific/Chatham'],
      ['Australia/Lord_Howe'],
      ['America/New_York', 'Pacific/Honolulu'],
      ['America/St_Johns', 'America/Los_Angeles'],
      ['Asia/Kolkata', 'Australia/Eucla'],
      // Its clocks go back from midnight to eleven.
      ['America/Havana'],
    )
    const rules = fc
      .record({
        opens: fc.integer({ min: 0, max: 95 }),
        length: fc.integer({ min: 20, max: 96 }),
        closedWeekdays: fc.subarray([1, 2, 3, 4, 5, 6, 7], { maxLength: 3 }),
        closedDates: fc.subarray(['03-08', '2026-03-29', '2026-10-04', '10-25', '12-25', '01-01', '2026-11-01']),
      })
      .map(({ opens, length, ...closed }) => ({
        ...defaultQuietHours.phone,
        ...closed,
        opensAt: opens * 15,
        closesAt: Math.min((opens + length) * 15, 24 * 60),
      }))
    const around = fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01', '2026-12-31')
    fc.assert(
      fc.property(zones, rules, around, fc.integer({ min: -36 * 4, max: 36 * 4 }), (places, rule, date, quarters) => {
        const from = Date.parse(`${date}T12:00:00Z`) + quarters * 15 * minute
        const found = nextOpenEverywhere(places, rule, from)
        const open = (at: number) => places.every((zone) => isOpen(zone, rule, at))
        // Every edge is on a quarter of an hour: rules are, and so are the changes of these zones' clocks.
        const horizon = from + 9 * 24 * 60 * minute
        let expected = from
        while (expected < horizon && !open(expected)) expected += 15 * minute
        if (expected < horizon) expect(found).toBe(expected)
        else expect(found === null || found >= horizon).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('on the Sunday on which the clocks change is eight by the new time', () => {
    const rule = defaultQuietHours.phone
    expect(next('Europe/Berlin', rule, '2026-03-28T22:00:00Z')).toBe('2026-03-29T06:00:00.000Z')
    expect(next('Europe/Berlin', rule, '2026-10-24T22:00:00Z')).toBe('2026-10-25T07:00:00.000Z')
    expect(next('America/New_York', rule, '2026-11-01T03:00:00Z')).toBe('2026-11-01T13:00:00.000Z')
  })

  test('after a closed Sunday is Monday, whatever the clocks do meanwhile', () => {
    const rule = hours({ opensAt: '08:00', closesAt: '21:00', closedWeekdays: [7] })
    expect(next('Europe/Berlin', rule, '2026-03-28T21:00:00Z')).toBe('2026-03-30T06:00:00.000Z')
    expect(next('Europe/Berlin', rule, '2026-10-24T20:00:00Z')).toBe('2026-10-26T07:00:00.000Z')
  })

  test('may be at midnight, and a day may end at 24:00', () => {
    const rule = hours({ opensAt: '00:00', closesAt: '24:00', closedDates: ['2026-12-25'] })
    expect(next('Asia/Kathmandu', rule, '2026-12-24T18:14:59.999Z')).toBe('2026-12-24T18:14:59.999Z')
    expect(next('Asia/Kathmandu', rule, '2026-12-24T18:15:00Z')).toBe('2026-12-25T18:15:00.000Z')
    expect(next('Asia/Kathmandu', hours({ opensAt: '20:00', closesAt: '24:00' }), '2026-12-24T18:14:59Z')).toBe('2026-12-24T18:14:59.000Z')
    expect(next('Asia/Kathmandu', hours({ closedDates: ['12-25'] }), '2027-12-25T00:00:00Z')).toBe('2027-12-25T18:15:00.000Z')
  })

  test('skips dates that a zone never had', () => {
    // Samoa went from the 29th to the 31st of December 2011.
    expect(next('Pacific/Apia', defaultQuietHours.phone, '2011-12-30T09:00:00Z')).toBe('2011-12-30T18:00:00.000Z')
  })

  test('never comes where the open hours of two zones do not meet, or every date is closed', () => {
    const brief = hours({ opensAt: '10:00', closesAt: '12:00' })
    expect(nextOpenEverywhere(['Pacific/Honolulu', 'Asia/Tokyo'], brief, 0)).toBeNull()
    const dates = Array.from({ length: 366 }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(5, 10))
    expect(nextOpenEverywhere(['UTC'], hours({ closedDates: dates }), 0)).toBeNull()
  })
})

describe('a rule', () => {
  test('of a country replaces that of all countries, which replaces the default', () => {
    const rules = parseQuietHours([
      { channelGroup: 'phone', opensAt: '09:00', closesAt: '20:00' },
      { countryCode: 'fr', channelGroup: 'phone', opensAt: '10:00', closesAt: '20:00', closedWeekdays: [7, 7] },
      { channelGroup: 'email', closedWeekdays: [6, 7] },
    ])
    const [germany, france] = [scheduleFor(rules, 'DE'), scheduleFor(rules, 'FR')]
    expect(germany.phone).toMatchObject({ countryCode: null, opensAt: 540, closesAt: 1200, closedWeekdays: [] })
    expect(france.phone).toMatchObject({ countryCode: 'FR', opensAt: 600, closedWeekdays: [7] })
    expect(france.chat).toEqual(defaultQuietHours.chat)
    expect(france.email).toMatchObject({ opensAt: null, closedWeekdays: [6, 7] })
    expect(scheduleFor(rules, null).phone.opensAt).toBe(540)
  })

  test.each<[string, Partial<QuietHoursInput>]>([
    ['quietHoursRules.0.opensAt', { opensAt: '8:00', closesAt: '21:00' }],
    ['quietHoursRules.0.closesAt', { opensAt: '08:00', closesAt: '24:01' }],
    ['quietHoursRules.0.closesAt', { opensAt: '08:00', closesAt: '08:00' }],
    ['quietHoursRules.0.closesAt', { opensAt: '22:00', closesAt: '06:00' }],
    ['quietHoursRules.0.closesAt', { opensAt: '08:00' }],
    ['quietHoursRules.0.opensAt', { closesAt: '08:00' }],
    ['quietHoursRules.0.countryCode', { countryCode: 'XX' }],
    ['quietHoursRules.0.closedWeekdays', { closedWeekdays: [1, 2, 3, 4, 5, 6, 7] }],
    ['quietHoursRules.0.closedDates', { closedDates: ['2026-02-29'] }],
    ['quietHoursRules.0.closedDates', { closedDates: ['25.12.2026'] }],
    ['quietHoursRules.0.closedDates', { closedDates: ['13-01'] }],
  ])('is refused because of %s: %j', (field, input) => {
    expect(() => hours(input)).toThrow(expect.objectContaining({ code: 'VALIDATION_ERROR', details: expect.objectContaining({ field }) }))
  })

  test('is there once for each country and group', () => {
    const twice = [{ channelGroup: 'chat' as const }, { channelGroup: 'chat' as const, countryCode: null }]
    expect(() => parseQuietHours(twice)).toThrow(expect.objectContaining({ code: 'VALIDATION_ERROR' }))
  })
})

describe('the zones of a contact', () => {
  const zones = (phone: string | null, timezone: string | null = null, countryCode: string | null = null, fallback: string | null = null) =>
    zonesOf({ phone, timezone, countryCode }, fallback)

  test('are its own, whatever its number', () => {
    expect(zones('+14155552671', 'Asia/Kathmandu')).toEqual(['Asia/Kathmandu'])
  })

  test('are those of the prefix of its number', () => {
    expect(zones('+14155552671')).toEqual(['America/Los_Angeles'])
    expect(zones('+14165550123')).toEqual(['America/Toronto'])
    expect(zones('+16845551234')).toEqual(['Pacific/Pago_Pago'])
    expect(zones('+61892345678')).toEqual(['Australia/Adelaide', 'Australia/Perth'])
    expect(zones('+5511961234567')).toEqual(['America/Sao_Paulo'])
  })

  test('are all of the country where the prefix says no more, as with toll-free numbers', () => {
    expect(zones('+18005550199')).toEqual(expect.arrayContaining(['America/New_York', 'Pacific/Honolulu']))
    expect(zones('+493023125017')).toContain('Europe/Berlin')
  })

  test('without a number that has a country are those of the contact’s country, else the organization’s, else UTC', () => {
    expect(zones('+80012345678', null, 'JP')).toEqual(['Asia/Tokyo'])
    expect(zones(null, null, 'JP', 'DE')).toEqual(['Asia/Tokyo'])
    expect(zones(null, null, null, 'JP')).toEqual(['Asia/Tokyo'])
    expect(zones(null)).toEqual(['UTC'])
  })
})
