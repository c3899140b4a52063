import type { Prisma } from '../../data/generated/client.ts'
import type { ContactFilter } from './filter.ts'

/** Writes a filter down as JSON; null for one that asks for nothing. */
export function storeFilter(filter: ContactFilter | null | undefined): Prisma.InputJsonValue | null {
  if (filter === null || filter === undefined || Object.values(filter).every((value) => value === null || value === undefined)) return null
  // proof: a filter has texts, numbers, booleans, dates, lists and objects of these in it
  return JSON.parse(JSON.stringify(filter)) as Prisma.InputJsonValue
}

/** The filter that was written down, with its times as dates. */
export function restoreFilter(stored: unknown): ContactFilter {
  // proof: only `storeFilter` writes the column
  return stored === null ? {} : withDates(stored as StoredFilter)
}

type StoredFilter = { readonly [Name in keyof ContactFilter]?: unknown }

const times = ['createdAfter', 'createdBefore', 'updatedAfter', 'updatedBefore'] as const

function withDates(filter: StoredFilter): ContactFilter {
  const { and, or, not, activity } = filter
  const level = (one: unknown) => withDates(one as StoredFilter)
  return {
    // proof: what has other types than in a filter is replaced below
    ...(filter as ContactFilter),
    ...datesOf(filter, times),
    ...(isPresent(activity) && { activity: { ...activity, ...datesOf(activity, ['from', 'to']) } }),
    ...(Array.isArray(and) && { and: and.map(level) }),
    ...(Array.isArray(or) && { or: or.map(level) }),
    ...(isPresent(not) && { not: level(not) }),
  }
}

function isPresent(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function datesOf(from: object, names: readonly string[]): Record<string, Date> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value: unknown = Reflect.get(from, name)
      return typeof value === 'string' ? [[name, new Date(value)]] : []
    }),
  )
}
