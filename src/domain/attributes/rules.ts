import type { AttributeType } from '../../data/generated/client.ts'
import { InvalidInput, MissingRequiredField } from '../../kernel/errors.ts'
import { parseJsonKey } from '../../kernel/json.ts'
import { parseText, shorten } from '../../kernel/text.ts'

const maxOptions = 200
const maxOptionLength = 200

/** Accepts the key of a custom attribute. @throws InvalidInput, MissingRequiredField */
export function parseKey(key: string): string {
  if (key === '') throw new MissingRequiredField('A definition needs the key of an attribute.', { field: 'key', expected: 'a text' })
  return parseJsonKey(key, { field: 'key', noun: 'custom attribute' })
}

/** Accepts the name for people. @throws InvalidInput, MissingRequiredField */
export function parseLabel(text: string): string {
  const label = parseText(text, 'label', { max: 200 })
  if (label !== null) return label
  throw new MissingRequiredField('A definition needs a label.', { field: 'label', expected: '1 to 200 characters' })
}

/** Accepts the options of a type: only `ENUM` has any. They are compared as they are written. @throws InvalidInput, MissingRequiredField */
export function parseOptions(type: AttributeType, options: readonly string[]): string[] {
  if (type !== 'enum') {
    if (options.length === 0) return []
    throw new InvalidInput('Only an attribute of the type ENUM has options.', { field: 'options', expected: 'no options' })
  }
  if (options.length === 0) {
    throw new MissingRequiredField('An attribute of the type ENUM needs options.', {
      field: 'options',
      expected: `1 to ${maxOptions} texts`,
    })
  }
  if (options.length > maxOptions) {
    throw new InvalidInput(`The attribute has ${options.length} options.`, { field: 'options', expected: `1 to ${maxOptions} texts` })
  }
  const parsed = options.map((option, index) => parseOption(option, `options.${index}`))
  const repeated = parsed.findIndex((option, index) => parsed.indexOf(option) !== index)
  if (repeated === -1) return parsed
  throw new InvalidInput('An option is there twice.', {
    field: `options.${repeated}`,
    value: shorten(parsed[repeated] ?? ''),
    expected: 'options that differ',
  })
}

function parseOption(text: string, field: string): string {
  const option = parseText(text, field, { max: maxOptionLength })
  if (option !== null) return option
  throw new InvalidInput('An option is empty.', { field, value: '', expected: `1 to ${maxOptionLength} characters` })
}
