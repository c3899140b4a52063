import type { ImportJob } from '../../data/generated/client.ts'
import { selectImportJobs } from '../../data/sql/find-import-jobs.ts'
import { type KeptRow, selectKeptRows } from '../../data/sql/find-kept-rows.ts'
import { type SkippedRow, selectSkippedRows } from '../../data/sql/find-skipped-rows.ts'
import type { RowReason } from '../../data/sql/import-rows.ts'
import { csvRecord } from '../../kernel/csv.ts'
import { NotFound } from '../../kernel/errors.ts'
import { type List, maxPageSize, type Page, type PageRequest, pageOf, type Position } from '../../kernel/page.ts'
import { type Actor, type ReadContext, requireScope } from '../context.ts'
import { reasonColumns } from './columns/columns.ts'

/** @throws NotFound */
export async function getImportJob(context: ReadContext, id: string): Promise<ImportJob> {
  const job = (await importJobsById(context, [id])).get(id)
  if (job === undefined) throw new NotFound('import job', id)
  return job
}

/** The visible imports among these ids: those of the organization, once their upload is complete. One statement, however many. */
export async function importJobsById(context: ReadContext, ids: readonly string[]): Promise<Map<string, ImportJob>> {
  requireScope(context, 'contacts:read')
  const { organizationId } = context.actor
  const jobs = await context.db.prisma.importJob.findMany({ where: { organizationId, id: { in: [...ids] }, stagedAt: { not: null } } })
  return new Map(jobs.map((job) => [job.id, job]))
}

/** The list that a page of imports belongs to. */
export function importJobList(actor: Actor): List {
  return { name: `importJobs:${actor.organizationId}`, key: 'time' }
}

export function importJobPosition(job: ImportJob): Position {
  return { key: job.createdAt, id: job.id }
}

/** A page of the organization's imports, newest first. One statement, the total included. */
export async function findImportJobs(context: ReadContext, page: PageRequest): Promise<Page<ImportJob>> {
  requireScope(context, 'contacts:read')
  const { rows, total } = await selectImportJobs(context.db, context.actor.organizationId, page)
  return pageOf(rows, page, total)
}

const rowsAtOnce = 500

/**
 * The rows of an import that were skipped, as a CSV file that can be corrected and uploaded again: why, and then the row as it was. A row with
 * several faults has all of them, with ` | ` between.
 * @throws NotFound
 */
export async function skippedCsv(context: ReadContext, id: string): Promise<AsyncGenerator<string>> {
  const job = await getImportJob(context, id)
  return recordsOf(context, job)
}

async function* recordsOf(context: ReadContext, job: ImportJob): AsyncGenerator<string> {
  yield csvRecord([...reasonColumns, ...job.columns])
  for (let position = 0; ;) {
    const rows = await selectSkippedRows(context.db, job, position, rowsAtOnce)
    if (rows.length > 0) yield rows.map((row) => csvRecord(cellsOf(row, job.columns))).join('')
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsAtOnce) return
    position = last.rowNumber
  }
}

function cellsOf(row: SkippedRow, columns: readonly string[]): (string | null)[] {
  const { cells } = row
  const own = columns.map((name, index) => {
    if (Array.isArray(cells)) return textOf(cells[index])
    return typeof cells === 'object' && cells !== null && Object.hasOwn(cells, name) ? textOf(Reflect.get(cells, name)) : null
  })
  const faults = [row, ...(row.further ?? [])]
  const all = (value: (fault: RowReason) => string | null | undefined) =>
    faults.every((fault) => (value(fault) ?? '') === '') ? null : faults.map((fault) => value(fault) ?? '').join(' | ')
  return [
    String(row.rowNumber),
    all(({ reasonCode }) => reasonCode),
    all(({ field }) => field),
    all(({ value }) => value),
    all(({ message }) => message),
    all(({ expected }) => expected),
    ...own,
  ]
}

function textOf(cell: unknown): string | null {
  if (cell === null || cell === undefined) return null
  return typeof cell === 'string' ? cell : JSON.stringify(cell)
}

/** The list that a page of the contacts that a rollback has left alone belongs to. */
export function keptRowList(importId: string): List {
  return { name: `keptRows:${importId}`, key: 'number' }
}

export function keptRowPosition(row: KeptRow): Position {
  return { key: row.rowNumber, id: row.contactId }
}

/**
 * The same page of each import's rows whose contacts its rollback has left alone, in the order of the upload. The imports must have been read
 * through a scope. One statement, however many.
 */
export async function keptRowsByImport(
  context: ReadContext,
  importIds: readonly string[],
  page: PageRequest,
): Promise<Map<string, Page<KeptRow>>> {
  requireScope(context, 'contacts:read')
  const found = await selectKeptRows(context.db, context.actor.organizationId, importIds, page)
  return new Map([...found].map(([importId, { rows, total }]) => [importId, pageOf(rows, page, total)]))
}

/** The contacts that the rollback of an import has left alone, each with the reason, as a CSV file. @throws NotFound */
export async function keptCsv(context: ReadContext, id: string): Promise<AsyncGenerator<string>> {
  await getImportJob(context, id)
  return keptRecordsOf(context, id)
}

async function* keptRecordsOf(context: ReadContext, id: string): AsyncGenerator<string> {
  yield csvRecord(['row_number', 'contact_id', 'reason_code', 'message'])
  for (let from: Position | null = null; ;) {
    const page = { limit: maxPageSize, direction: 'forward' as const, from, total: false }
    const { items, hasNext } = (await keptRowsByImport(context, [id], page)).get(id) ?? pageOf<KeptRow>([], page, null)
    yield items
      .map(({ rowNumber, contactId, reasonCode, message }) => csvRecord([String(rowNumber), contactId, reasonCode, message]))
      .join('')
    const last = items.at(-1)
    if (last === undefined || !hasNext) return
    from = keptRowPosition(last)
  }
}
