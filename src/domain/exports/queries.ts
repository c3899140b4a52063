import { contactObjects, contactRecords, type Delimiter } from '../../data/sql/export-contacts.ts'
import { streamLines } from '../../data/stream.ts'
import { prime, within } from '../../kernel/text-stream.ts'
import { type Context, requireScope } from '../context.ts'
import type { ContactFilter } from '../finding/filter.ts'
import { resolveListFilter } from '../finding/index-path.ts'
import { csvHeader, defaultFields, parseFields, parseSort } from './rules.ts'
import { vcardFields, vcardsOf, type VcardVersion } from './vcard.ts'

export const exportFormats = ['csv', 'ndjson', 'json', 'vcard'] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface ExportRequest {
  readonly format: ExportFormat
  readonly filter?: ContactFilter | null | undefined
  /** In the order in which they are wanted; `custom_attributes.<key>` is one custom attribute. A vCard has its own. */
  readonly fields?: readonly string[] | null | undefined
  /** The field to sort by, with a minus in front for the reverse. Default: `created_at`. */
  readonly sort?: string | null | undefined
  /** What separates the cells of CSV. Default: a comma. */
  readonly delimiter?: Delimiter | null | undefined
  /** Whether CSV begins with a byte order mark, by which Excel recognizes UTF-8. Default: no. */
  readonly bom?: boolean | null | undefined
  /** The version of vCards. Default: 4.0. */
  readonly vcardVersion?: VcardVersion | null | undefined
}

/**
 * All contacts that match, as they are when the export begins. The file is written while it is read, and takes no more memory when it is long.
 * A reader that stops ends the query. @throws InvalidInput
 */
export async function exportContacts(context: Context, request: ExportRequest): Promise<AsyncGenerator<string>> {
  const { format, filter, fields, bom } = request
  requireScope(context, 'contacts:read')
  const { organizationId } = context.actor
  const names = parseFields(fields ?? defaultFields)
  const scope = { organizationId, match: await resolveListFilter(context, filter ?? {}), order: parseSort(request.sort ?? 'created_at') }
  const objects = (fieldNames: typeof names, before: string, after: string) =>
    streamLines(context.db, organizationId, contactObjects(scope, fieldNames, { before, after }))
  switch (format) {
    case 'csv': {
      const delimiter = request.delimiter ?? ','
      const records = streamLines(context.db, organizationId, contactRecords(scope, names, delimiter))
      return prime(within(`${bom === true ? '\ufeff' : ''}${csvHeader(names, delimiter)}`, records, ''))
    }
    case 'ndjson':
      return prime(objects(names, '', '\n'))
    case 'json':
      return prime(within('[', withoutFirst(objects(names, ',\n', ''), ','), '\n]\n'))
    case 'vcard':
      return prime(vcardsOf(objects(vcardFields, '', '\n'), request.vcardVersion ?? '4.0'))
  }
}

/** The same text without the sign that it begins with. */
async function* withoutFirst(parts: AsyncGenerator<string>, sign: string): AsyncGenerator<string> {
  let length = sign.length
  for await (const part of parts) {
    yield part.slice(length)
    length = 0
  }
}
