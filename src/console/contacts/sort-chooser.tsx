import type { DefinitionFragment } from '../generated/operations.ts'
import { text } from '../shared/text.ts'

interface SortChooserProps {
  /** As in the address of the list. */
  readonly sort: string
  /** Of attributes in use. */
  readonly definitions: readonly DefinitionFragment[]
  readonly onChange: (sort: string) => void
}

/** The order of the list: by a field, or by an attribute whose values are all in the index. */
export function SortChooser({ sort, definitions, onChange }: SortChooserProps) {
  const { sorting } = text.contacts
  return (
    <select aria-label={sorting.label} value={sort} onChange={({ target }) => onChange(target.value)}>
      {sorting.fields.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
      {definitions
        .filter(({ indexed }) => indexed)
        .flatMap(({ key, label }) => [
          <option key={key} value={`attribute:${key}`}>
            {sorting.ascending(label)}
          </option>,
          <option key={`-${key}`} value={`-attribute:${key}`}>
            {sorting.descending(label)}
          </option>,
        ])}
    </select>
  )
}
