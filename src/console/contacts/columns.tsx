import { useState } from 'react'
import { attributeText, valueOf } from '../attributes/values.ts'
import type { ContactsQuery, DefinitionFragment } from '../generated/operations.ts'
import { channelName, countryName, words } from '../shared/format.ts'
import { Menu } from '../shared/menu.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'
import { attributeKey, type ColumnName, type FieldColumn, fieldColumns, isField, storeColumns, storedColumns } from './column-names.ts'

export type Row = ContactsQuery['contacts']['nodes'][number]

/** The columns that this browser shows. Attributes that are not in use any more are left out by the list. */
export function useColumns(): readonly [readonly ColumnName[], (columns: readonly ColumnName[]) => void] {
  const [columns, setColumns] = useState(storedColumns)
  return [
    columns,
    (next) => {
      storeColumns(next)
      setColumns(next)
    },
  ]
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
    <Menu label={text.contacts.chooseColumns} staysOpen>
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
    </Menu>
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
      return <Time at={contact.createdAt} isNarrow />
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
      <Time at={latest.occurredAt} isNarrow />
      {latest.channel !== null && ` · ${channelName(latest.channel)}${direction}`}
    </span>
  )
}
