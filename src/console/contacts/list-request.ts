import type { ContactFilter, ContactsQueryVariables } from '../generated/operations.ts'
import { attributeKey, type ColumnName } from './column-names.ts'

/** The search and the conditions of the list. They are a part of the address, so that they can be shared and the way back leads to them. */
export interface ListState {
  readonly search: string
  readonly filter: ContactFilter
}

const pageSize = 50

/** Reads the query of the list's address; what cannot be read is as if it were absent. */
export function readListState(query: string): ListState {
  const parameters = new URLSearchParams(query)
  const search = parameters.get('q') ?? ''
  try {
    const filter: unknown = JSON.parse(parameters.get('filter') ?? '{}')
    // The API judges what is in it, and answers with a sentence if it is wrong.
    return { search, filter: typeof filter === 'object' && filter !== null ? filter : {} }
  } catch {
    return { search, filter: {} }
  }
}

/** The filter of the list, with what is searched. */
export function filterOf({ search, filter }: ListState): ContactFilter {
  const words = search.trim()
  return words === '' ? filter : { ...filter, search: words }
}

/** The variables of a page of the list. Definitions of attributes come with the first page only. */
export function listVariables(
  filter: ContactFilter,
  columns: readonly ColumnName[],
  after: string | null,
  withDefinitions: boolean,
): ContactsQueryVariables {
  const keys = columns.flatMap((name) => attributeKey(name) ?? [])
  return {
    filter,
    first: pageSize,
    after,
    withLast: columns.includes('last'),
    withAttributes: keys.length > 0,
    keys: keys.length > 0 ? keys : null,
    withDefinitions,
  }
}
