import type { PageRequest } from '../../kernel/page.ts'
import { Prisma } from '../generated/client.ts'

/** What a list is sorted by: two columns, both in one direction, so that one index serves it forward and backward. */
export interface SortOrder {
  readonly key: Prisma.Sql
  readonly id: Prisma.Sql
  readonly direction: 'asc' | 'desc'
}

/** Condition, order and limit of one page; a row more than the page is asked for where it is wanted to know whether there are more. */
export interface Keyset {
  /** Is true for every row where there is no position to go on from. */
  readonly condition: Prisma.Sql
  readonly orderBy: Prisma.Sql
  readonly limit: number
}

/**
 * Finds a page by the position of its neighbour, so that the thousandth page costs what the first does, and rows that come and
 * go meanwhile move no other. The comparison is of whole rows: PostgreSQL enters the index with it directly.
 */
export function keyset(order: SortOrder, request: PageRequest): Keyset {
  const descending = (order.direction === 'desc') === (request.direction === 'forward')
  const position = request.from
  const beyond = descending ? Prisma.sql`<` : Prisma.sql`>`
  const direction = descending ? Prisma.sql`desc` : Prisma.sql`asc`
  return {
    condition: position === null ? Prisma.sql`true` : Prisma.sql`(${order.key}, ${order.id}) ${beyond} (${position.key}, ${position.id})`,
    orderBy: Prisma.sql`${order.key} ${direction}, ${order.id} ${direction}`,
    limit: request.limit + (request.more === false ? 0 : 1),
  }
}
