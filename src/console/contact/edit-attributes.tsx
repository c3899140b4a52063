import { useState } from 'react'
import { AttributeInput } from '../attributes/input.tsx'
import type { AttributeType, DefinitionFragment } from '../generated/operations.ts'
import { valueText } from '../shared/format.ts'
import { text } from '../shared/text.ts'

interface EditAttributesProps {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly definitions: readonly DefinitionFragment[]
  readonly onChange: (attributes: Readonly<Record<string, unknown>>) => void
}

/** A control for each defined attribute, and one for each other that the contact has, by the type that its value has. */
export function EditAttributes({ attributes, definitions, onChange }: EditAttributesProps) {
  const defined = definitions.filter(({ archived }) => !archived)
  const isDefined = (key: string): boolean => defined.some((definition) => definition.key === key)
  const [initial] = useState(attributes)
  const [others, setOthers] = useState(() => Object.keys(attributes).filter((key) => !isDefined(key)))
  const [newKey, setNewKey] = useState('')
  const { edit } = text
  const set = (key: string, value: unknown): void => onChange({ ...attributes, [key]: value })
  const add = (): void => {
    const key = newKey.trim()
    if (key !== '' && !isDefined(key) && !others.includes(key)) setOthers([...others, key])
    setNewKey('')
  }
  return (
    <fieldset className="list">
      <legend>{edit.attributes}</legend>
      <div className="fields">
        {defined.map((definition) => (
          <label key={definition.key}>
            <span>{definition.label}</span>
            <AttributeInput
              label={definition.label}
              value={attributes[definition.key]}
              definition={definition}
              onChange={(value) => set(definition.key, value)}
            />
          </label>
        ))}
        {others.map((key) => (
          <div key={key} className="list-row">
            <label className="grow">
              <span>{key}</span>
              {typeof initial[key] === 'object' && initial[key] !== null ? (
                <code className="break">{valueText(initial[key])}</code>
              ) : (
                <AttributeInput
                  label={key}
                  value={attributes[key]}
                  definition={{ type: typeOf(initial[key]), options: [] }}
                  onChange={(value) => set(key, value)}
                />
              )}
            </label>
            <button
              type="button"
              className="plain"
              aria-label={edit.removeOf(key)}
              onClick={() => {
                setOthers(others.filter((other) => other !== key))
                set(key, null)
              }}
            >
              ×
            </button>
          </div>
        ))}
      </div>
      <div className="list-row">
        <input
          aria-label={edit.newAttribute}
          placeholder={edit.newAttributeHint}
          value={newKey}
          onChange={({ target }) => setNewKey(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            add()
          }}
        />
        <button type="button" onClick={add}>
          {edit.addAttribute}
        </button>
      </div>
    </fieldset>
  )
}

/** The type by which a value without a definition is edited. */
function typeOf(value: unknown): AttributeType {
  return typeof value === 'number' ? 'NUMBER' : typeof value === 'boolean' ? 'BOOLEAN' : 'TEXT'
}
