import type { AttributeItemFragment, DefinitionFragment } from '../generated/operations.ts'
import { absoluteTime, dayText, valueText } from '../shared/format.ts'
import { text } from '../shared/text.ts'

type Typed = Pick<DefinitionFragment, 'type' | 'options'>

/** Whether a value of JSON has the type of a definition. The API decides what it accepts; this decides how a value is shown. */
export function fits(value: unknown, { type, options }: Typed): boolean {
  switch (type) {
    case 'NUMBER':
      return typeof value === 'number'
    case 'BOOLEAN':
      return typeof value === 'boolean'
    case 'ENUM':
      return typeof value === 'string' && options.includes(value)
    case 'DATE':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
    case 'DATE_TIME':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value))
    case 'URL':
      return typeof value === 'string' && /^https?:\/\//i.test(value)
    case 'TEXT':
      return typeof value === 'string'
  }
}

/** A value as people read it, by the type of its definition; one without a definition, or that does not fit, as it is stored. */
export function attributeText(value: unknown, definition: Typed | undefined, zone: string | null = null): string {
  if (typeof value === 'boolean') return value ? text.edit.yes : text.edit.no
  if (definition === undefined || !fits(value, definition)) return valueText(value)
  if (typeof value === 'number') return value.toLocaleString('en')
  if (typeof value !== 'string') return valueText(value)
  if (definition.type === 'DATE') return dayText(value)
  if (definition.type === 'DATE_TIME') return absoluteTime(value, zone)
  return value
}

/** The value of a typed attribute, of whichever type it is. */
export function valueOf(attribute: AttributeItemFragment): unknown {
  if ('text' in attribute) return attribute.text
  if ('number' in attribute) return attribute.number
  if ('boolean' in attribute) return attribute.boolean
  if ('date' in attribute) return attribute.date
  if ('dateTime' in attribute) return attribute.dateTime
  if ('option' in attribute) return attribute.option
  if ('url' in attribute) return attribute.url
  return attribute.json
}
