import { z } from '@hono/zod-openapi'
import { defaultFields, exportContacts, exportFormats } from '../../domain/exports/queries.ts'
import { filterBody } from './contact-filter.ts'
import { contactFilter } from './contacts.ts'
import { endpoint } from './endpoint.ts'

const mediaTypes = { csv: 'text/csv', ndjson: 'application/x-ndjson', json: 'application/json' } as const

const exportBody = z
  .strictObject({
    format: z.enum(exportFormats, { error: `expected one of ${exportFormats.join(', ')}` }).optional(),
    filter: filterBody.optional().openapi({ description: 'What a list is narrowed down to; everybody if nothing is said.' }),
    fields: z
      .array(z.string())
      .optional()
      .openapi({ description: `Which fields, in which order; if nothing is said: ${defaultFields.join(', ')}.` }),
  })
  .openapi('Export')

export const postExport = endpoint({
  operation: 'exportContacts',
  summary: 'Export contacts',
  description:
    'As a file, CSV if nothing is said, oldest first, as the contacts were at one moment. It is written while it is read. The CSV can be imported as it is.',
  tag: 'Bulk',
  rate: 'bulk',
  scope: 'contacts:read',
  body: exportBody,
  bodyRequired: false,
  fileTypes: Object.values(mediaTypes),
  replies: {},
  async handle(context, { body }) {
    const format = body.format ?? 'csv'
    const filter = body.filter === undefined ? {} : contactFilter(body.filter)
    const content = await exportContacts(context, { format, filter, fields: body.fields })
    const name = `contacts-${context.now().toISOString().slice(0, 10)}.${format}`
    return { status: 200, file: { name, type: `${mediaTypes[format]}; charset=utf-8`, content } }
  },
})
