import { z } from '@hono/zod-openapi'
import type { Suppression } from '../../data/generated/client.ts'
import { liftSuppression, suppressAddresses } from '../../domain/suppression/commands.ts'
import { importSuppressions, suppressionsCsv } from '../../domain/suppression/csv.ts'
import { channelsOf, findSuppressions, suppressionList, suppressionPosition, suppressionsById } from '../../domain/suppression/queries.ts'
import { channels } from '../../kernel/channels.ts'
import { errorCodes } from '../../kernel/errors.ts'
import { endpoint } from './endpoint.ts'
import { pageQuery, pageRequest, paginationOf } from './fields.ts'
import { piecesOf } from './files.ts'

const suppressionSchema = z
  .object({
    id: z.string(),
    address: z.string().openapi({ description: 'In the form in which it is compared; after an erasure a keyed hash.' }),
    channels: z.array(z.enum(channels)),
    reason: z.string().openapi({ description: 'opt_out, keyword, complaint, erasure, manual, imported or block.' }),
    topic_id: z.string().nullable(),
    since: z.iso.datetime(),
    note: z.string().nullable(),
    created_by: z.string(),
    created_at: z.iso.datetime(),
    lifted_at: z.iso.datetime().nullable(),
  })
  .openapi('Suppression')

function presentSuppression(suppression: Suppression): z.input<typeof suppressionSchema> {
  return {
    id: suppression.id,
    address: suppression.key,
    channels: channelsOf(suppression),
    reason: suppression.reason,
    topic_id: suppression.topicId === '' ? null : suppression.topicId,
    since: suppression.since.toISOString(),
    note: suppression.note,
    created_by: suppression.createdBy,
    created_at: suppression.createdAt.toISOString(),
    lifted_at: suppression.liftedAt?.toISOString() ?? null,
  }
}

export const listSuppressions = endpoint({
  operation: 'listSuppressions',
  summary: 'List the suppressions that hold',
  description: 'The latest first.',
  tag: 'Suppressions',
  scope: 'settings:write',
  query: z.strictObject({
    ...pageQuery,
    address: z.string().optional().openapi({ description: 'Only those of this phone number or email address.' }),
  }),
  paged: true,
  replies: { 200: z.array(suppressionSchema) },
  async handle(context, { query: { address, ...query } }) {
    const list = suppressionList(context.actor.organizationId)
    const page = await findSuppressions(context, { address }, pageRequest(list, query))
    return { status: 200, data: page.items.map(presentSuppression), pagination: paginationOf(page, list, suppressionPosition) }
  },
})

export const postSuppressions = endpoint({
  operation: 'suppressAddresses',
  summary: 'Suppress addresses',
  description: 'Nothing is sent to them, whichever contact has them, until they are lifted.',
  tag: 'Suppressions',
  rate: 'bulk',
  scope: 'settings:write',
  body: z
    .strictObject({
      addresses: z.array(z.string()).openapi({ description: '1 to 1,000 phone numbers and email addresses.' }),
      channels: z.array(z.string()).nullish().openapi({ description: 'Default: every channel of each address.' }),
      reason: z.enum(['manual', 'imported']).nullish().openapi({ description: 'Default: manual.' }),
      note: z.string().nullish().openapi({ description: 'At most 500 characters.' }),
    })
    .openapi('SuppressAddresses'),
  replies: {
    200: z.object({
      suppressed: z.array(suppressionSchema),
      failed: z.array(z.object({ index: z.int(), code: z.enum(errorCodes), message: z.string() })),
    }),
  },
  async handle(context, { body }) {
    const { ids, failed } = await suppressAddresses(context, body)
    const found = await suppressionsById(context, ids)
    const suppressed = ids.flatMap((id) => found.get(id) ?? []).map(presentSuppression)
    return { status: 200, data: { suppressed, failed: failed.map(({ index, reason: { code, message } }) => ({ index, code, message })) } }
  },
})

export const postLift = endpoint({
  operation: 'liftSuppression',
  summary: 'Lift a suppression',
  description: 'An opt-out that a contact has on record itself stays.',
  tag: 'Suppressions',
  scope: 'settings:write',
  params: z.object({
    suppressionId: z.string().openapi({ description: 'The id of the suppression.', example: 'sup_01jm8xw4r2e5tvq0c9h3kzb7nd' }),
  }),
  body: z
    .strictObject({ reason: z.string().openapi({ description: 'Why, 1 to 500 characters. It stays on record.' }) })
    .openapi('LiftSuppression'),
  replies: { 200: suppressionSchema },
  async handle(context, { params, body }) {
    const id = await liftSuppression(context, params.suppressionId, body.reason)
    const found = (await suppressionsById(context, [id])).get(id)
    return { status: 200, data: found === undefined ? null : presentSuppression(found) }
  },
})

export const downloadSuppressions = endpoint({
  operation: 'downloadSuppressions',
  summary: 'Download the suppression list as CSV',
  tag: 'Suppressions',
  scope: 'settings:write',
  fileTypes: ['text/csv'],
  replies: { 200: null },
  async handle(context) {
    // The first page is read before the answer begins: a missing scope is refused.
    await findSuppressions(context, {}, { limit: 1, direction: 'forward', from: null, total: false })
    return { status: 200, file: { type: 'text/csv; charset=utf-8', name: 'suppressions.csv', content: suppressionsCsv(context) } }
  },
})

export const uploadSuppressions = endpoint({
  operation: 'importSuppressions',
  summary: 'Suppress the addresses of a CSV file',
  description:
    'The body, or the field `file` of a form. It needs a column `address` (or `email`, `phone`); `channels`, `reason`, `topic`, `since` and `note` are ' +
    'optional, as in the download. At most 100,000 rows. A row that cannot be read does not lose the others.',
  tag: 'Suppressions',
  rate: 'bulk',
  scope: 'settings:write',
  body: z
    .strictObject({ csv: z.string().openapi({ description: 'The text of the file, in place of the file.' }) })
    .openapi('ImportSuppressions'),
  acceptsFile: true,
  maxBodyBytes: 25 * 1024 * 1024,
  replies: {
    200: z
      .object({
        rows: z.int(),
        suppressed: z.int().openapi({ description: 'Entries that are new or hold again.' }),
        failed_rows: z.int(),
        failed: z
          .array(z.object({ row: z.int(), code: z.enum(errorCodes), message: z.string() }))
          .openapi({ description: 'The first 1,000 rows that could not be read. The header does not count.' }),
      })
      .openapi('SuppressionsImported'),
  },
  async handle(context, { file, body }) {
    const bytes = file?.bytes ?? Buffer.from(body.csv)
    const { rows, suppressed, failedRows, failed } = await importSuppressions(context, piecesOf(bytes), file?.charset ?? null)
    const refusals = failed.map(({ row, reason: { code, message } }) => ({ row, code, message }))
    return { status: 200, data: { rows, suppressed, failed_rows: failedRows, failed: refusals } }
  },
})
