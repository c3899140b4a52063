import { lazy, Suspense, useDeferredValue, useMemo, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { Link, useLocation } from 'wouter'
import { attributeKey } from '../contacts/column-names.ts'
import { ColumnChooser, useColumns } from '../contacts/columns.tsx'
import { FilterChips } from '../contacts/filter-chips.tsx'
import { filterOf, type ListState, listVariables, orderOf } from '../contacts/list-request.ts'
import { useListState } from '../contacts/list-state.ts'
import { Rows } from '../contacts/rows.tsx'
import { SortChooser } from '../contacts/sort-chooser.tsx'
import { ContactsDocument } from '../generated/documents/Contacts.ts'
import type { DefinitionFragment } from '../generated/operations.ts'
import { useKeys } from '../shared/keyboard.ts'
import { Empty, Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'

const BulkBar = lazy(() => import('../contacts/bulk-bar.tsx').then((module) => ({ default: module.BulkBar })))
const NewContactDialog = lazy(() => import('../contact/edit.tsx').then((module) => ({ default: module.NewContactDialog })))

/** The state of the history with which the search has the focus at once. */
export const searching = 'search'

interface ContactsProps {
  readonly scopes: readonly string[]
  readonly credential: string
}

/** Search as you type, conditions as chips, and rows without end. */
export function ContactsView({ scopes, credential }: ContactsProps) {
  const [state, setState] = useListState()
  const [columns, setColumns] = useColumns()
  const [after, setAfter] = useState<string | null>(null)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [isWhole, setIsWhole] = useState(false)
  const [active, setActive] = useState(0)
  const [isNew, setIsNew] = useState(false)
  const canWrite = scopes.includes('contacts:write')
  const [, navigate] = useLocation()
  const searchBox = useRef<HTMLInputElement>(null)
  const search = useDeferredValue(state.search.trim())
  const filter = useMemo(() => filterOf({ search, filter: state.filter }), [state.filter, search])
  const list = useMemo(() => ({ filter, sort: state.sort }), [filter, state.sort])
  const [definitions, setDefinitions] = useState<readonly DefinitionFragment[] | null>(null)
  const inUse = useMemo(() => (definitions ?? []).filter(({ archived }) => !archived), [definitions])
  const [{ data, error, fetching }, refresh] = useQuery({
    query: ContactsDocument,
    variables: listVariables(filter, orderOf(state.sort), columns, after, definitions === null),
  })
  if (definitions === null && data?.attributeDefinitions) setDefinitions(data.attributeDefinitions)
  const shown = useMemo(
    () => columns.filter((name) => attributeKey(name) === null || inUse.some(({ key }) => key === attributeKey(name))),
    [columns, inUse],
  )
  const rows = data?.contacts.nodes ?? []
  const total = data?.contacts.totalCount ?? null
  const clear = (): void => {
    setSelected(new Set())
    setIsWhole(false)
  }
  const change = (next: ListState): void => {
    setState(next)
    setAfter(null)
    setActive(0)
    clear()
  }
  const toggle = (id: string): void => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    setSelected(next)
    setIsWhole(false)
  }
  const move = (step: number) => setActive(Math.max(0, Math.min(active + step, rows.length - 1)))
  useKeys({
    '/': () => searchBox.current?.focus(),
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    x: () => rows[active] && toggle(rows[active].id),
    Enter: () => rows[active] && navigate(`/contacts/${rows[active].id}`),
    Escape: clear,
  })
  const canSelectWhole = total !== null && total > selected.size && rows.length > 0 && rows.every(({ id }) => selected.has(id))
  return (
    <main className="page list-page">
      <header className="toolbar">
        <h1>{text.nav.contacts}</h1>
        <input
          ref={searchBox}
          type="search"
          autoFocus={window.history.state === searching}
          aria-label={text.contacts.search}
          placeholder={text.contacts.search}
          value={state.search}
          onChange={({ target }) => change({ ...state, search: target.value })}
          onKeyDown={({ key, currentTarget }) => (key === 'Escape' || key === 'Enter') && currentTarget.blur()}
        />
        <span className="soft count" aria-live="polite">
          {data && text.contacts.count(total)}
        </span>
        <Link href="/duplicates">{text.duplicates.open}</Link>
        {canWrite && (
          <button type="button" onClick={() => setIsNew(true)}>
            {text.edit.new}
          </button>
        )}
        <SortChooser sort={state.sort} definitions={inUse} onChange={(sort) => change({ ...state, sort })} />
        <ColumnChooser columns={columns} definitions={inUse} onChange={setColumns} />
      </header>
      <FilterChips filter={state.filter} definitions={inUse} onChange={(next) => change({ ...state, filter: next })} />
      {selected.size > 0 && (
        <Suspense fallback={null}>
          <BulkBar
            selection={isWhole && total !== null ? { filter, count: total } : { ids: [...selected] }}
            scopes={scopes}
            credential={credential}
            onDone={() => {
              clear()
              setAfter(null)
              refresh({ requestPolicy: 'network-only' })
            }}
          />
        </Suspense>
      )}
      {canSelectWhole && !isWhole && (
        <p className="soft">
          {text.contacts.selectedLoaded(selected.size)}{' '}
          <button type="button" className="link" onClick={() => setIsWhole(true)}>
            {text.contacts.selectWhole(total)}
          </button>
        </p>
      )}
      {error && <Failure error={error} retry={() => refresh({ requestPolicy: 'network-only' })} />}
      {!data && fetching && <Skeleton lines={12} />}
      {data && rows.length === 0 && <Empty>{text.contacts.empty}</Empty>}
      {rows.length > 0 && (
        <Rows
          list={list}
          rows={rows}
          columns={shown}
          definitions={inUse}
          active={active}
          selected={selected}
          onToggle={toggle}
          onToggleAll={(isSelected) => (isSelected ? setSelected(new Set(rows.map(({ id }) => id))) : clear())}
          onOpen={(id) => navigate(`/contacts/${id}`)}
          onEnd={() => data?.contacts.pageInfo.hasNextPage && !fetching && setAfter(data.contacts.pageInfo.endCursor)}
        />
      )}
      {isNew && (
        <Suspense fallback={null}>
          <NewContactDialog definitions={inUse} isOpen onClose={() => setIsNew(false)} onCreated={(id) => navigate(`/contacts/${id}`)} />
        </Suspense>
      )}
    </main>
  )
}
