import type { ReadDb } from '../database.ts'
import type { ImportId, RowReason } from './import-rows.ts'

/** A row that was skipped, as it was uploaded, and why. */
export interface SkippedRow extends RowReason {
  readonly rowNumber: number
  readonly cells: unknown
}

/** The next skipped rows of an import behind a position, in their order. */
export async function selectSkippedRows(db: ReadDb, job: ImportId, position: number, limit: number): Promise<SkippedRow[]> {
  return db.sql<SkippedRow[]>`
    select r.row_number as "rowNumber", r.cells, r.reason_code as "reasonCode", r.field, r.value, r.message, r.expected, r.further
    from import_rows r
    where r.organization_id = ${job.organizationId} and r.import_job_id = ${job.id} and r.row_number > ${position} and r.outcome = 'skipped'
    order by r.row_number
    limit ${limit}`
}
