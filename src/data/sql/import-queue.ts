import type { ReadDb, Tx } from '../database.ts'
import { type ImportJob, Prisma } from '../generated/client.ts'

export const jobColumns = Prisma.sql`
  j.organization_id as "organizationId", j.id, j.status, j.on_duplicate as "onDuplicate", j.default_country as "defaultCountry",
  j.dry_run as "dryRun", j.columns, j.mapping, j.options, j.reasons, j.warnings, j.total_rows as "totalRows", j.processed_rows as "processedRows", j.created, j.updated, j.unchanged,
  j.skipped, j.created_by as "createdBy", j.created_at as "createdAt", j.staged_at as "stagedAt", j.completed_at as "completedAt",
  j.rollback_expires_at as "rollbackExpiresAt", j.rollback_requested_at as "rollbackRequestedAt",
  j.rollback_requested_by as "rollbackRequestedBy", j.rolled_back_at as "rolledBackAt", j.reversed, j.kept, j.failed,
  j.is_open as "isOpen", j.position, j.due_at as "dueAt", j.attempts`

/**
 * How long an import is kept from other workers by one that works on it, in milliseconds. If that one is gone by then, another continues.
 */
export const importLease = 60_000

/**
 * Whether an import may be worked on. A time further ahead than any pause was written before the clock was set back: such an import does not
 * wait until the clock is there again.
 */
function isDue(now: Date): Prisma.Sql {
  return Prisma.sql`(j.due_at <= ${now} or j.due_at > ${now}::timestamptz + make_interval(secs => ${importLease / 1000} + 2 ^ j.attempts))`
}

/** Whether an import of any organization waits for a worker. */
export async function isImportWaiting(db: ReadDb, now: Date): Promise<boolean> {
  const rows = await db.sql<unknown[]>`select from import_jobs j where j.is_open and ${isDue(now)} limit 1`
  return rows.length > 0
}

/** How many imports that wait are looked at: more than there are workers, so that one of them is free if any is. */
const candidates = 20

/**
 * The import that waits longest for a worker, of every organization, kept from the other workers until the transaction
 * ends; null if there is none. Which one that is, is asked of all organizations; it is locked as its own organization's.
 */
export async function claimImport(tx: Tx, now: Date): Promise<ImportJob | null> {
  const waiting = await tx.sql<{ organizationId: string; id: string }[]>`
    select j.organization_id as "organizationId", j.id from import_jobs j
    where j.is_open and ${isDue(now)}
    order by j.due_at
    limit ${candidates}`
  for (const { organizationId, id } of waiting) {
    const [job] = await tx.sql<ImportJob[]>`
      select ${jobColumns} from import_jobs j
      where j.organization_id = ${organizationId} and j.id = ${id} and j.is_open and ${isDue(now)}
      for update skip locked`
    if (job !== undefined) return job
  }
  return null
}

/** An import, kept from everyone else until the transaction ends; null if there is none. */
export async function lockImport(tx: Tx, organizationId: string, id: string): Promise<ImportJob | null> {
  const [job] = await tx.sql<ImportJob[]>`
    select ${jobColumns} from import_jobs j
    where j.organization_id = ${organizationId} and j.id = ${id} and j.staged_at is not null
    for update`
  return job ?? null
}

/** Lets one import of an organization write at a time: two that write the same contacts would stand in each other's way. */
export async function takeImportTurn(tx: Tx, organizationId: string): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`import ${organizationId}`}, 0))::text`
}
