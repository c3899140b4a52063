import { defaultPageSize } from '../../../kernel/page.ts'

interface Cost {
  readonly field: number
  readonly multiplier: number
}

/** The cost of a connection: the cost of one item times the page size. */
export const connectionCost = decidedBy(['first', 'last'], (args: ConnectionSize) =>
  costOfItems(args.first ?? args.last ?? defaultPageSize),
)

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
