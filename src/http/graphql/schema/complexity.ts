import { defaultChanges } from '../../../domain/finding/changes.ts'
import { costOfFilter } from '../../../domain/finding/cost.ts'
import type { ContactFilter } from '../../../domain/finding/filter.ts'
import { defaultPageSize } from '../../../kernel/page.ts'

interface Cost {
  readonly field: number
  readonly multiplier: number
}

/** The cost of a connection: the cost of one item times the page size. */
export const connectionCost = decidedBy(['first', 'last'], (args: ConnectionSize) =>
  costOfItems(args.first ?? args.last ?? defaultPageSize),
)

/** The cost of a connection that takes a filter: that of its items, and of what the filter looks at beside the contact itself. */
export const filteredConnectionCost = decidedBy(['first', 'last', 'filter'], ({ first, last, filter }: ConnectionSize & Filtered) => ({
  field: 1 + costOfFilter(filter),
  multiplier: first ?? last ?? defaultPageSize,
}))

/** The cost of counting: every contact that matches is read. */
export const costOfCounts = decidedBy(['filter'], ({ filter }: Filtered) => ({ field: 100 + costOfFilter(filter), multiplier: 25 }))

/** The cost of a page of changes, which has more items than other pages. */
export const costOfChanges = decidedBy(['first', 'filter'], ({ first, filter }: ConnectionSize & Filtered) => ({
  field: 1 + costOfFilter(filter),
  multiplier: first ?? defaultChanges,
}))

interface Filtered {
  readonly filter?: ContactFilter | null | undefined
}

interface ConnectionSize {
  readonly first?: number | null | undefined
  readonly last?: number | null | undefined
}

export interface Decided {
  /** The arguments that decide the cost. Default: all of them. */
  readonly decidedBy?: readonly string[]
}

function decidedBy<Args>(names: readonly string[], cost: (args: Args) => Cost): ((args: Args) => Cost) & Decided {
  return Object.assign(cost, { decidedBy: names })
}

/** The cost of a field that returns this many items. */
export function costOfItems(count: number): Cost {
  return { field: 1, multiplier: count }
}

/** The cost of a list whose items are already counted by the field above it. */
export const costOfOne: Cost = costOfItems(1)
