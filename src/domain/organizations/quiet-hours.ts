import type { ChannelGroup, QuietHoursRule } from '../../data/generated/client.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { parseCountryCode } from '../../kernel/countries.ts'
import { shorten } from '../../kernel/text.ts'

export const channelGroups = ['phone', 'chat', 'email', 'push', 'fax'] as const satisfies readonly ChannelGroup[]

/** The days of the week in the order of their ISO numbers, which begin with 1. */
export const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const

/** When the channels of a group may be used, by the clocks where the contact is. */
export interface QuietHours {
  /** Null: the rule for every country that has none of its own. */
  readonly countryCode: string | null
  readonly channelGroup: ChannelGroup
  /** Minutes since midnight, from `opensAt` up to but not including `closesAt`; both null: at any time of the day. */
  readonly opensAt: number | null
  readonly closesAt: number | null
  /** ISO weekdays, 1 (Monday) to 7 (Sunday). */
  readonly closedWeekdays: readonly number[]
  /** `2026-12-25`, or `12-25` for every year. */
  readonly closedDates: readonly string[]
}

/** A rule as callers write it. Omitted and null fields leave the day open. */
export interface QuietHoursInput {
  readonly countryCode?: string | null | undefined
  readonly channelGroup: ChannelGroup
  /** `HH:MM`, 00:00 to 23:59. */
  readonly opensAt?: string | null | undefined
  /** `HH:MM`, later than `opensAt`, up to 24:00. */
  readonly closesAt?: string | null | undefined
  readonly closedWeekdays?: readonly number[] | null | undefined
  readonly closedDates?: readonly string[] | null | undefined
}

const anyTime = { countryCode: null, opensAt: null, closesAt: null, closedWeekdays: [], closedDates: [] }

/** What holds for a group of channels until the organization has a rule for it. */
export const defaultQuietHours: Readonly<Record<ChannelGroup, QuietHours>> = {
  phone: { ...anyTime, channelGroup: 'phone', opensAt: 8 * 60, closesAt: 21 * 60 },
  chat: { ...anyTime, channelGroup: 'chat', opensAt: 9 * 60, closesAt: 21 * 60 },
  email: { ...anyTime, channelGroup: 'email' },
  push: { ...anyTime, channelGroup: 'push' },
  fax: { ...anyTime, channelGroup: 'fax' },
}

/** A country's rule as it is stored: a key cannot hold null, so the rule for every country has the empty code. */
export function quietHoursOf({ countryCode, channelGroup, opensAt, closesAt, closedWeekdays, closedDates }: StoredRule): QuietHours {
  return { countryCode: countryCode === '' ? null : countryCode, channelGroup, opensAt, closesAt, closedWeekdays, closedDates }
}

export type StoredRule = Omit<QuietHoursRule, 'organizationId' | 'updatedAt'>

/** Whether two lists hold the same rules, in any order. */
export function sameRules(some: readonly QuietHours[], others: readonly QuietHours[]): boolean {
  const text = ({ countryCode, channelGroup, opensAt, closesAt, closedWeekdays, closedDates }: QuietHours) =>
    JSON.stringify([countryCode, channelGroup, opensAt, closesAt, closedWeekdays, closedDates])
  const texts = (rules: readonly QuietHours[]) => rules.map(text).toSorted()
  return JSON.stringify(texts(some)) === JSON.stringify(texts(others))
}

/** Every group's rule for all countries, defaults included, and then the countries' own rules, in the order of their codes. */
export function completeRules(rules: readonly QuietHours[]): QuietHours[] {
  const general = channelGroups.map(
    (group) => rules.find(({ countryCode, channelGroup }) => countryCode === null && channelGroup === group) ?? defaultQuietHours[group],
  )
  const sortKey = ({ countryCode, channelGroup }: QuietHours) => `${countryCode} ${channelGroups.indexOf(channelGroup)}`
  const ofCountries = rules.filter(({ countryCode }) => countryCode !== null)
  return [...general, ...ofCountries.toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1))]
}

/** Minutes since midnight as `HH:MM`. */
export function clockText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

const maxRules = 200
const maxDates = 400

/** Accepts all rules of an organization, at most one for each country and group. @throws InvalidInput */
export function parseQuietHours(inputs: readonly QuietHoursInput[]): QuietHours[] {
  if (inputs.length > maxRules) {
    throw new InvalidInput(`${inputs.length} rules are too many.`, { field: 'quietHoursRules', expected: `at most ${maxRules} rules` })
  }
  const seen = new Set<string>()
  return inputs.map((input, index) => {
    const rule = parseRule(input, `quietHoursRules.${index}`)
    const key = `${rule.countryCode} ${rule.channelGroup}`
    if (seen.has(key)) {
      throw new InvalidInput('Two rules are for the same country and group of channels.', {
        field: `quietHoursRules.${index}`,
        expected: 'one rule for each country and group',
      })
    }
    seen.add(key)
    return rule
  })
}

function parseRule(input: QuietHoursInput, path: string): QuietHours {
  const { countryCode, channelGroup } = input
  const opensAt = typeof input.opensAt === 'string' ? parseClock(input.opensAt, `${path}.opensAt`) : null
  const closesAt = typeof input.closesAt === 'string' ? parseClock(input.closesAt, `${path}.closesAt`) : null
  if ((opensAt === null) !== (closesAt === null)) {
    const field = `${path}.${opensAt === null ? 'opensAt' : 'closesAt'}`
    throw new InvalidInput('Open hours need both a beginning and an end.', { field, expected: 'both opensAt and closesAt, or neither' })
  }
  if (opensAt !== null && closesAt !== null && closesAt <= opensAt) {
    throw new InvalidInput('Open hours end later on the same day than they begin.', {
      field: `${path}.closesAt`,
      value: input.closesAt,
      expected: `a time after ${clockText(opensAt)}, up to 24:00`,
    })
  }
  return {
    countryCode: typeof countryCode === 'string' ? parseCountryCode(countryCode, `${path}.countryCode`) : null,
    channelGroup,
    opensAt,
    closesAt,
    closedWeekdays: parseWeekdays(input.closedWeekdays ?? [], `${path}.closedWeekdays`),
    closedDates: parseDates(input.closedDates ?? [], `${path}.closedDates`),
  }
}

function parseClock(text: string, field: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? []
  const parsed = Number(hours) * 60 + Number(minutes)
  if (parsed <= 24 * 60) return parsed
  throw new InvalidInput('This is not a time of the day.', { field, value: shorten(text), expected: 'HH:MM, 00:00 to 24:00' })
}

function parseWeekdays(days: readonly number[], field: string): number[] {
  const found = [...new Set(days)].toSorted((one, other) => one - other)
  if (found.length === 7)
    throw new InvalidInput('A week with no open day lets no message out.', { field, expected: 'at most six weekdays' })
  return found
}

function parseDates(dates: readonly string[], field: string): string[] {
  if (dates.length > maxDates)
    throw new InvalidInput(`${dates.length} dates are too many.`, { field, expected: `at most ${maxDates} dates` })
  for (const date of dates) {
    // A date without a year must exist in leap years.
    const full = date.length === 5 ? `2024-${date}` : date
    if (/^\d{4}-\d\d-\d\d$/.test(full) && isDate(full)) continue
    throw new InvalidInput('This is not a date.', { field, value: shorten(date), expected: 'YYYY-MM-DD, or MM-DD for every year' })
  }
  return [...new Set(dates)].toSorted()
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
