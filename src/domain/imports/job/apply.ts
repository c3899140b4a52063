import type { Tx } from '../../../data/database.ts'
import { saveJob } from './save.ts'
import { type ImportJob, type ImportStatus, type Prisma } from '../../../data/generated/client.ts'
import { shareDefinitions } from '../../../data/sql/attribute-definitions.ts'
import { takeImportTurn } from '../../../data/sql/import-queue.ts'
import { recordOutcomes, type RowOutcome, selectImportedContacts, selectStagedRows } from '../../../data/sql/import-rows.ts'
import { writeAddresses } from '../../../data/sql/contact-addresses.ts'
import { insertContacts } from '../../../data/sql/write-contacts.ts'
import { type Happening, recordChanges } from '../../changes/commands.ts'
import { saveContacts, settleAffected } from '../../contacts/change-many.ts'
import { pointsField } from '../../contacts/contact-points.ts'
import { storedContact } from '../../contacts/names.ts'
import { changedFields } from '../../contacts/rules.ts'
import { recordRowConsents } from './consents.ts'
import { decideBatch } from '../rows/decide-batch.ts'
import type { Decision } from '../rows/decisions.ts'
import { columnsOfJob, optionsOfJob, reasonsOfJob, warningsOfJob } from './job-options.ts'
import { Ledger } from '../rows/ledger.ts'
import { suppressRows } from './suppressions.ts'
import { progressOf } from './progress.ts'
import type { SecretKeys } from '../../../kernel/secret-keys.ts'
import { addReasons, addWarnings } from '../rows/warnings.ts'

/** How many rows are written at a time: enough to be fast, and few enough to let other requests run on the embedded database. */
const batchSize = 500

/** How long an import can be rolled back. */
export const rollbackWindow = 24 * 60 * 60 * 1000

export interface BatchOptions {
  readonly now: Date
  readonly secretKeys: SecretKeys
  /** When another process may continue the import. */
  readonly dueAt: Date
  /** What the earlier rows of a dry run would have written; null for an import that writes. */
  readonly ledger: Ledger | null
}

/**
 * Works on the next rows of an import, within the transaction that has locked it: reads them, decides, writes the contacts, the outcome of
 * every row, and the progress of the import. All of it is kept or nothing, so every row is applied exactly once.
 * @returns the job as it is now
 */
export async function applyBatch(tx: Tx, job: ImportJob, { now, secretKeys, dueAt, ledger }: BatchOptions): Promise<ImportJob> {
  const { organizationId } = job
  await takeImportTurn(tx, organizationId)
  const definitions = await shareDefinitions(tx, organizationId)
  const { defaultCountry } = await tx.prisma.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { defaultCountry: true },
  })
  const { decisions } = await decideBatch(tx, {
    organizationId,
    columns: columnsOfJob(job),
    options: { ...optionsOfJob(job), onDuplicate: job.onDuplicate, defaultCountry: job.defaultCountry ?? defaultCountry },
    definitions,
    rows: await selectStagedRows(tx, job, job.position, batchSize),
    ledger: ledger ?? new Ledger(),
    lock: true,
    touched: async (ids) => (ledger === null ? selectImportedContacts(tx, job, ids) : []),
  })
  if (!job.dryRun) {
    await writeContacts(tx, job, decisions, { now, secretKeys })
    const optedOut = await recordRowConsents(tx, job, decisions, now)
    await suppressRows(tx, job, { decisions, optedOut, now })
  }
  await recordChanges(tx, organizationId, now, [
    ...(job.dryRun ? [] : decisions.flatMap((decision) => happeningOf(decision, job.id))),
    progressOf(job),
  ])
  await recordOutcomes(
    tx,
    job,
    decisions.map((decision) => outcomeOf(decision, job.dryRun)),
  )
  return advance(tx, job, decisions, { now, dueAt })
}

async function writeContacts(
  tx: Tx,
  job: ImportJob,
  decisions: readonly Decision[],
  options: Pick<BatchOptions, 'now' | 'secretKeys'>,
): Promise<void> {
  const updated = decisions.filter((decision) => decision.outcome === 'updated')
  const created = decisions.filter((decision) => decision.outcome === 'created')
  await saveContacts(
    tx,
    { organizationId: job.organizationId, name: job.createdBy, ...options },
    updated.map(({ contact, fields, added }) => ({ id: contact.id, from: contact.lifecycleStage, to: fields, added })),
  )
  const rows = created.map(({ contactId, fields, added }) => storedContact({ id: contactId, ...fields }, added))
  const written = await insertContacts(tx, job.organizationId, rows, { source: 'import', ...options })
  const points = created.flatMap(({ contactId, added, labelled }) => [
    ...added.map((point) => ({ ...point, contactId, op: 'add' as const })),
    ...labelled.map((point) => ({ ...point, contactId, op: 'keep' as const })),
  ])
  await writeAddresses(tx, job.organizationId, points, options)
  await settleAffected(tx, job.organizationId, written)
}

/** The change of a row's contact, for subscriptions. It names the import: webhooks send one event for all of them. */
function happeningOf(decision: Decision, subjectId: string): Happening[] {
  if (decision.outcome === 'created') return [{ kind: 'contact.created', contactId: decision.contactId, subjectId }]
  if (decision.outcome !== 'updated') return []
  const { contact, fields, added } = decision
  const lists = new Set(added.map(({ kind }) => pointsField(kind)))
  return [{ kind: 'contact.updated', contactId: contact.id, subjectId, fields: [...changedFields(contact.fields, fields), ...lists] }]
}

/** Whether a change is one of addresses: a rollback has to know all that the contact had, then. */
function movesAddresses({ contact: { fields: before }, fields, added }: Extract<Decision, { outcome: 'updated' }>): boolean {
  return (
    added.length > 0 || before.phone !== fields.phone || before.phoneExtension !== fields.phoneExtension || before.email !== fields.email
  )
}

/** What is stored of a row. */
export function outcomeOf(decision: Decision, dryRun: boolean): RowOutcome {
  const { rowNumber, outcome } = decision
  switch (outcome) {
    case 'created':
      return { rowNumber, outcome, ...(dryRun ? { contactId: null } : { contactId: decision.contactId, revision: 1 }) }
    case 'updated': {
      const { id, revision, fields, addresses } = decision.contact
      const before = movesAddresses(decision) ? { ...fields, addresses } : fields
      return { rowNumber, outcome, contactId: id, ...(!dryRun && { before, revision: revision + 1 }) }
    }
    case 'unchanged':
      return { rowNumber, outcome, contactId: decision.contactId }
    case 'skipped':
      return { rowNumber, outcome, contactId: decision.contactId, ...decision.reason }
  }
}

async function advance(
  tx: Tx,
  job: ImportJob,
  decisions: readonly Decision[],
  { now, dueAt }: Pick<BatchOptions, 'now' | 'dueAt'>,
): Promise<ImportJob> {
  const counts = countOutcomes(decisions)
  const processedRows = job.processedRows + decisions.length
  const done = processedRows === job.totalRows
  const status: ImportStatus = done ? 'completed' : 'processing'
  const codes = decisions.flatMap((decision) => (decision.outcome === 'skipped' ? [decision.reason.reasonCode] : []))
  return saveJob(tx, job, {
    status,
    isOpen: !done,
    position: decisions.at(-1)?.rowNumber ?? job.position,
    attempts: 0,
    dueAt,
    processedRows,
    created: job.created + counts.created,
    updated: job.updated + counts.updated,
    unchanged: job.unchanged + counts.unchanged,
    skipped: job.skipped + counts.skipped,
    reasons: jsonOf(addReasons(reasonsOfJob(job), codes)),
    warnings: jsonOf(addWarnings(warningsOfJob(job), decisions)),
    ...(done && endOf(job, now)),
  })
}

/** How many rows came to what. */
export function countOutcomes(decisions: readonly Decision[]): Record<Decision['outcome'], number> {
  const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0 }
  for (const { outcome } of decisions) counts[outcome] += 1
  return counts
}

/** A value of our own types as a column of JSON takes it. */
export function jsonOf(value: unknown): Prisma.InputJsonValue {
  // proof: what imports keep as JSON is made of texts, numbers, booleans, null, lists and plain objects
  return value as Prisma.InputJsonValue
}

/** The state of an import when no more of it will be written: what was written can be rolled back from now on. */
export function endOf(job: Pick<ImportJob, 'dryRun'>, now: Date): Pick<ImportJob, 'completedAt' | 'rollbackExpiresAt'> {
  return { completedAt: now, rollbackExpiresAt: job.dryRun ? null : new Date(now.getTime() + rollbackWindow) }
}
