import { useCallback, useEffect, useState } from 'react'
import { type ListState, readListState } from './list-request.ts'

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

function write({ search, filter, sort }: ListState): string {
  const parameters = new URLSearchParams()
  if (search !== '') parameters.set('q', search)
  if (Object.keys(filter).length > 0) parameters.set('filter', JSON.stringify(filter))
  if (sort !== '') parameters.set('sort', sort)
  const query = parameters.toString()
  return query === '' ? '' : `?${query}`
}
