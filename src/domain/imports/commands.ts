import type { ImportJob } from '../../data/generated/client.ts'
import { saveJob } from './job/save.ts'
import { importLease, lockImport } from '../../data/sql/import-queue.ts'
import { type ImportId, insertStagedRows, type StagedRow } from '../../data/sql/import-rows.ts'
import { transaction } from '../../data/transaction.ts'
import { NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { audit } from '../audit/commands.ts'
import { recordChanges } from '../changes/commands.ts'
import { type Context, requireScope } from '../context.ts'
import { endOf, jsonOf } from './job/apply.ts'
import { ImportNotReversible, RollbackWindowExpired } from './errors.ts'
import { type ImportOptions, keptOptions, parseOptions } from './job/parse-options.ts'
import { progressOf } from './job/progress.ts'
import { readUpload, type RowSource, type Upload } from './formats/read-upload.ts'
import { Samples } from './job/samples.ts'
import { finishImport } from './job/work.ts'

/** The number of rows up to which the request waits for the import. */
const maxRowsAtOnce = 5000
/** How many rows are staged in one statement. */
const stagedAtOnce = 500

/**
 * Imports contacts. Up to 5,000 rows are done when this returns; of more, the work goes on in the background.
 * @returns the job as it is by then
 * @throws InvalidInput for an upload or an option that makes no sense; DomainError PAYLOAD_TOO_LARGE for more than 100,000 rows. A bad row
 * is no reason to refuse the others: it is skipped, and says why. A list of suppressed addresses needs the scope `settings:write` beside.
 */
export async function importContacts(context: Context, upload: Upload, options: ImportOptions): Promise<ImportJob> {
  requireScope(context, 'contacts:write')
  const job = await stageImport(context, upload, options)
  return job.totalRows > maxRowsAtOnce ? job : finishImport(context, job)
}

/**
 * Keeps an upload, to be worked on. It is not listed before it is complete, and one that turns out to be unreadable leaves nothing.
 * @param waits whether the caller works on it to its end, however many rows it has. Another process that began with it too would not harm
 * an import, but two that try the same dry run start again after each other for ever.
 */
export async function stageImport(
  context: Context,
  upload: Upload,
  options: ImportOptions,
  { waits = false }: { readonly waits?: boolean } = {},
): Promise<ImportJob> {
  requireScope(context, 'contacts:write')
  const { organizationId, name } = context.actor
  const now = context.now()
  const { rowOptions, columns: mapping } = parseOptions(options)
  const data = {
    organizationId,
    id: newId('importJob'),
    onDuplicate: rowOptions.onDuplicate,
    defaultCountry: rowOptions.defaultCountry,
    dryRun: options.dryRun ?? false,
    totalRows: 0,
    createdBy: name,
    createdAt: now,
    dueAt: now,
  }
  const source = await readUpload(upload, mapping)
  if (source.plan.isSuppressionList) requireScope(context, 'settings:write')
  const samples = new Samples(source.plan)
  await context.db.prisma.importJob.create({ data, select: { id: true } })
  try {
    const totalRows = await stageRows(context, data, source.rows, samples)
    await context.chargeRows?.(totalRows)
    const isTaken = waits || totalRows <= maxRowsAtOnce
    return await transaction(context.db, async (tx) => {
      // One entry for all of its contacts: its rows say which they are.
      if (!data.dryRun) await audit(tx, context, 'contact_import.created', [{ id: data.id, contactId: null }])
      return saveJob(
        tx,
        { organizationId, id: data.id },
        {
          columns: source.plan.columns.map((column) => column.name),
          mapping: jsonOf(samples.columns()),
          options: jsonOf(keptOptions(rowOptions, source)),
          warnings: jsonOf(samples.warnings()),
          totalRows,
          stagedAt: now,
          // The process that took a small upload works on it at once; a large one is for any.
          dueAt: isTaken ? new Date(now.getTime() + importLease) : now,
          ...(totalRows > 0 ? { isOpen: true } : { status: 'completed' as const, ...endOf(data, now) }),
        },
      )
    })
  } catch (error) {
    await discard(context, data)
    throw error
  }
}

async function stageRows(context: Context, job: ImportId, rows: RowSource['rows'], samples: Samples): Promise<number> {
  let count = 0
  let batch: StagedRow[] = []
  for await (const row of rows) {
    samples.add(row)
    batch.push(row)
    if (batch.length < stagedAtOnce) continue
    await insertStagedRows(context.db, job, batch)
    count += batch.length
    batch = []
  }
  if (batch.length > 0) await insertStagedRows(context.db, job, batch)
  return count + batch.length
}

async function discard(context: Context, { organizationId, id }: ImportId): Promise<void> {
  await context.db.prisma.importRow.deleteMany({ where: { organizationId, importJobId: id } })
  await context.db.prisma.importJob.deleteMany({ where: { organizationId, id } })
}

/**
 * Rolls an import back: contacts that it created are deleted, contacts that it changed get back what they were, and a contact that was changed
 * since is kept unchanged. An import of more than 5,000 rows is rolled back in the background. @returns the job as it is by then
 * @throws NotFound, ImportNotReversible, RollbackWindowExpired
 */
export async function rollBackImport(context: Context, id: string): Promise<ImportJob> {
  const job = await requestRollback(context, id)
  return job.totalRows > maxRowsAtOnce ? job : finishImport(context, job)
}

/** Lets an import be rolled back, by the worker that takes it next. @throws like {@link rollBackImport} */
async function requestRollback(context: Context, id: string): Promise<ImportJob> {
  requireScope(context, 'contacts:write')
  const { organizationId, name } = context.actor
  return transaction(context.db, async (tx) => {
    const job = await lockImport(tx, organizationId, id)
    const now = context.now()
    if (job === null) throw new NotFound('import job', id)
    requireReversible(job, now)
    await audit(tx, context, 'contact_import.rolled_back', [{ id, contactId: null }])
    await recordChanges(tx, organizationId, now, [progressOf(job)])
    return saveJob(
      tx,
      { organizationId, id },
      {
        status: 'processing',
        isOpen: true,
        // One that has failed goes on where it was: what it has reversed must not be taken for changed since.
        position: job.rollbackRequestedAt === null ? job.totalRows + 1 : job.position,
        attempts: 0,
        dueAt: job.totalRows > maxRowsAtOnce ? now : new Date(now.getTime() + importLease),
        rollbackRequestedAt: now,
        rollbackRequestedBy: name,
      },
    )
  })
}

function requireReversible(job: ImportJob, now: Date): void {
  if (job.dryRun) throw new ImportNotReversible('A dry run has written nothing, so there is nothing to roll back.')
  if (job.rollbackRequestedAt !== null && job.status !== 'failed') {
    throw new ImportNotReversible(
      job.rolledBackAt === null ? 'The import is being rolled back already.' : 'The import was rolled back already.',
    )
  }
  if (job.isOpen || job.rollbackExpiresAt === null) {
    throw new ImportNotReversible('The import is still running. Roll it back when it is completed.')
  }
  if (now >= job.rollbackExpiresAt) throw new RollbackWindowExpired(job.rollbackExpiresAt)
}
