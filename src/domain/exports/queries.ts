import { contactObjects, contactRecords, type Delimiter, type ExportColumn, exportColumns } from '../../data/sql/export-contacts.ts'
import { streamLines } from '../../data/stream.ts'
import { didYouMean } from '../../kernel/closest.ts'
import { csvRecord } from '../../kernel/csv.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { shorten } from '../../kernel/text.ts'
import { type ContactFilter, parseFilter } from '../contacts/filter.ts'
import { type Context, requireScope } from '../context.ts'

export const exportFormats = ['csv', 'ndjson', 'json'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** The default fields of an export: all that an import reads, so that it can be fed back and gives the same contacts. */
export const defaultFields = exportColumns.filter((name) => !['id', 'is_blocked', 'source', 'created_at', 'updated_at'].includes(name))

export interface ExportRequest {
  readonly format: ExportFormat
  readonly filter?: ContactFilter | null | undefined
  /** In the order in which they are wanted; `custom_attributes.<key>` is one custom attribute. */
  readonly fields?: readonly string[] | null | undefined
  /** What separates the cells of CSV. Default: a comma. */
  readonly delimiter?: Delimiter | null | undefined
  /** Whether CSV begins with a byte order mark, by which Excel recognizes UTF-8. Default: no. */
  readonly bom?: boolean | null | undefined
}

/**
 * All contacts that match, oldest first, in their state at the start. The file is written while it is taken; it takes no more memory when
 * it is long. Who stops taking it ends the query. @throws InvalidInput
 */
export async function exportContacts(context: Context, request: ExportRequest): Promise<AsyncGenerator<string>> {
  const { format, filter, fields } = request
  requireScope(context, 'contacts:read')
  const { organizationId } = context.actor
  const names = parseFields(fields ?? defaultFields)
  const match = parseFilter(filter ?? {})
  switch (format) {
    case 'csv': {
      const delimiter = request.delimiter ?? ','
      const records = streamLines(context.db, organizationId, contactRecords(organizationId, match, names, delimiter))
      return begun(within(`${request.bom === true ? '\ufeff' : ''}${headerOf(names, delimiter)}`, records, ''))
    }
    case 'ndjson':
      return begun(streamLines(context.db, organizationId, contactObjects(organizationId, match, names, { before: '', after: '\n' })))
    case 'json': {
      const objects = streamLines(context.db, organizationId, contactObjects(organizationId, match, names, { before: ',\n', after: '' }))
      return begun(within('[', withoutFirst(objects, ','), '\n]\n'))
    }
  }
}

function headerOf(names: readonly ExportColumn[], delimiter: Delimiter): string {
  const cells = names.map((name) => {
    const cell = csvRecord([name]).replace(/\r\n$/, '')
    return cell.includes(delimiter) && !cell.startsWith('"') ? `"${cell}"` : cell
  })
  return `${cells.join(delimiter)}\r\n`
}

function isAttribute(field: string): field is `custom_attributes.${string}` {
  return field.startsWith('custom_attributes.') && field.length > 18 && field.isWellFormed() && !field.includes('\0')
}

function parseFields(fields: readonly string[]): ExportColumn[] {
  const expected = `some of ${exportColumns.join(', ')}, custom_attributes.<key>`
  if (fields.length > 100) throw new InvalidInput('An export has at most 100 fields.', { field: 'fields', expected })
  if (fields.length === 0) throw new InvalidInput('An export needs fields.', { field: 'fields', expected })
  const names = fields.map((field) => {
    if (isAttribute(field)) return field
    const name = exportColumns.find((column) => column === field)
    if (name === undefined) {
      const message = `There is no field ${shorten(field)}.${didYouMean(field, exportColumns)} There are: ${exportColumns.join(', ')}, custom_attributes.<key>.`
      throw new InvalidInput(message, { field: 'fields', value: shorten(field), expected })
    }
    return name
  })
  if (new Set(names).size === names.length) return names
  throw new InvalidInput('A field is named twice.', { field: 'fields', expected })
}

/** Waits for the beginning, so that what goes wrong there is a refusal and not half a file. */
async function begun(parts: AsyncGenerator<string>): Promise<AsyncGenerator<string>> {
  const first = await parts.next()
  return first.done === true ? parts : within(first.value, parts, '')
}

async function* within(before: string, parts: AsyncGenerator<string>, after: string): AsyncGenerator<string> {
  try {
    yield before
    yield* parts
    if (after !== '') yield after
  } finally {
    await parts.return(undefined)
  }
}

/** The same text without the sign that it begins with. */
async function* withoutFirst(parts: AsyncGenerator<string>, sign: string): AsyncGenerator<string> {
  const first = await parts.next()
  if (first.done === true) return
  yield* within(first.value.slice(sign.length), parts, '')
}
