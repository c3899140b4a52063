import { type Delimiter, type ExportColumn, exportColumns, type ExportOrder, exportOrders } from '../../data/sql/export-contacts.ts'
import { channels } from '../../kernel/channels.ts'
import { didYouMean } from '../../kernel/did-you-mean.ts'
import { csvRecord } from '../../kernel/csv.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { shorten } from '../../kernel/text.ts'

const readOnly: readonly ExportColumn[] = ['id', 'is_blocked', 'source', 'created_at', 'updated_at']

/** What an export has by default: all that an import reads, so that importing it elsewhere gives the same contacts. */
export const defaultFields = exportColumns.filter((name) => !readOnly.includes(name))

/** Every field that an export can have, for messages. */
const allFields = `${exportColumns.join(', ')}, preferences.<channel>, custom_attributes.<key>`

/** Accepts the names of fields. @throws InvalidInput */
export function parseFields(fields: readonly string[]): readonly ExportColumn[] {
  const expected = `some of ${allFields}`
  if (fields.length > 100) throw new InvalidInput('An export has at most 100 fields.', { field: 'fields', expected })
  if (fields.length === 0) throw new InvalidInput('An export needs fields.', { field: 'fields', expected })
  const names = fields.map((field) => {
    const name = parseField(field)
    if (name !== null) return name
    const message = `There is no field ${shorten(field)}.${didYouMean(field, exportColumns)} There are: ${allFields}.`
    throw new InvalidInput(message, { field: 'fields', value: shorten(field), expected })
  })
  if (new Set(names).size === names.length) return names
  throw new InvalidInput('A field is named twice.', { field: 'fields', expected })
}

function parseField(field: string): ExportColumn | null {
  if (isAttribute(field)) return field
  const channel = channels.find((name) => field === `preferences.${name}`)
  if (channel !== undefined) return `preferences.${channel}`
  return exportColumns.find((column) => column === field) ?? null
}

function isAttribute(field: string): field is `custom_attributes.${string}` {
  return field.startsWith('custom_attributes.') && field.length > 18 && field.isWellFormed() && !field.includes('\0')
}

/** What an export can be sorted by. */
export const sortFields = exportOrders

/** Accepts the name of a field to sort by; a minus in front reverses the order. @throws InvalidInput */
export function parseSort(text: string): ExportOrder {
  const isDescending = text.startsWith('-')
  const name = isDescending ? text.slice(1) : text
  const by = exportOrders.find((known) => known === name)
  if (by !== undefined) return { by, isDescending }
  throw new InvalidInput(`Contacts cannot be sorted by ${shorten(text)}. Use one of ${exportOrders.join(', ')}.`, {
    field: 'sort',
    value: shorten(text),
    expected: `one of ${exportOrders.join(', ')}, with a minus in front for the reverse`,
  })
}

/** The first line of a CSV file. */
export function csvHeader(names: readonly ExportColumn[], delimiter: Delimiter): string {
  const cells = names.map((name) => {
    const cell = csvRecord([name]).replace(/\r\n$/, '')
    return cell.includes(delimiter) && !cell.startsWith('"') ? `"${cell}"` : cell
  })
  return `${cells.join(delimiter)}\r\n`
}
