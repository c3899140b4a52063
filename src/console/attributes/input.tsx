import type { DefinitionFragment } from '../generated/operations.ts'
import { localInput, valueText } from '../shared/format.ts'
import { text } from '../shared/text.ts'

interface AttributeInputProps {
  readonly label: string
  readonly value: unknown
  readonly definition: Pick<DefinitionFragment, 'type' | 'options'>
  /** Null: no value. */
  readonly onChange: (value: string | number | boolean | null) => void
}

/** The control for the values of an attribute, by its type. */
export function AttributeInput({ label, value, definition, onChange }: AttributeInputProps) {
  const shown = valueText(value)
  const common = { 'aria-label': label }
  const give = (given: string): void => onChange(given === '' ? null : given)
  switch (definition.type) {
    case 'BOOLEAN':
      return (
        <select {...common} value={shown} onChange={({ target }) => onChange(target.value === '' ? null : target.value === 'true')}>
          <option value="">{text.edit.noValue}</option>
          <option value="true">{text.edit.yes}</option>
          <option value="false">{text.edit.no}</option>
        </select>
      )
    case 'ENUM': {
      const { options } = definition
      return (
        <select {...common} value={shown} onChange={({ target }) => give(target.value)}>
          <option value="">{text.edit.noValue}</option>
          {shown !== '' && !options.includes(shown) && <option value={shown}>{text.edit.notAnOption(shown)}</option>}
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      )
    }
    case 'NUMBER':
      return (
        <input
          {...common}
          type="number"
          step="any"
          value={shown}
          onChange={({ target }) => onChange(target.value === '' ? null : Number(target.value))}
        />
      )
    case 'DATE':
      return <input {...common} type="date" value={shown} onChange={({ target }) => give(target.value)} />
    case 'DATE_TIME':
      return (
        <input
          {...common}
          type="datetime-local"
          value={localInput(shown)}
          onChange={({ target }) => onChange(target.value === '' ? null : new Date(target.value).toISOString())}
        />
      )
    case 'URL':
    case 'TEXT':
      return <input {...common} value={shown} onChange={({ target }) => give(target.value)} />
  }
}
