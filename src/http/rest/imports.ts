import { z } from '@hono/zod-openapi'
import type { ImportJob } from '../../data/generated/client.ts'
import type { ReadContext } from '../../domain/context.ts'
import { importContacts, rollBackImport } from '../../domain/imports/commands.ts'
import { type ImportPreview, previewImport } from '../../domain/imports/preview.ts'
import { findImportJobs, getImportJob, importJobList, importJobPosition, keptCsv, skippedCsv } from '../../domain/imports/queries.ts'
import { parseId } from '../../kernel/ids.ts'
import { type Endpoint, endpoint, type Reply } from './endpoint.ts'
import { pageQuery, pageRequest, paginationOf } from './fields.ts'
import { findingsFields, jobFields, presentColumn, presentImportJob, presentPreviewRow, presentWarning } from './import-jobs.ts'
import { importBody, importQuery, readRequest, shapeBody } from './import-requests.ts'

const jobSchema = z.object(jobFields).openapi('ImportJob')
const importSchema = z.object({ import_job_id: z.string(), ...jobFields }).openapi('Import')

export const postImport = endpoint({
  operation: 'importContacts',
  summary: 'Import contacts',
  description:
    'As JSON, or as a file of CSV or vCards (the body, or the field `file` of a form). At most 100,000 rows and 25 MiB. Up to 5,000 rows are done with ' +
    'the answer (201); more go on in the background (202), and survive a restart. A row matches a contact by its phone number, then by its email ' +
    'address. A bad row is skipped with its reasons, and never stops the others.',
  tag: 'Imports',
  rate: 'bulk',
  scope: 'contacts:write',
  query: importQuery,
  body: importBody,
  shape: shapeBody,
  acceptsFile: true,
  maxBodyBytes: 25 * 1024 * 1024,
  replies: { 201: importSchema, 202: importSchema },
  async handle(context, request) {
    const { upload, options } = readRequest(request)
    return presentImport(await importContacts(context, upload, options))
  },
})

const previewSchema = z
  .object({
    total_rows: z.int(),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    skipped: z.int(),
    ...findingsFields,
    rows: z
      .array(
        z.object({
          row_number: z.int(),
          outcome: z.enum(['created', 'updated', 'unchanged', 'skipped']),
          contact: z
            .record(z.string(), z.unknown())
            .nullable()
            .openapi({ description: 'The contact as it would be; null if the row cannot be read.' }),
          opt_outs: z.array(z.string()).openapi({ description: 'The channels that the contact would be opted out of.' }),
          reason: z.record(z.string(), z.unknown()).nullable().openapi({ description: 'Why it would be skipped; null otherwise.' }),
        }),
      )
      .openapi({ description: 'The first ten rows as they would be imported.' }),
  })
  .openapi('ImportPreview')

export const postPreview = endpoint({
  operation: 'previewImport',
  summary: 'Preview an import',
  description:
    'Takes what an import takes, and answers with what it would do: what the columns become, the first ten rows, and the counts. Writes nothing.',
  tag: 'Imports',
  rate: 'bulk',
  scope: 'contacts:write',
  query: importQuery,
  body: importBody,
  shape: shapeBody,
  acceptsFile: true,
  maxBodyBytes: 25 * 1024 * 1024,
  replies: { 200: previewSchema },
  async handle(context, request) {
    const { upload, options } = readRequest(request)
    return { status: 200, data: presentPreview(await previewImport(context, upload, options)) }
  },
})

function presentPreview({ tool, totalRows, created, updated, unchanged, skipped, columns, reasons, warnings, rows }: ImportPreview) {
  return {
    total_rows: totalRows,
    created,
    updated,
    unchanged,
    skipped,
    layout: tool,
    columns: columns.map(presentColumn),
    reasons,
    warnings: warnings.map(presentWarning),
    rows: rows.map(presentPreviewRow),
  }
}

function presentImport(job: ImportJob): Reply {
  return {
    status: job.isOpen ? 202 : 201,
    data: { import_job_id: job.id, ...presentImportJob(job) },
    headers: { Location: `/api/v1/contacts/import-jobs/${job.id}` },
  }
}

export const listImportJobs = endpoint({
  operation: 'listImportJobs',
  summary: 'List imports',
  description: 'Newest first.',
  tag: 'Imports',
  scope: 'contacts:read',
  query: z.strictObject(pageQuery),
  paged: true,
  replies: { 200: z.array(jobSchema) },
  async handle(context, { query }) {
    const list = importJobList(context.actor)
    const page = await findImportJobs(context, pageRequest(list, query))
    return { status: 200, data: page.items.map(presentImportJob), pagination: paginationOf(page, list, importJobPosition) }
  },
})

const jobParams = z.strictObject({
  id: z.string().openapi({ description: 'The id of the import.', example: 'imp_01jm8xw4r2e5tvq0c9h3kzb7nd' }),
})

export const readImportJob = endpoint({
  operation: 'getImportJob',
  summary: 'Get an import',
  description: 'Shows how far it is while it runs.',
  tag: 'Imports',
  scope: 'contacts:read',
  params: jobParams,
  replies: { 200: jobSchema },
  async handle(context, { params }) {
    return { status: 200, data: presentImportJob(await getImportJob(context, parseId('importJob', params.id))) }
  },
})

/** A route that answers with a CSV file about one import. */
function importFile(
  name: string,
  documentation: Pick<Endpoint, 'operation' | 'summary' | 'description'>,
  contentOf: (context: ReadContext, id: string) => Promise<AsyncGenerator<string>>,
): Endpoint {
  return endpoint({
    ...documentation,
    tag: 'Imports',
    scope: 'contacts:read',
    params: jobParams,
    fileTypes: ['text/csv'],
    replies: {},
    async handle(context, { params }) {
      const id = parseId('importJob', params.id)
      const content = await contentOf(context, id)
      return { status: 200, file: { name: `${name}-${id}.csv`, type: 'text/csv; charset=utf-8', content } }
    },
  })
}

export const readSkippedRows = importFile(
  'skipped',
  {
    operation: 'getSkippedRows',
    summary: 'Get the skipped rows of an import',
    description:
      'A CSV file: row number, reason, field, value and message, and then the row as it was. Correct the rows and upload the file again.',
  },
  skippedCsv,
)

export const readKeptRows = importFile(
  'kept',
  {
    operation: 'getKeptRows',
    summary: 'Get the contacts that a rollback left alone',
    description:
      'A CSV file: row number, id of the contact, reason and message. The reason is CHANGED_SINCE for a contact that was changed after the ' +
      'import, and CONTACT_ALREADY_EXISTS for one whose phone number or email address another contact has by now. Only the header where ' +
      'nothing was left alone.',
  },
  keptCsv,
)

export const postRollback = endpoint({
  operation: 'rollBackImport',
  summary: 'Roll an import back',
  description:
    'Within 24 hours. Contacts that it created are deleted, contacts that it updated return to their previous values; a contact that was changed since is ' +
    'kept (kept.csv says who). An import of more than 5,000 rows is rolled back in the background (202).',
  tag: 'Imports',
  rate: 'bulk',
  scope: 'contacts:write',
  params: jobParams,
  replies: { 200: jobSchema, 202: jobSchema },
  async handle(context, { params }) {
    const job = await rollBackImport(context, parseId('importJob', params.id))
    return { status: job.isOpen ? 202 : 200, data: presentImportJob(job) }
  },
})
