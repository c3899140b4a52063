import { z } from '@hono/zod-openapi'
import type { ImportJob } from '../../data/generated/client.ts'
import type { ReadContext } from '../../domain/context.ts'
import { importContacts, rollBackImport } from '../../domain/imports/commands.ts'
import { findImportJobs, getImportJob, importJobList, importJobPosition, keptCsv, skippedCsv } from '../../domain/imports/queries.ts'
import { parseId } from '../../kernel/ids.ts'
import { type Endpoint, endpoint, type Reply } from './endpoint.ts'
import { flag, pageQuery, pageRequest, paginationOf } from './fields.ts'
import { piecesOf } from './files.ts'

const onDuplicate = z.enum(['skip', 'update'], { error: 'expected skip or update' })
const statuses = ['pending', 'processing', 'completed', 'failed', 'rolled_back'] as const

const jobFields = {
  id: z.string(),
  status: z.enum(statuses),
  total_rows: z.int(),
  processed_rows: z.int().openapi({ description: 'Grows while the import runs.' }),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  skipped: z.int().openapi({ description: 'Rows that were left out; skipped.csv has them with their reasons.' }),
  dry_run: z.boolean(),
  on_duplicate: onDuplicate,
  created_at: z.iso.datetime(),
  completed_at: z.iso.datetime().nullable(),
  rollback_expires_at: z.iso.datetime().nullable().openapi({ description: 'Until when it can be rolled back; null if it cannot.' }),
  rollback: z
    .object({ reversed: z.int(), kept: z.int(), failed: z.int() })
    .nullable()
    .openapi({
      description:
        'What the rollback has done so far: contacts that are what they were before, contacts that were changed since and are left alone, ' +
        'contacts whose phone or email another one has by now; kept.csv has both of the latter. Null if nobody has asked for one.',
    }),
}

const jobSchema = z.object(jobFields).openapi('ImportJob')
const importSchema = z.object({ import_job_id: z.string(), ...jobFields }).openapi('Import')

/** An import in REST's spelling. */
function presentImportJob(job: ImportJob): z.input<typeof jobSchema> {
  const { reversed, kept, failed } = job
  return {
    id: job.id,
    status: job.status,
    total_rows: job.totalRows,
    processed_rows: job.processedRows,
    created: job.created,
    updated: job.updated,
    unchanged: job.unchanged,
    skipped: job.skipped,
    dry_run: job.dryRun,
    on_duplicate: job.onDuplicate,
    created_at: job.createdAt.toISOString(),
    completed_at: job.completedAt?.toISOString() ?? null,
    rollback_expires_at: job.rollbackExpiresAt?.toISOString() ?? null,
    rollback: job.rollbackRequestedAt === null ? null : { reversed, kept, failed },
  }
}

const importBody = z
  .strictObject({
    contacts: z.array(z.unknown(), { error: 'expected a list of contacts' }).openapi({
      description:
        'The contacts, each an object as for creating one. Names are matched freely; what is not known becomes a custom attribute.',
      type: 'array',
      items: { type: 'object' },
    }),
    on_duplicate: onDuplicate
      .optional()
      .openapi({ description: 'What to do with a contact that is known already; `skip` if nothing is said.' }),
    default_country: z.string().nullish().openapi({ description: 'Reads phone numbers without a country prefix.' }),
    dry_run: z.boolean().optional().openapi({ description: 'Tries everything and keeps nothing.' }),
  })
  .openapi('ImportInput')

const importQuery = z.strictObject({
  on_duplicate: onDuplicate.optional().openapi({ description: 'The same option for a CSV file.' }),
  default_country: z.string().optional().openapi({ description: 'The same option for a CSV file.' }),
  dry_run: flag.optional().openapi({ description: 'The same option for a CSV file.', type: 'boolean' }),
})

export const postImport = endpoint({
  operation: 'importContacts',
  summary: 'Import contacts',
  description:
    'As JSON, or as a CSV file with a header row. At most 100,000 rows and 25 MiB. Up to 5,000 rows are done with the answer (201); more go ' +
    'on in the background (202), and survive a restart. A row matches a contact by its phone number, then by its email address. A bad row ' +
    'is skipped and says why, and never stops the others.',
  tag: 'Imports',
  rate: 'bulk',
  scope: 'contacts:write',
  query: importQuery,
  body: importBody,
  csv: true,
  maxBodyBytes: 25 * 1024 * 1024,
  replies: { 201: importSchema, 202: importSchema },
  async handle(context, { query, body, csv }) {
    const upload = csv === null ? { kind: 'json' as const, contacts: body.contacts } : { kind: 'csv' as const, bytes: piecesOf(csv) }
    const said = { ...query, ...(csv === null && body) }
    const options = { onDuplicate: said.on_duplicate, defaultCountry: said.default_country, dryRun: said.dry_run }
    return presentImport(await importContacts(context, upload, options))
  },
})

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
  told: Pick<Endpoint, 'operation' | 'summary' | 'description'>,
  contentOf: (context: ReadContext, id: string) => Promise<AsyncGenerator<string>>,
): Endpoint {
  return endpoint({
    ...told,
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
      'A CSV file: row number, reason, field, value and message, and then the row as it was. Correct it and upload it again as it is.',
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
    'Within 24 hours. Contacts that it created are deleted, contacts that it changed get back what they were; whoever was changed since is ' +
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
