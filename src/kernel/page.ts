import { InvalidCursor, InvalidInput } from './errors.ts'

/** The most items that one page can have. */
export const maxPageSize = 200
/** The default page size. */
export const defaultPageSize = 25
/** Matches are counted up to here; past it there is no total, so that counting never costs more than the page. */
export const maxTotal = 10_000

/** The place of one item in a list that is sorted by one value and then by id. */
export interface Position {
  /** The value that the list is sorted by: a time, a text, or a number. */
  readonly key: Date | string | number
  readonly id: string
}

/** Which page of a list is wanted: so many items after (forward) or before (backward) a position, or from the list's end. */
export interface PageRequest {
  readonly limit: number
  readonly direction: 'forward' | 'backward'
  readonly from: Position | null
  /** Whether the total is wanted: it costs a count. */
  readonly total: boolean
  /** Whether to find out if there are more items, which costs a row. Default: true. If false, the page reports that there are none. */
  readonly more?: boolean
  /** Whether it is wanted from which event on changes of the list are to be read. */
  readonly eventId?: boolean
}

/** One page of a list, in the list's order whatever the direction. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly hasNext: boolean
  readonly hasPrevious: boolean
  /** How many items the list has; null past {@link maxTotal} or if it was not asked for. */
  readonly total: number | null
  /** The event before which the page was read; absent if it was not asked for. */
  readonly eventId?: string
}

/** Says which list a cursor belongs to: a cursor that another list handed out is refused. */
export interface List {
  /** Names the list and its order, such as `contacts:created`, or `notes:con_…` for the notes of one contact. */
  readonly name: string
  /** What its items are sorted by. */
  readonly key: 'time' | 'text' | 'number'
}

/** Accepts a page size. @throws InvalidInput */
export function parsePageSize(size: number | null | undefined, field: string): number {
  if (size === null || size === undefined) return defaultPageSize
  if (Number.isInteger(size) && size >= 1 && size <= maxPageSize) return size
  throw new InvalidInput(`A page has 1 to ${maxPageSize} items.`, { field, value: size, expected: `an integer from 1 to ${maxPageSize}` })
}

/** Writes a position down as an opaque cursor of the list. */
export function encodeCursor(list: List, position: Position): string {
  const key = position.key instanceof Date ? position.key.getTime() : position.key
  return Buffer.from(JSON.stringify([list.name, key, position.id])).toString('base64url')
}

/** Reads a cursor back. @throws InvalidCursor unless this very list handed it out */
export function decodeCursor(list: List, cursor: string): Position {
  const [name, key, id, ...rest] = unpack(cursor)
  if (name === list.name && typeof id === 'string' && /^[a-z]+_[0-9a-z]{26}$/.test(id) && rest.length === 0) {
    if (list.key === 'time' && typeof key === 'number' && Number.isInteger(key) && Math.abs(key) <= 253_402_300_799_999) {
      return { key: new Date(key), id }
    }
    if (list.key === 'number' && typeof key === 'number' && Number.isInteger(key) && key >= 0 && key < 2 ** 31) return { key, id }
    if (list.key === 'text' && typeof key === 'string' && !key.includes('\u0000') && key.isWellFormed()) return { key, id }
  }
  throw new InvalidCursor(cursor.slice(0, 120))
}

function unpack(cursor: string): unknown[] {
  if (cursor.length > 4096 || !/^[\w-]+$/.test(cursor)) return []
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

/**
 * Makes a page of the rows that a query found beyond the wanted position.
 * @param rows in the order of the search, one more than the limit if there are more
 */
export function pageOf<Row>(rows: readonly Row[], request: PageRequest, total: number | null): Page<Row> {
  const more = rows.length > request.limit
  const found = more ? rows.slice(0, request.limit) : rows
  const forward = request.direction === 'forward'
  return {
    items: forward ? found : found.toReversed(),
    hasNext: forward ? more : request.from !== null,
    hasPrevious: forward ? request.from !== null : more,
    total: total === null || total > maxTotal ? null : total,
  }
}
