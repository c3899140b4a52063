import type { DefinedAttribute } from '../../../data/sql/attribute-definitions.ts'
import { fits } from '../../contacts/attribute-values.ts'
import { readAttribute } from '../values/attributes.ts'
import type { RowDraft } from './row-draft.ts'
import type { NormalRow } from './rows.ts'
import type { Warning } from './warnings.ts'

/** Gives the attributes of a row the types of their definitions. A value that is refused is kept under another key, with a warning. */
export function typeAttributes(draft: RowDraft, definitions: readonly DefinedAttribute[]): void {
  const { attributes, warnings } = draft
  for (const definition of definitions) {
    const cell = attributes.get(definition.key)
    if (cell === undefined || cell === null || fits(definition, cell)) continue
    const value = readAttribute(definition, cell)
    if (value !== undefined) attributes.set(definition.key, value)
    else if (definition.isEnforced) {
      attributes.delete(definition.key)
      draft.keep(keyBeside(definition.key), cell)
      warnings.push(notUnderstood(definition.key))
    }
  }
}

/** The row without values that are refused: those of other fields are kept under the names of their columns, which can have definitions. */
export function withFittingAttributes(row: NormalRow, definitions: readonly DefinedAttribute[]): NormalRow {
  const { customAttributes: given } = row.fields
  const refused = definitions.filter(
    (definition) => definition.isEnforced && Object.hasOwn(given, definition.key) && !fits(definition, given[definition.key]),
  )
  if (refused.length === 0) return row
  const keys = new Set(refused.map(({ key }) => key))
  const customAttributes = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [keys.has(key) ? keyBeside(key) : key, value] as const),
  )
  return {
    ...row,
    fields: { ...row.fields, customAttributes },
    input: { ...row.input, customAttributes },
    warnings: [...row.warnings, ...refused.map(({ key }) => notUnderstood(key))],
  }
}

function keyBeside(key: string): string {
  return `${key.slice(0, 160).toWellFormed()} (not understood)`
}

function notUnderstood(key: string): Warning {
  return { code: 'VALUE_NOT_UNDERSTOOD', column: key, field: `custom_attributes.${key}` }
}
