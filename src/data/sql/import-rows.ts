import type { Tx } from '../database.ts'
import { type ImportRow, Prisma } from '../generated/client.ts'

/** An import, by its two ids. */
export interface ImportId {
  readonly organizationId: string
  readonly id: string
}

/** Why a row was skipped, or why it could not be rolled back. */
export interface RowReason {
  readonly reasonCode: string
  readonly field: string | null
  readonly value: string | null
  readonly message: string
  /** What would have been accepted; null where there is nothing to say. */
  readonly expected?: string | null
  /** The row's other faults. */
  readonly further?: readonly RowReason[] | null
}

/** A row as it was uploaded. One that cannot be read at all has its reason already. */
export interface StagedRow extends Partial<RowReason> {
  readonly rowNumber: number
  /** A list in the order of the columns, an object by their names, or null where there is neither. */
  readonly cells: unknown
}

/** Keeps rows of an upload, to be worked on later. */
export async function insertStagedRows(tx: Tx, job: ImportId, rows: readonly StagedRow[]): Promise<void> {
  await tx.prisma.$executeRaw`
    insert into import_rows (organization_id, import_job_id, row_number, cells, reason_code, field, value, message, expected)
    select ${job.organizationId}, ${job.id}, r."rowNumber", r.cells, r."reasonCode", r.field, r.value, r.message, r.expected
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as r("rowNumber" int, cells jsonb, "reasonCode" text, field text, value text, message text, expected text)`
}

/** The next rows of an import behind a position, in their order. */
export async function selectStagedRows(tx: Tx, job: ImportId, position: number, limit: number): Promise<StagedRow[]> {
  return tx.sql`
    select r.row_number as "rowNumber", r.cells, r.reason_code as "reasonCode", r.field, r.value, r.message, r.expected
    from import_rows r
    where r.organization_id = ${job.organizationId} and r.import_job_id = ${job.id} and r.row_number > ${position}
    order by r.row_number
    limit ${limit}`
}

/** A contact that a row of an import has created, changed or matched, and that row. */
export interface ImportedContact {
  readonly contactId: string
  readonly rowNumber: number
}

/** Those of these contacts that an earlier row of the import has met. A limit keeps the planner at looking up each. */
export async function selectImportedContacts(tx: Tx, job: ImportId, contactIds: readonly string[]): Promise<ImportedContact[]> {
  return tx.sql<ImportedContact[]>`
    select k.id as "contactId", met.row_number as "rowNumber" from unnest(${contactIds}::text[]) k(id)
    cross join lateral (
      select r.row_number from import_rows r
      where r.organization_id = ${job.organizationId} and r.import_job_id = ${job.id} and r.contact_id = k.id
      limit 1
    ) met`
}

/** What became of a row. */
export interface RowOutcome extends Partial<RowReason> {
  readonly rowNumber: number
  readonly outcome: NonNullable<ImportRow['outcome']>
  readonly contactId: string | null
  /** What the contact was, if it was changed. */
  readonly before?: unknown
  /** The contact's revision afterwards, if it was created or changed. */
  readonly revision?: number
}

/** Writes down what became of rows. Only the cells of skipped ones are needed any more; a dry run may have to start again. */
export async function recordOutcomes(tx: Tx, job: ImportId & { readonly dryRun: boolean }, outcomes: readonly RowOutcome[]): Promise<void> {
  if (outcomes.length === 0) return
  await tx.prisma.$executeRaw`
    update import_rows r
    set outcome = o.outcome, contact_id = o."contactId", before = o.before, revision = o.revision, reason_code = o."reasonCode",
      field = o.field, value = o.value, message = o.message, expected = o.expected, further = o.further,
      cells = case when o.outcome = 'skipped' or ${job.dryRun} then r.cells end
    from json_to_recordset(${JSON.stringify(outcomes)}::json) as o(
      "rowNumber" int, outcome import_outcome, "contactId" text, before jsonb, revision int, "reasonCode" text, field text, value text,
      message text, expected text, further jsonb)
    where r.organization_id = ${job.organizationId} and r.import_job_id = ${job.id} and r.row_number = o."rowNumber"
      and ${withinRows(outcomes)}`
}

/** Keeps the planner at the rows in question, whatever it believes of an import that was staged just before. */
function withinRows(rows: readonly { readonly rowNumber: number }[]): Prisma.Sql {
  const numbers = rows.map(({ rowNumber }) => rowNumber)
  return Prisma.sql`r.row_number between ${Math.min(...numbers)} and ${Math.max(...numbers)}`
}

/** The reasons of rows that are known before an import works on them: they cannot be read, or their person was erased. */
export const unreadableRow = 'UNREADABLE_ROW'
export const erasedRow = 'ERASED'

/** Forgets what became of the rows of a dry run. */
export async function clearOutcomes(tx: Tx, job: ImportId): Promise<void> {
  await tx.prisma.$executeRaw`
    update import_rows r
    set outcome = null, contact_id = null, reason_code = null, field = null, value = null, message = null,
      expected = null, further = null
    where r.organization_id = ${job.organizationId} and r.import_job_id = ${job.id} and r.outcome is not null
      and (r.reason_code is null or r.reason_code not in (${unreadableRow}, ${erasedRow}))`
}

/** A row that wrote something, as a rollback sees it. */
export interface AppliedRow {
  readonly rowNumber: number
  readonly outcome: 'created' | 'updated'
  readonly contactId: string
  readonly before: unknown
  readonly revision: number
}

/** The rows in front of a position that wrote something, the last one first. */
export async function selectAppliedRows(tx: Tx, job: ImportId, position: number, limit: number): Promise<AppliedRow[]> {
  return tx.sql<AppliedRow[]>`
    select r.row_number as "rowNumber", r.outcome, r.contact_id as "contactId", r.before, r.revision
    from import_rows r
    where r.organization_id = ${job.organizationId} and r.import_job_id = ${job.id} and r.row_number < ${position}
      and r.outcome in ('created', 'updated')
    order by r.row_number desc
    limit ${limit}`
}

/** Writes down why rows could not be rolled back. */
export async function recordReasons(tx: Tx, job: ImportId, reasons: readonly (RowReason & { rowNumber: number })[]): Promise<void> {
  if (reasons.length === 0) return
  await tx.prisma.$executeRaw`
    update import_rows r
    set reason_code = o."reasonCode", field = o.field, value = o.value, message = o.message
    from json_to_recordset(${JSON.stringify(reasons)}::json)
      as o("rowNumber" int, "reasonCode" text, field text, value text, message text)
    where r.organization_id = ${job.organizationId} and r.import_job_id = ${job.id} and r.row_number = o."rowNumber"
      and ${withinRows(reasons)}`
}
