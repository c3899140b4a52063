import type { Tx } from '../database.ts'
import { hasSamples, withoutSamples } from './erase-imports.ts'

/**
 * Removes what is no longer needed, of every organization: uploads that broke off before they were complete, and, of imports that cannot
 * be rolled back any more, what their rows wrote and the samples of their columns. Rows with a reason stay: those that were skipped, and those that a
 * rollback left alone. @returns how many rows
 */
export async function deleteImportLeftovers(
  db: Tx,
  { brokenOffBefore, expiredBefore }: { readonly brokenOffBefore: Date; readonly expiredBefore: Date },
): Promise<number> {
  const deleted = await db.prisma.$executeRaw`
    delete from import_rows r using import_jobs j
    where j.organization_id = r.organization_id and j.id = r.import_job_id and (
      (j.staged_at is null and j.created_at < ${brokenOffBefore})
      or (not j.is_open and j.completed_at < ${expiredBefore} and r.reason_code is null)
    )`
  await db.prisma.$executeRaw`
    update import_jobs j set mapping = ${withoutSamples}
    where not j.is_open and j.completed_at < ${expiredBefore} and ${hasSamples}`
  await db.prisma.$executeRaw`delete from import_jobs j where j.staged_at is null and j.created_at < ${brokenOffBefore}`
  return deleted
}
