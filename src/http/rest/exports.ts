import { z } from '@hono/zod-openapi'
import { exportContacts, type ExportFormat, exportFormats } from '../../domain/exports/queries.ts'
import { defaultFields, sortFields } from '../../domain/exports/rules.ts'
import { vcardVersions } from '../../domain/exports/vcard.ts'
import { prime, within } from '../../kernel/text-stream.ts'
import { filterBody, filterOfBody } from './contact-filter.ts'
import type { RequestContext } from '../request-context.ts'
import { endpoint } from './endpoint.ts'
import { dataEnvelope } from './envelope.ts'

const mediaTypes = { csv: 'text/csv', ndjson: 'application/x-ndjson', json: 'application/json', vcard: 'text/vcard' } as const

const extensions = { csv: 'csv', ndjson: 'ndjson', json: 'json', vcard: 'vcf' } as const

const exportBody = z
  .strictObject({
    format: z.enum(exportFormats, { error: `expected one of ${exportFormats.join(', ')}` }).optional(),
    filter: filterBody.optional().openapi({ description: 'Which contacts. Default: all.' }),
    fields: z
      .array(z.string())
      .optional()
      .openapi({
        description:
          'Which fields, in which order. `custom_attributes.<key>` is one custom attribute; `preferences` has the consent of all channels with its proof, ' +
          `\`preferences.<channel>\` the state of one. Default: ${defaultFields.join(', ')}.`,
      }),
    sort: z
      .string()
      .optional()
      .openapi({ description: `The order: ${sortFields.join(', ')}, with a minus in front for the reverse. Default: created_at.` }),
    vcard_version: z
      .enum(vcardVersions, { error: `expected ${vcardVersions.join(' or ')}` })
      .optional()
      .openapi({ description: 'The version of vCards. Default: 4.0.' }),
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
    'As the contacts are when the export begins, oldest first. Without `format`, JSON in the usual envelope, or what `Accept` asks for: ' +
    '`text/csv`, `application/x-ndjson` or `text/vcard`. The file is written while it is read. The CSV can be imported unchanged, consent included.',
  tag: 'Bulk',
  rate: 'bulk',
  scope: 'contacts:read',
  body: exportBody,
  bodyRequired: false,
  fileTypes: Object.values(mediaTypes),
  replies: {},
  async handle(context, { body, accept }) {
    const format = body.format ?? acceptedFormat(accept)
    const filter = body.filter === undefined ? {} : filterOfBody(body.filter)
    const { fields, sort, delimiter, bom, vcard_version: vcardVersion } = body
    const exported = await exportContacts(context, { format, filter, fields, sort, delimiter, bom, vcardVersion })
    const content = format === 'json' ? await prime(enveloped(exported, context)) : exported
    const name = `contacts-${context.now().toISOString().slice(0, 10)}.${extensions[format]}`
    return { status: 200, file: { name, type: `${mediaTypes[format]}; charset=utf-8`, content } }
  },
})

/** The format that a client prefers by its header `Accept`: the first of the best quality; JSON where it accepts anything. */
function acceptedFormat(accept: string): ExportFormat {
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1)
    return { format: exportFormats.find((format) => mediaTypes[format] === type), isAny: type === '*/*', quality }
  })
  const [best] = ranges
    .filter(({ format, isAny, quality }) => quality > 0 && (format !== undefined || isAny))
    .toSorted((one, other) => other.quality - one.quality)
  return best?.format ?? 'json'
}

/** The list that an export writes, in the envelope of all answers. */
function enveloped(list: AsyncGenerator<string>, { request, now }: RequestContext): AsyncGenerator<string> {
  const { meta } = dataEnvelope(request, now(), null)
  return within('{"data":', list, `,"meta":${JSON.stringify(meta)}}\n`)
}
