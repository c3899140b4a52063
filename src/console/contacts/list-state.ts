import { useCallback, useEffect, useState } from 'react'
import type { ContactFilter } from '../generated/operations.ts'

/** The search and the conditions of the list. They are a part of the address, so that they can be shared and the way back leads to them. */
export interface ListState {
  readonly search: string
  readonly filter: ContactFilter
}

const storageKey = 'contact-gateway-list'

export function useListState(): readonly [ListState, (next: ListState) => void] {
  const [state, setState] = useState(() => readListState(window.location.search))
  const change = useCallback((next: ListState) => {
    window.history.replaceState(null, '', `/console/${write(next)}`)
    setState(next)
  }, [])
  useEffect(() => sessionStorage.setItem(storageKey, write(state)), [state])
  return [state, change]
}

/** The path of the list as it was left, below `/console`. */
export function lastList(): string {
  return `/${sessionStorage.getItem(storageKey) ?? ''}`
}

/** Reads the address; what cannot be read is as if it were absent. */
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

function write({ search, filter }: ListState): string {
  const parameters = new URLSearchParams()
  if (search !== '') parameters.set('q', search)
  if (Object.keys(filter).length > 0) parameters.set('filter', JSON.stringify(filter))
  const query = parameters.toString()
  return query === '' ? '' : `?${query}`
}
