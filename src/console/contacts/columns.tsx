import { useState } from 'react'
import { attributeText, valueOf } from '../attributes/values.ts'
import type { ContactsQuery, DefinitionFragment } from '../generated/operations.ts'
import { channelName, countryName, words } from '../shared/format.ts'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

export type Row = ContactsQuery['contacts']['nodes'][number]

const fieldColumns = ['email', 'phone', 'company', 'country', 'language', 'stage', 'tags', 'source', 'created', 'last'] as const
type FieldColumn = (typeof fieldColumns)[number]

/** A field of the contact, or the attribute of a key. */
export type ColumnName = FieldColumn | `attribute:${string}`

const usual: readonly ColumnName[] = ['email', 'phone', 'stage', 'tags', 'last']
const storageKey = 'contact-gateway-columns'

/** The columns that this browser shows, remembered in local storage. Attributes that are not in use any more are left out by the list. */
export function useColumns(): readonly [readonly ColumnName[], (columns: readonly ColumnName[]) => void] {
  const [columns, setColumns] = useState<readonly ColumnName[]>(() => {
    const stored = localStorage.getItem(storageKey)
    return stored === null ? usual : readColumns(stored)
  })
  return [
    columns,
    (next) => {
      localStorage.setItem(storageKey, JSON.stringify(next))
      setColumns(next)
    },
  ]
}

function readColumns(stored: string): readonly ColumnName[] {
  try {
    const names: unknown = JSON.parse(stored)
    return Array.isArray(names) ? names.filter(isColumn) : usual
  } catch {
    return usual
  }
}

function isColumn(name: unknown): name is ColumnName {
  return typeof name === 'string' && (isField(name) || name.startsWith('attribute:'))
}

function isField(name: string): name is FieldColumn {
  return fieldColumns.some((field) => field === name)
}

/** The key of the attribute that a column shows; null for a field. */
export function attributeKey(name: ColumnName): string | null {
  return isField(name) ? null : name.slice('attribute:'.length)
}

export function columnLabel(name: ColumnName, definitions: readonly DefinitionFragment[]): string {
  if (isField(name)) return text.contacts.columns[name]
  const key = attributeKey(name)
  return definitions.find((definition) => definition.key === key)?.label ?? key ?? ''
}

interface ColumnChooserProps {
  readonly columns: readonly ColumnName[]
  /** Of attributes in use. */
  readonly definitions: readonly DefinitionFragment[]
  readonly onChange: (columns: readonly ColumnName[]) => void
}

export function ColumnChooser({ columns, definitions, onChange }: ColumnChooserProps) {
  const names = [...fieldColumns, ...definitions.map(({ key }): ColumnName => `attribute:${key}`)]
  return (
    <details className="menu">
      <summary>{text.contacts.chooseColumns}</summary>
      <div className="menu-list" role="group" aria-label={text.contacts.chooseColumns}>
        {names.map((name) => (
          <label key={name} className="switch">
            <input
              type="checkbox"
              checked={columns.includes(name)}
              onChange={({ target }) => onChange(names.filter((other) => (other === name ? target.checked : columns.includes(other))))}
            />
            {columnLabel(name, definitions)}
          </label>
        ))}
      </div>
    </details>
  )
}

interface CellProps {
  readonly name: ColumnName
  readonly contact: Row
  readonly definitions: readonly DefinitionFragment[]
}

/** What a column shows of a contact. */
export function Cell({ name, contact, definitions }: CellProps) {
  if (!isField(name)) return <AttributeCell name={name} contact={contact} definitions={definitions} />
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

function AttributeCell({ name, contact, definitions }: CellProps) {
  const key = attributeKey(name)
  const attribute = contact.attributes?.find((item) => item.key === key)
  if (attribute === undefined) return null
  return (
    <>
      {attributeText(
        valueOf(attribute),
        definitions.find((definition) => definition.key === key),
      )}
    </>
  )
}

const widths: Readonly<Record<FieldColumn, readonly [least: number, share: number]>> = {
  email: [150, 1.6],
  phone: [130, 1],
  company: [120, 1.1],
  country: [100, 0.8],
  language: [76, 0],
  stage: [100, 0],
  tags: [110, 0.9],
  source: [84, 0],
  created: [100, 0],
  last: [180, 1.1],
}

/** The grid of a row, and how wide it is at least. */
export function gridOf(columns: readonly ColumnName[]): { readonly gridTemplateColumns: string; readonly minWidth: number } {
  const tracks = columns.map((name) => (isField(name) ? widths[name] : ([110, 0.8] as const)))
  const template = tracks.map(([least, share]) => (share === 0 ? `${least}px` : `minmax(${least}px, ${share}fr)`))
  return {
    gridTemplateColumns: `28px minmax(150px, 1.4fr) ${template.join(' ')}`,
    minWidth: tracks.reduce((sum, [least]) => sum + least + 12, 190),
  }
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
