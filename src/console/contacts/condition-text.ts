import { attributeText } from '../attributes/values.ts'
import type { AttributeFilter, DefinitionFragment } from '../generated/operations.ts'
import { text } from '../shared/text.ts'

export const operators = ['contains', 'startsWith', 'eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'exists', 'missing'] as const
export type Operator = (typeof operators)[number]

/** A condition as its chip says it: `Seats ≥ 12`. */
export function conditionText(condition: AttributeFilter, definitions: readonly DefinitionFragment[]): string {
  const definition = definitions.find(({ key }) => key === condition.key)
  const name = definition?.label ?? condition.key
  const names = text.attributes.operators
  const parts = operators.flatMap((operator) => {
    if (operator === 'missing') return condition.exists === false ? [names.missing] : []
    if (operator === 'exists') return condition.exists === true ? [names.exists] : []
    const value = condition[operator]
    return value === undefined || value === null ? [] : [`${names[operator]} ${attributeText(value, definition)}`]
  })
  return [name, ...parts].join(' ')
}
