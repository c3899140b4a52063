import type { ContactFilter, ContactOrder, ContactsQueryVariables } from '../generated/operations.ts'
import { attributeKey, type ColumnName } from './column-names.ts'

/** The search, the conditions and the order of the list. They are a part of the address, so that they can be shared and the way back leads to them. */
export interface ListState {
  readonly search: string
  readonly filter: ContactFilter
  /** `NAME`, or the key of an attribute as `attribute:seats`; with `-` ahead the greatest come first. Empty: newest first. */
  readonly sort: string
}

const pageSize = 50

/** Reads the query of the list's address; what cannot be read is as if it were absent. */
export function readListState(query: string): ListState {
  const parameters = new URLSearchParams(query)
  const search = parameters.get('q') ?? ''
  const sort = parameters.get('sort') ?? ''
  try {
    const filter: unknown = JSON.parse(parameters.get('filter') ?? '{}')
    // The API judges what is in it, and answers with a sentence if it is wrong.
    return { search, sort, filter: typeof filter === 'object' && filter !== null ? filter : {} }
  } catch {
    return { search, sort, filter: {} }
  }
}

/** The filter of the list, with what is searched. */
export function filterOf({ search, filter }: Pick<ListState, 'search' | 'filter'>): ContactFilter {
  const words = search.trim()
  return words === '' ? filter : { ...filter, search: words }
}

const fields = ['CREATED_AT', 'NAME', 'UPDATED_AT'] as const

/** The order that the address asks for; null for the default, and for one that cannot be read. */
export function orderOf(sort: string): ContactOrder | null {
  const direction = sort.startsWith('-') ? 'DESC' : 'ASC'
  const name = sort.replace(/^-/, '')
  const attribute = /^attribute:(.+)$/s.exec(name)?.[1]
  if (attribute !== undefined) return { field: 'ATTRIBUTE', attribute, direction }
  const field = fields.find((candidate) => candidate === name)
  return field === undefined ? null : { field, direction }
}

/** The variables of a page of the list. Definitions of attributes come with the first page only. */
export function listVariables(
  filter: ContactFilter,
  order: ContactOrder | null,
  columns: readonly ColumnName[],
  after: string | null,
  withDefinitions: boolean,
): ContactsQueryVariables {
  const keys = columns.flatMap((name) => attributeKey(name) ?? [])
  return {
    filter,
    ...(order !== null && { orderBy: order }),
    first: pageSize,
    after,
    withLast: columns.includes('last'),
    withAttributes: keys.length > 0,
    keys: keys.length > 0 ? keys : null,
    withDefinitions,
  }
}
