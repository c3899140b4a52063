import { contactObjects, contactRecords, type ExportColumn, exportColumns } from '../../data/sql/export-contacts.ts'
import { streamLines } from '../../data/stream.ts'
import { csvRecord } from '../../kernel/csv.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { shorten } from '../../kernel/text.ts'
import { type ContactFilter, parseFilter } from '../contacts/filter.ts'
import { type Context, requireScope } from '../context.ts'

export const exportFormats = ['csv', 'ndjson', 'json'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** What an export has if nobody says: all that an import reads, so that it can be fed back and gives the same contacts. */
export const defaultFields = exportColumns.filter((name) => !['id', 'is_blocked', 'source', 'created_at', 'updated_at'].includes(name))

export interface ExportRequest {
  readonly format: ExportFormat
  readonly filter?: ContactFilter | null | undefined
  /** In the order in which they are wanted. */
  readonly fields?: readonly string[] | null | undefined
}

/**
 * All contacts that match, oldest first, as they are at this moment. The file is written while it is taken; it takes no more memory when
 * it is long. Who stops taking it ends the query. @throws InvalidInput
 */
export async function exportContacts(context: Context, { format, filter, fields }: ExportRequest): Promise<AsyncGenerator<string>> {
  requireScope(context, 'contacts:read')
  const { organizationId } = context.actor
  const names = parseFields(fields ?? defaultFields)
  const match = parseFilter(filter ?? {})
  switch (format) {
    case 'csv':
      return begun(within(csvRecord(names), streamLines(context.db, organizationId, contactRecords(organizationId, match, names)), ''))
    case 'ndjson':
      return begun(streamLines(context.db, organizationId, contactObjects(organizationId, match, names, { before: '', after: '\n' })))
    case 'json': {
      const objects = streamLines(context.db, organizationId, contactObjects(organizationId, match, names, { before: ',\n', after: '' }))
      return begun(within('[', withoutFirst(objects, ','), '\n]\n'))
    }
  }
}

function parseFields(fields: readonly string[]): ExportColumn[] {
  const expected = `some of ${exportColumns.join(', ')}`
  if (fields.length === 0) throw new InvalidInput('An export needs fields.', { field: 'fields', expected })
  const names = fields.map((field) => {
    const name = exportColumns.find((column) => column === field)
    if (name === undefined) throw new InvalidInput('There is no such field.', { field: 'fields', value: shorten(field), expected })
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
