import type { Tx } from '../../../data/database.ts'
import { saveJob } from './save.ts'
import type { ImportJob } from '../../../data/generated/client.ts'
import { violatedUnique } from '../../../data/prisma-errors.ts'
import { analyzeContacts } from '../../../data/sql/analyze-contacts.ts'
import { claimImport, importLease, isImportWaiting, lockImport } from '../../../data/sql/import-queue.ts'
import { clearOutcomes } from '../../../data/sql/import-rows.ts'
import { transaction } from '../../../data/transaction.ts'
import type { SecretKeys } from '../../../kernel/secret-keys.ts'
import type { Clock } from '../../../kernel/time.ts'
import { recordChanges } from '../../changes/commands.ts'
import { applyBatch, endOf, jsonOf } from './apply.ts'
import { warningsOfJob } from './job-options.ts'
import { Ledger } from '../rows/ledger.ts'
import { progressOf } from './progress.ts'
import { undoBatch } from './roll-back.ts'
import { tallyBatch } from './tally.ts'

export interface WorkServices {
  readonly db: Tx
  readonly now: Clock
  readonly secretKeys: SecretKeys
}

/** After how many new contacts of an import the planner should look at them again. */
const milestones = [1000, 10_000, 100_000]

/** How often a batch of an import is tried; the pause before each doubles. */
const maxAttempts = 8

/** Whether the work on an import is over, one way or the other. */
export interface Step {
  readonly job: ImportJob
  /** Why it could not be done; it will be tried again, unless the job has failed by now. */
  readonly error: unknown
}

/**
 * Works on one batch of the import that waits longest, of any organization. Several processes can do this at once, and each can end at
 * any time: a batch is one transaction, which ends with how far the import is.
 * @returns null if there is no work
 */
export async function workOnNextImport({ db, now, secretKeys }: WorkServices): Promise<Step | null> {
  // Checked often, and rarely true: no transaction is opened for it.
  if (!(await isImportWaiting(db, now()))) return null
  let claimed: ImportJob | null = null
  try {
    const job = await retryingTaken(() =>
      transaction(db, async (tx) => {
        claimed = await claimImport(tx, now())
        if (claimed === null) return null
        // A dry run is known to one process only, which goes on to its end.
        if (claimed.dryRun) return setDue(tx, claimed, new Date(now().getTime() + importLease))
        return workOn(tx, claimed, { now: now(), secretKeys, dueAt: now(), ledger: null })
      }),
    )
    if (job?.dryRun === true) return { job: await finishImport({ db, now, secretKeys }, job), error: null }
    if (job === null) return null
    tallyBatch(claimed, job)
    await keepPlannerInformed(db, claimed, job)
    return { job, error: null }
  } catch (error) {
    if (claimed === null) throw error
    return { job: await postpone({ db, now, secretKeys }, claimed), error }
  }
}

/** Works on an import to its end, for a caller that waits for it and gets its progress. @returns the job as it is then */
export async function finishImport(
  { db, now, secretKeys }: WorkServices,
  { organizationId, id }: Pick<ImportJob, 'organizationId' | 'id'>,
  onProgress: (job: ImportJob) => void = () => {},
): Promise<ImportJob> {
  let ledger = new Ledger()
  let known = -1
  let before: ImportJob | null = null
  for (;;) {
    const job = await retryingTaken(() =>
      transaction(db, async (tx) => {
        const locked = await lockImport(tx, organizationId, id)
        before = locked
        if (locked === null) throw new Error(`The import ${id} is gone.`)
        if (!locked.isOpen) return locked
        const options = { now: now(), secretKeys, dueAt: new Date(now().getTime() + importLease) }
        if (!locked.dryRun) return workOn(tx, locked, { ...options, ledger: null })
        // Rows that another process has worked on, or that were undone with their transaction, are not what the ledger knows.
        const fresh = known === locked.position ? locked : await restart(tx, locked)
        if (fresh !== locked) ledger = new Ledger()
        known = -1
        return workOn(tx, fresh, { ...options, ledger })
      }),
    )
    tallyBatch(before, job)
    await keepPlannerInformed(db, before, job)
    onProgress(job)
    if (!job.isOpen) return job
    known = job.position
  }
}

async function keepPlannerInformed(db: Tx, before: ImportJob | null, after: ImportJob): Promise<void> {
  const from = before?.created ?? 0
  if (milestones.some((milestone) => from < milestone && after.created >= milestone)) await analyzeContacts(db)
}

function setDue(tx: Tx, { organizationId, id }: ImportJob, dueAt: Date): Promise<ImportJob> {
  return saveJob(tx, { organizationId, id }, { dueAt })
}

function workOn(tx: Tx, job: ImportJob, options: Parameters<typeof applyBatch>[2]): Promise<ImportJob> {
  return job.rollbackRequestedAt === null ? applyBatch(tx, job, options) : undoBatch(tx, job, options)
}

/** Starts a dry run again. */
async function restart(tx: Tx, job: ImportJob): Promise<ImportJob> {
  await clearOutcomes(tx, job)
  return saveJob(tx, job, {
    position: 0,
    processedRows: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    skipped: 0,
    reasons: [],
    warnings: jsonOf(warningsOfJob(job).filter(({ count }) => count === null)),
  })
}

/** Another request took a phone number or an email address between our look and our write: look again, now it can be seen. */
async function retryingTaken<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (violatedUnique(error) === null || attempt === maxAttempts) throw error
    }
  }
}

/** Lets an import that failed be tried again later, or gives up on it. */
async function postpone({ db, now }: WorkServices, job: ImportJob): Promise<ImportJob> {
  const attempts = job.attempts + 1
  const failed = attempts >= maxAttempts
  return transaction(db, async (tx) => {
    await recordChanges(tx, job.organizationId, now(), [progressOf(job)])
    return saveJob(tx, job, {
      attempts,
      dueAt: new Date(now().getTime() + 1000 * 2 ** attempts),
      ...(failed && { isOpen: false, status: 'failed' as const }),
      ...(failed && job.rollbackRequestedAt === null && endOf(job, now())),
    })
  })
}
