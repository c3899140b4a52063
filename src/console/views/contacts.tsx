import { useVirtualizer } from '@tanstack/react-virtual'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { useLocation } from 'wouter'
import type { ContactFilter, ContactRowFragment } from '../generated/operations.ts'
import { ContactsDocument } from '../generated/operations.ts'
import { channelName, words } from '../shared/format.ts'
import { useKeys } from '../shared/keyboard.ts'
import { Empty, Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { FilterChips, stages } from './filter-chips.tsx'

const pageSize = 50
const rowHeight = 36

export function ContactsView({ scopes }: { readonly scopes: readonly string[] }) {
  const [search, setSearch] = useState('')
  const [filter, setFilter] = useState<ContactFilter>({})
  const [after, setAfter] = useState<string | null>(null)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState(0)
  const [, navigate] = useLocation()
  const searchBox = useRef<HTMLInputElement>(null)
  const deferredSearch = useDeferredValue(search.trim())
  const wanted = useMemo<ContactFilter>(
    () => ({ ...filter, ...(deferredSearch !== '' && { search: deferredSearch }) }),
    [filter, deferredSearch],
  )
  const [{ data, error, fetching }, retry] = useQuery({ query: ContactsDocument, variables: { filter: wanted, first: pageSize, after } })
  const rows = data?.contacts.nodes ?? []
  const change = (next: ContactFilter): void => {
    setFilter(next)
    setAfter(null)
    setActive(0)
  }
  const toggle = (id: string): void => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    setSelected(next)
  }
  useKeys({
    '/': () => searchBox.current?.focus(),
    j: () => setActive(Math.min(active + 1, rows.length - 1)),
    k: () => setActive(Math.max(active - 1, 0)),
    x: () => rows[active] && toggle(rows[active].id),
    Enter: () => rows[active] && navigate(`/contacts/${rows[active].id}`),
    Escape: () => setSelected(new Set()),
  })
  return (
    <main className="page list-page">
      <header className="toolbar">
        <h1>{text.nav.contacts}</h1>
        <input
          ref={searchBox}
          type="search"
          aria-label={text.contacts.search}
          placeholder={text.contacts.search}
          value={search}
          onChange={({ target }) => {
            setSearch(target.value)
            setAfter(null)
            setActive(0)
          }}
          onKeyDown={({ key, currentTarget }) => (key === 'Escape' || key === 'Enter') && currentTarget.blur()}
        />
        <FilterChips filter={filter} onChange={change} />
        <span className="soft count" aria-live="polite">
          {data && text.contacts.count(data.contacts.totalCount)}
        </span>
      </header>
      {selected.size > 0 && <BulkBar ids={[...selected]} scopes={scopes} stages={stages} onDone={() => setSelected(new Set())} />}
      {error && <Failure error={error} retry={() => retry()} />}
      {!data && fetching && <Skeleton lines={12} />}
      {data && rows.length === 0 && <Empty>{text.contacts.empty}</Empty>}
      {rows.length > 0 && (
        <Rows
          rows={rows}
          active={active}
          selected={selected}
          onToggle={toggle}
          onOpen={(id) => navigate(`/contacts/${id}`)}
          onEnd={() => data?.contacts.pageInfo.hasNextPage && !fetching && setAfter(data.contacts.pageInfo.endCursor)}
        />
      )}
    </main>
  )
}

interface RowsProps {
  readonly rows: readonly ContactRowFragment[]
  readonly active: number
  readonly selected: ReadonlySet<string>
  readonly onToggle: (id: string) => void
  readonly onOpen: (id: string) => void
  /** Called when the last rows come into view. */
  readonly onEnd: () => void
}

function Rows({ rows, active, selected, onToggle, onOpen, onEnd }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    onChange: ({ range }) => range && range.endIndex >= rows.length - 15 && onEnd(),
  })
  const { columns } = text.contacts
  return (
    <div className="table" role="table" aria-rowcount={rows.length} ref={scroller} tabIndex={-1}>
      <div className="row head" role="row">
        <span role="columnheader" aria-label="Selected" />
        {Object.values(columns).map((label) => (
          <span key={label} role="columnheader">
            {label}
          </span>
        ))}
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const contact = rows[index]
          if (contact === undefined) return null
          return (
            <div
              key={contact.id}
              role="row"
              aria-rowindex={index + 1}
              className={`row${index === active ? ' active' : ''}${contact.isBlocked ? ' blocked' : ''}`}
              style={{ transform: `translateY(${start}px)` }}
            >
              <span role="cell">
                <input
                  type="checkbox"
                  aria-label={`Select ${contact.displayName}`}
                  checked={selected.has(contact.id)}
                  onChange={() => onToggle(contact.id)}
                />
              </span>
              <span role="cell">
                <a
                  href={`/console/contacts/${contact.id}`}
                  onClick={(event) => {
                    if (event.metaKey || event.ctrlKey) return
                    event.preventDefault()
                    onOpen(contact.id)
                  }}
                >
                  {contact.displayName}
                </a>
              </span>
              <span role="cell">{contact.email}</span>
              <span role="cell" className="number">
                {contact.phoneFormatted}
              </span>
              <span role="cell">{words(contact.lifecycleStage)}</span>
              <span role="cell">
                <Tags tags={contact.tags} />
              </span>
              <span role="cell" className="soft">
                <LastActivity contact={contact} />
              </span>
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Tags({ tags }: { readonly tags: readonly string[] }) {
  const [first, ...others] = tags
  if (first === undefined) return null
  return (
    <span title={tags.join(', ')}>
      <span className="tag">{first}</span>
      {others.length > 0 && <span className="soft"> +{others.length}</span>}
    </span>
  )
}

function LastActivity({ contact }: { readonly contact: ContactRowFragment }) {
  const [latest] = contact.timeline.nodes
  if (latest === undefined) return null
  const direction = latest.direction === 'INBOUND' ? ' in' : latest.direction === 'OUTBOUND' ? ' out' : ''
  return (
    <>
      <Time at={latest.occurredAt} />
      {latest.channel !== null && ` · ${channelName(latest.channel)}${direction}`}
    </>
  )
}
