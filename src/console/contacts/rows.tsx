import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { DefinitionFragment } from '../generated/operations.ts'
import { words } from '../shared/format.ts'
import { text } from '../shared/text.ts'
import type { ColumnName } from './column-names.ts'
import { Cell, columnLabel, gridOf, type Row } from './columns.tsx'

interface RowsProps {
  /** Stands for the search and the conditions: another list is shown from its first row. */
  readonly list: object
  readonly rows: readonly Row[]
  readonly columns: readonly ColumnName[]
  readonly definitions: readonly DefinitionFragment[]
  readonly active: number
  readonly selected: ReadonlySet<string>
  readonly onToggle: (id: string) => void
  readonly onToggleAll: (isSelected: boolean) => void
  readonly onOpen: (id: string) => void
  /** Called when the last rows come into view. */
  readonly onEnd: () => void
}

const narrow = '(max-width: 720px)'

/** Only the rows in sight are in the page, however many there are. On a phone a row has two lines and no columns. */
export function Rows(props: RowsProps) {
  const isNarrow = useMedia(narrow)
  return <RowsOf key={String(isNarrow)} {...props} isNarrow={isNarrow} />
}

function RowsOf({
  list,
  rows,
  columns,
  definitions,
  active,
  selected,
  onToggle,
  onToggleAll,
  onOpen,
  onEnd,
  isNarrow,
}: RowsProps & { readonly isNarrow: boolean }) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isNarrow ? 56 : 36),
    overscan: 6,
    // Rows are there at once, before the list has been measured: about as many as go below its head.
    initialRect: { width: window.innerWidth, height: window.innerHeight - 160 },
    onChange: ({ range }) => range && range.endIndex >= rows.length - 15 && onEnd(),
  })
  const shown = useRef({ active, list })
  useEffect(() => {
    // At first the active row is in sight, and to scroll to it would only lay the page out once more.
    if (shown.current.active !== active || shown.current.list !== list) virtual.scrollToIndex(active)
    shown.current = { active, list }
  }, [virtual, active, list])
  const grid = isNarrow ? {} : gridOf(columns)
  const isAll = rows.length > 0 && rows.every(({ id }) => selected.has(id))
  return (
    <div className={`table${isNarrow ? ' narrow-rows' : ''}`} role="table" aria-label={text.nav.contacts} ref={scroller} tabIndex={-1}>
      <div className="row head" role="row" style={grid}>
        <span role="columnheader">
          <input
            type="checkbox"
            aria-label={text.contacts.selectAll}
            checked={isAll}
            onChange={({ target }) => onToggleAll(target.checked)}
          />
        </span>
        <span role="columnheader">{text.contacts.columns.name}</span>
        {!isNarrow &&
          columns.map((name) => (
            <span key={name} role="columnheader">
              {columnLabel(name, definitions)}
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
              className={`row${index === active ? ' active' : ''}${contact.isBlocked ? ' blocked' : ''}`}
              style={{ transform: `translateY(${start}px)`, ...grid }}
            >
              <span role="cell">
                <input
                  type="checkbox"
                  aria-label={text.contacts.select(contact.displayName)}
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
                {contact.isBlocked && <span className="badge danger">{text.contact.blocked}</span>}
                {isNarrow && (
                  <span className="second soft">
                    {[contact.email ?? contact.phoneFormatted, words(contact.lifecycleStage)].filter((part) => part !== null).join(' · ')}
                  </span>
                )}
              </span>
              {!isNarrow &&
                columns.map((name) => (
                  <span key={name} role="cell">
                    <Cell name={name} contact={contact} definitions={definitions} />
                  </span>
                ))}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', onChange)
      return () => list.removeEventListener('change', onChange)
    },
    () => window.matchMedia(query).matches,
  )
}
