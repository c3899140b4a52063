import { useState } from 'react'
import type { ContactsQuery } from '../generated/operations.ts'
import { channelName, countryName, words } from '../shared/format.ts'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

export type Row = ContactsQuery['contacts']['nodes'][number]

export const columnNames = ['email', 'phone', 'company', 'country', 'language', 'stage', 'tags', 'source', 'created', 'last'] as const
export type ColumnName = (typeof columnNames)[number]

const usual: readonly ColumnName[] = ['email', 'phone', 'stage', 'tags', 'last']
const storageKey = 'contact-gateway-columns'

/** The columns that this browser shows, remembered in local storage. */
export function useColumns(): readonly [readonly ColumnName[], (columns: readonly ColumnName[]) => void] {
  const [columns, setColumns] = useState<readonly ColumnName[]>(() => {
    const stored = localStorage.getItem(storageKey)
    const names = stored === null ? usual : stored.split(',')
    return columnNames.filter((name) => names.includes(name))
  })
  return [
    columns,
    (next) => {
      localStorage.setItem(storageKey, next.join(','))
      setColumns(next)
    },
  ]
}

interface ColumnChooserProps {
  readonly columns: readonly ColumnName[]
  readonly onChange: (columns: readonly ColumnName[]) => void
}

export function ColumnChooser({ columns, onChange }: ColumnChooserProps) {
  return (
    <details className="menu">
      <summary>{text.contacts.chooseColumns}</summary>
      <div className="menu-list" role="group" aria-label={text.contacts.chooseColumns}>
        {columnNames.map((name) => (
          <label key={name} className="switch">
            <input
              type="checkbox"
              checked={columns.includes(name)}
              onChange={({ target }) =>
                onChange(columnNames.filter((other) => (other === name ? target.checked : columns.includes(other))))
              }
            />
            {text.contacts.columns[name]}
          </label>
        ))}
      </div>
    </details>
  )
}

/** What a column shows of a contact. */
export function Cell({ name, contact }: { readonly name: ColumnName; readonly contact: Row }) {
  switch (name) {
    case 'email':
      return <>{contact.email}</>
    case 'phone':
      return <span className="number">{contact.phoneFormatted}</span>
    case 'company':
      return <>{contact.company}</>
    case 'country':
      return <>{contact.countryCode === null ? '' : countryName(contact.countryCode)}</>
    case 'language':
      return <>{contact.language}</>
    case 'stage':
      return <>{words(contact.lifecycleStage)}</>
    case 'tags':
      return <Tags tags={contact.tags} />
    case 'source':
      return <>{words(contact.source)}</>
    case 'created':
      return <Time at={contact.createdAt} />
    case 'last':
      return <LastActivity contact={contact} />
  }
}

/** The width of each column, in the order of the columns. */
export const columnWidths: Readonly<Record<ColumnName, string>> = {
  email: 'minmax(150px, 1.6fr)',
  phone: 'minmax(130px, 1fr)',
  company: 'minmax(120px, 1.1fr)',
  country: 'minmax(100px, 0.8fr)',
  language: '76px',
  stage: '100px',
  tags: 'minmax(110px, 0.9fr)',
  source: '84px',
  created: '100px',
  last: 'minmax(180px, 1.1fr)',
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

function LastActivity({ contact }: { readonly contact: Row }) {
  const [latest] = contact.timeline?.nodes ?? []
  if (latest === undefined) return null
  const direction = latest.direction === null ? '' : ` ${text.contacts.directions[latest.direction]}`
  return (
    <span className="soft">
      <Time at={latest.occurredAt} />
      {latest.channel !== null && ` · ${channelName(latest.channel)}${direction}`}
    </span>
  )
}
