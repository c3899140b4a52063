import { useState } from 'react'
import { AttributeInput } from '../attributes/input.tsx'
import type { AttributeFilter, AttributeType, DefinitionFragment } from '../generated/operations.ts'
import { Dialog } from '../shared/dialog.tsx'
import { Options } from '../shared/options.tsx'
import { text } from '../shared/text.ts'
import { type Operator, operators } from './condition-text.ts'

interface ConditionProps {
  readonly definitions: readonly DefinitionFragment[]
  readonly onClose: () => void
  readonly onAdd: (condition: AttributeFilter) => void
}

const presence: readonly Operator[] = ['exists', 'missing']
const order: readonly Operator[] = ['eq', 'ne', 'gte', 'lte', 'gt', 'lt', ...presence]
const texts: readonly Operator[] = ['contains', 'startsWith', 'eq', 'ne', ...presence]

/** The comparisons that go with each type. */
const operatorsOf: Readonly<Record<AttributeType, readonly Operator[]>> = {
  TEXT: texts,
  URL: texts,
  NUMBER: order,
  DATE: order,
  DATE_TIME: order,
  BOOLEAN: ['eq', ...presence],
  ENUM: ['eq', 'ne', ...presence],
}

/** Asks for a condition on a defined attribute by its type, or on any other key. */
export function AttributeCondition({ definitions, onClose, onAdd }: ConditionProps) {
  return (
    <Dialog title={text.attributes.condition} isOpen onClose={onClose}>
      <ConditionForm definitions={definitions} onAdd={onAdd} />
    </Dialog>
  )
}

function ConditionForm({ definitions, onAdd }: Pick<ConditionProps, 'definitions' | 'onAdd'>) {
  const [key, setKey] = useState(definitions[0]?.key ?? '')
  const [other, setOther] = useState('')
  const [chosen, setChosen] = useState<Operator | null>(null)
  const [value, setValue] = useState<string | number | boolean | null>(null)
  const names = text.attributes
  const definition = definitions.find((item) => item.key === key)
  const possible = operatorsOf[definition?.type ?? 'TEXT']
  const operator = possible.find((name) => name === chosen) ?? possible[0] ?? 'eq'
  const isPresence = presence.includes(operator)
  const asked = definition?.key ?? other.trim()
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (asked === '' || (!isPresence && value === null)) return
        onAdd({ key: asked, ...partOf(operator, definition === undefined ? plainValue(value, operator) : value) })
      }}
    >
      <label>
        <span>{names.attribute}</span>
        <select
          value={key}
          onChange={({ target }) => {
            setKey(target.value)
            setValue(null)
          }}
        >
          {definitions.map((item) => (
            <option key={item.key} value={item.key}>
              {item.label}
            </option>
          ))}
          <option value="">{names.another}</option>
        </select>
      </label>
      {definition === undefined && (
        <label>
          <span>{names.key}</span>
          <input value={other} onChange={({ target }) => setOther(target.value)} />
        </label>
      )}
      <label>
        <span>{names.operator}</span>
        <select value={operator} onChange={({ target }) => setChosen(operators.find((name) => name === target.value) ?? null)}>
          <Options names={possible} label={(name) => names.operators[name]} />
        </select>
      </label>
      {!isPresence && (
        <label>
          <span>{names.value}</span>
          <AttributeInput label={names.value} value={value} definition={definition ?? { type: 'TEXT', options: [] }} onChange={setValue} />
        </label>
      )}
      <button type="submit" className="primary" disabled={asked === '' || (!isPresence && value === null)}>
        {names.addCondition}
      </button>
    </form>
  )
}

function partOf(operator: Operator, value: string | number | boolean | null): Omit<AttributeFilter, 'key'> {
  if (operator === 'exists' || operator === 'missing') return { exists: operator === 'exists' }
  return { [operator]: value }
}

/** What was typed for an attribute without a definition: a number or a truth value where it reads like one, as imports store them. */
function plainValue(value: string | number | boolean | null, operator: Operator): string | number | boolean | null {
  if (typeof value !== 'string' || operator === 'contains' || operator === 'startsWith') return value
  if (value === 'true' || value === 'false') return value === 'true'
  return /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
}
