import { useState } from 'react'
import type { ContactFilter, LifecycleStage } from '../generated/operations.ts'
import { words } from '../shared/format.ts'
import { text } from '../shared/text.ts'

export const stages: readonly LifecycleStage[] = ['SUBSCRIBER', 'LEAD', 'QUALIFIED', 'OPPORTUNITY', 'CUSTOMER', 'ADVOCATE', 'CHURNED']

/** The values of a filter, which may be absent. */
function list(value: ContactFilter['tags'] | undefined): readonly string[] {
  return Array.isArray(value) ? value : []
}

interface FilterChipsProps {
  readonly filter: ContactFilter
  readonly onChange: (filter: ContactFilter) => void
}

/** The filters of the list as chips that can be removed, and one control for each kind to add one. */
export function FilterChips({ filter, onChange }: FilterChipsProps) {
  const { addFilter } = text.contacts
  const without = (key: 'tags' | 'countryCode' | 'lifecycleStage', value: string): void => {
    const { [key]: present, ...others } = filter
    const left = (present as readonly string[] | undefined)?.filter((item) => item !== value) ?? []
    onChange(left.length === 0 ? others : { ...others, [key]: left })
  }
  const chips = [
    ...list(filter.lifecycleStage as readonly string[] as string[]).map((value) => ['lifecycleStage', value, words(value)] as const),
    ...list(filter.tags).map((value) => ['tags', value, value] as const),
    ...list(filter.countryCode).map((value) => ['countryCode', value, value] as const),
  ]
  return (
    <div className="chips">
      {chips.map(([key, value, label]) => (
        <button key={`${key} ${value}`} type="button" className="chip" aria-label={`Remove ${label}`} onClick={() => without(key, value)}>
          {label} ×
        </button>
      ))}
      <select
        aria-label={addFilter.stage}
        value=""
        onChange={({ target }) =>
          onChange({
            ...filter,
            lifecycleStage: [...new Set([...((filter.lifecycleStage as LifecycleStage[] | null) ?? []), target.value as LifecycleStage])],
          })
        }
      >
        <option value="">+ {addFilter.stage}</option>
        {stages.map((stage) => (
          <option key={stage} value={stage}>
            {words(stage)}
          </option>
        ))}
      </select>
      <AddText label={addFilter.tag} onAdd={(tag) => onChange({ ...filter, tags: [...new Set([...list(filter.tags), tag])] })} />
      <AddText
        label={addFilter.country}
        maxLength={2}
        onAdd={(code) => onChange({ ...filter, countryCode: [...new Set([...list(filter.countryCode), code.toUpperCase()])] })}
      />
    </div>
  )
}

function AddText({
  label,
  maxLength,
  onAdd,
}: {
  readonly label: string
  readonly maxLength?: number
  readonly onAdd: (value: string) => void
}) {
  const [value, setValue] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (value.trim() !== '') onAdd(value.trim())
        setValue('')
      }}
    >
      <input
        className="chip-input"
        aria-label={`Add ${label}`}
        placeholder={`+ ${label}`}
        value={value}
        {...(maxLength !== undefined && { maxLength })}
        onChange={({ target }) => setValue(target.value)}
      />
    </form>
  )
}
