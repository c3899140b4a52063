import { z } from '@hono/zod-openapi'
import type { ImportJob } from '../../data/generated/client.ts'
import { columnsOfJob, type KeptColumn, optionsOfJob, reasonsOfJob, warningsOfJob } from '../../domain/imports/job/job-options.ts'
import type { PreviewRow } from '../../domain/imports/preview.ts'
import { previewContact } from '../../domain/imports/preview-contact.ts'
import { becomes } from '../../domain/imports/columns/targets.ts'
import type { WarningSummary } from '../../domain/imports/rows/warnings.ts'

export const onDuplicate = z.enum(['skip', 'update'], { error: 'expected skip or update' })
const statuses = ['pending', 'processing', 'completed', 'failed', 'rolled_back'] as const

const columnSchema = z
  .object({
    name: z.string(),
    becomes: z.string().nullable().openapi({ description: 'The field, or custom_attributes.<key>; null for a column that is left out.' }),
    samples: z.array(z.string()).openapi({ description: 'The first values in it. Kept as long as the import can be rolled back.' }),
  })
  .openapi('ImportColumn')

const reasonSchema = z.object({ code: z.string(), count: z.int() }).openapi('ImportReason')

const warningSchema = z
  .object({
    code: z.string(),
    column: z.string().nullable(),
    field: z.string().nullable(),
    message: z.string(),
    count: z.int().nullable().openapi({ description: 'How many rows it is about; null for one about the whole upload.' }),
    rows: z.array(z.int()).openapi({ description: 'The first rows that it is about.' }),
  })
  .openapi('ImportWarning')

/** What a job and a preview have in common. */
export const findingsFields = {
  layout: z.string().nullable().openapi({ description: 'The tool whose layout the upload has; null if it has none that is known.' }),
  columns: z.array(columnSchema),
  reasons: z.array(reasonSchema).openapi({ description: 'Why rows were skipped: each row counts once, under its first reason.' }),
  warnings: z.array(warningSchema).openapi({ description: 'What is kept in another way than the upload asks for. Nothing is lost.' }),
}

export const jobFields = {
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
  default_country: z.string().nullable(),
  match_by: z.array(z.string()).nullable(),
  tags: z.enum(['add', 'replace']),
  add_tags: z.array(z.string()),
  ...findingsFields,
  created_at: z.iso.datetime(),
  completed_at: z.iso.datetime().nullable(),
  rollback_expires_at: z.iso.datetime().nullable().openapi({ description: 'Until when it can be rolled back; null if it cannot.' }),
  rollback: z
    .object({ reversed: z.int(), kept: z.int(), failed: z.int() })
    .nullable()
    .openapi({
      description:
        'The progress of the rollback: contacts with their previous values, contacts that changed since and are kept, contacts whose phone ' +
        'or email another contact has by now; kept.csv has both of the latter. Null if no rollback was requested.',
    }),
  links: z
    .object({ self: z.string(), skipped_csv: z.string(), kept_csv: z.string().nullable(), rollback: z.string().nullable() })
    .openapi({ description: 'Paths of the job and its files; null for a file that it does not have.' }),
}

/** An import in REST's spelling. */
export function presentImportJob(job: ImportJob) {
  const { reversed, kept, failed } = job
  const { matchBy, tags, addTags, tool } = optionsOfJob(job)
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
    default_country: job.defaultCountry,
    match_by: matchBy,
    tags,
    add_tags: addTags,
    layout: tool,
    columns: columnsOfJob(job).map(presentColumn),
    reasons: reasonsOfJob(job),
    warnings: warningsOfJob(job).map(presentWarning),
    created_at: job.createdAt.toISOString(),
    completed_at: job.completedAt?.toISOString() ?? null,
    rollback_expires_at: job.rollbackExpiresAt?.toISOString() ?? null,
    rollback: job.rollbackRequestedAt === null ? null : { reversed, kept, failed },
    links: linksOf(job),
  }
}

export function presentColumn({ name, target, samples }: KeptColumn) {
  return { name, becomes: becomes(target), samples: [...samples] }
}

export function presentWarning({ code, column, field, message, count, rows }: WarningSummary) {
  return { code, column, field, message, count, rows: [...rows] }
}

function linksOf({ id, dryRun, rollbackExpiresAt, rollbackRequestedAt }: ImportJob) {
  const self = `/api/v1/contacts/import-jobs/${id}`
  const isReversible = !dryRun && rollbackExpiresAt !== null && rollbackRequestedAt === null
  return {
    self,
    skipped_csv: `${self}/skipped.csv`,
    kept_csv: rollbackRequestedAt === null ? null : `${self}/kept.csv`,
    rollback: isReversible ? `${self}/rollback` : null,
  }
}

/** A row of a preview. */
export function presentPreviewRow({ rowNumber, outcome, contact, optOuts, reason }: PreviewRow) {
  return {
    row_number: rowNumber,
    outcome,
    contact: contact === null ? null : previewContact(contact),
    opt_outs: [...optOuts],
    reason:
      reason === null
        ? null
        : {
            code: reason.reasonCode,
            field: reason.field,
            value: reason.value,
            message: reason.message,
            expected: reason.expected ?? null,
            further: (reason.further ?? []).map((fault) => ({
              code: fault.reasonCode,
              field: fault.field,
              value: fault.value,
              message: fault.message,
              expected: fault.expected ?? null,
            })),
          },
  }
}
