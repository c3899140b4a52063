import { InvalidInput } from '../../kernel/errors.ts'
import { shorten, words } from '../../kernel/text.ts'
import { isJsonObject } from '../../kernel/json.ts'
import { LifecycleStage } from '../../data/generated/client.ts'
import { InvalidPhoneNumber } from '../../kernel/phone.ts'
import type { ContactInput } from '../contacts/rules.ts'
import type { Column } from './columns.ts'

const lifecycleStages = Object.values(LifecycleStage)

type Draft = { -readonly [Field in keyof ContactInput]: ContactInput[Field] }

/**
 * What a row says about its contact. An empty cell says nothing. Of several columns for one field (`Phone`, `Mobile`) the first that
 * is not empty counts, and the others are kept as custom attributes under their own names.
 * @param cells of the columns, in their order: texts, or what JSON has
 * @throws InvalidInput for a cell of another kind than its field
 */
export function readRow(columns: readonly Column[], cells: readonly unknown[]): ContactInput {
  const draft: Draft = {}
  const attributes = new Map<string, unknown>()
  for (const [index, { name, target }] of columns.entries()) {
    const cell = cells[index]
    if (isEmpty(cell)) continue
    switch (target.kind) {
      case 'field':
        if (target.field === 'customAttributes') addAll(attributes, parseAttributes(cell))
        else if (draft[target.field] === undefined) Object.assign(draft, { [target.field]: parseCell(target.field, cell) })
        else attributes.set(name, attributeOf(cell))
        break
      case 'country':
        if (typeof cell === 'string' && /^\s*[a-z]{2}\s*$/i.test(cell) && draft.countryCode === undefined) draft.countryCode = cell
        else attributes.set(name, attributeOf(cell))
        break
      case 'attribute':
        attributes.set(target.name, attributeOf(cell))
        break
      case 'ignored':
        break
    }
  }
  if (attributes.size > 0) draft.customAttributes = Object.fromEntries(attributes)
  return draft
}

/** Whether a cell says nothing. */
export function isEmpty(cell: unknown): boolean {
  return cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '')
}

function parseCell(field: keyof ContactInput, cell: unknown): string | string[] {
  if (field === 'tags') return parseTagList(cell)
  const text = parseText(field, cell)
  if (field === 'phone' && /^\s*\d(?:[.,]\d+)?E\+\d+\s*$/i.test(text)) throw new InvalidPhoneNumber(rounded, field, text)
  return field === 'lifecycleStage' ? parseStage(text) : text
}

const rounded = 'A spreadsheet has rounded this phone number. Format the column as text there, and enter the number again.'

function parseText(field: string, cell: unknown): string {
  if (typeof cell === 'string') return cell
  if (typeof cell === 'number') return String(cell)
  throw new InvalidInput(`The ${words(field)} is not a text.`, { field, value: repeat(cell), expected: 'a text' })
}

function parseStage(text: string): string {
  const stage = text.trim().toLowerCase()
  if (lifecycleStages.some((known) => known === stage)) return stage
  throw new InvalidInput('There is no such lifecycle stage.', {
    field: 'lifecycleStage',
    value: shorten(text),
    expected: `one of ${lifecycleStages.join(', ')}`,
  })
}

/** Tags are a JSON list, or separated by commas, semicolons or bars. */
function parseTagList(cell: unknown): string[] {
  const list = typeof cell === 'string' && cell.trimStart().startsWith('[') ? (parseJson(cell) ?? cell) : cell
  if (typeof list === 'string') return list.split(/[,;|]/).filter((tag) => tag.trim() !== '')
  if (Array.isArray(list) && list.every((tag) => typeof tag === 'string')) return list
  throw new InvalidInput('The tags are not a list of texts.', { field: 'tags', value: repeat(cell), expected: 'tags separated by commas' })
}

function parseAttributes(cell: unknown): Readonly<Record<string, unknown>> {
  const value = typeof cell === 'string' ? parseJson(cell) : cell
  if (isJsonObject(value)) return value
  throw new InvalidInput('The custom attributes are not a JSON object.', {
    field: 'customAttributes',
    value: repeat(cell),
    expected: 'a JSON object, such as {"plan": "pro"}',
  })
}

function addAll(attributes: Map<string, unknown>, given: Readonly<Record<string, unknown>>): void {
  // Nothing that is known is removed by an import, so null says as little as an empty cell.
  for (const [key, value] of Object.entries(given)) if (value !== null) attributes.set(key, value)
}

function attributeOf(cell: unknown): unknown {
  return typeof cell === 'string' ? cell.trim() : cell
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function repeat(cell: unknown): string {
  return shorten(typeof cell === 'string' ? cell : JSON.stringify(cell))
}
