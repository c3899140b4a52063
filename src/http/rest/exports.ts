import { z } from '@hono/zod-openapi'
import { defaultFields, exportContacts, exportFormats } from '../../domain/exports/queries.ts'
import { filterBody } from './contact-filter.ts'
import { contactFilter } from './contacts.ts'
import type { RequestContext } from '../request-context.ts'
import { endpoint } from './endpoint.ts'
import { dataEnvelope } from './envelope.ts'

const mediaTypes = { csv: 'text/csv', ndjson: 'application/x-ndjson', json: 'application/json' } as const

const exportBody = z
  .strictObject({
    format: z.enum(exportFormats, { error: `expected one of ${exportFormats.join(', ')}` }).optional(),
    filter: filterBody.optional().openapi({ description: 'Which contacts. Default: all.' }),
    fields: z
      .array(z.string())
      .optional()
      .openapi({
        description: `Which fields, in which order. \`custom_attributes.<key>\` is one custom attribute. Default: ${defaultFields.join(', ')}.`,
      }),
    delimiter: z
      .enum([',', ';', '\t'], { error: 'expected a comma, a semicolon or a tab' })
      .optional()
      .openapi({ description: 'What separates the cells of CSV. Default: a comma.' }),
    bom: z
      .boolean()
      .optional()
      .openapi({ description: 'Whether CSV begins with a byte order mark, which Excel needs to read UTF-8. Default: false.' }),
  })
  .openapi('Export')

export const postExport = endpoint({
  operation: 'exportContacts',
  summary: 'Export contacts',
  description:
    'Oldest first, as the contacts are when the export begins. Without `format`, JSON in the usual envelope, or CSV where `Accept` asks for `text/csv`. The file is written while it is read. The CSV can be imported unchanged.',
  tag: 'Bulk',
  rate: 'bulk',
  scope: 'contacts:read',
  body: exportBody,
  bodyRequired: false,
  fileTypes: Object.values(mediaTypes),
  replies: {},
  async handle(context, { body, accept }) {
    const format = body.format ?? (/\btext\/csv\b/i.test(accept) ? 'csv' : 'json')
    const filter = body.filter === undefined ? {} : contactFilter(body.filter)
    const { fields, delimiter, bom } = body
    const exported = await exportContacts(context, { format, filter, fields, delimiter, bom })
    const content = format === 'json' ? enveloped(exported, context) : exported
    const name = `contacts-${context.now().toISOString().slice(0, 10)}.${format}`
    return { status: 200, file: { name, type: `${mediaTypes[format]}; charset=utf-8`, content } }
  },
})

/** The list that an export writes, in the envelope of all answers. */
async function* enveloped(list: AsyncGenerator<string>, { request, now }: RequestContext): AsyncGenerator<string> {
  const { meta } = dataEnvelope(request, now(), null)
  try {
    yield '{"data":'
    yield* list
    yield `,"meta":${JSON.stringify(meta)}}\n`
  } finally {
    await list.return(undefined)
  }
}
