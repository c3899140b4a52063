import type { Tx } from '../../data/database.ts'
import type { Contact, ImportJob, ImportStatus } from '../../data/generated/client.ts'
import { takeImportTurn } from '../../data/sql/import-queue.ts'
import { recordOutcomes, type RowOutcome, selectImportedContacts, selectStagedRows, type StagedRow } from '../../data/sql/import-rows.ts'
import { selectContactsByKeys } from '../../data/sql/find-contacts-by-keys.ts'
import { lockContactsByKeys } from '../../data/sql/lock-contacts.ts'
import { insertContacts } from '../../data/sql/write-contacts.ts'
import { DomainError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Happening, recordChanges } from '../changes/commands.ts'
import { saveContacts, settleAffected } from '../contacts/change-many.ts'
import { fieldsOf } from '../contacts/commands.ts'
import { keysOf } from '../contacts/keys.ts'
import { storedContact } from '../contacts/names.ts'
import { changedFields } from '../contacts/rules.ts'
import type { Column } from './columns.ts'
import { type BadRow, type Decision, decideRows, type KnownContact, normalize, type ReadRow } from './decide.ts'
import { Ledger } from './ledger.ts'
import { progressOf } from './progress.ts'
import { reasonOf } from './reasons.ts'
import { byKey, type ContactsByKey, type GivenRow, guessKeys, recognize } from './recognize.ts'
import { columnsOf, readCells } from './read-upload.ts'

/** How many rows are written at a time: enough to be fast, and few enough for others to get their turn on the embedded database. */
const batchSize = 500

/** How long an import can be rolled back. */
export const rollbackWindow = 24 * 60 * 60 * 1000

export interface BatchOptions {
  readonly now: Date
  /** When another process may go on with the import. */
  readonly dueAt: Date
  /** What the earlier rows of a dry run would have written; null for an import that writes. */
  readonly ledger: Ledger | null
}

/**
 * Works on the next rows of an import, within the transaction that has locked it: reads them, decides, writes the contacts, what became
 * of every row, and how far the import is. All of it is kept or nothing, so every row is applied exactly once.
 * @returns the job as it is now
 */
export async function applyBatch(tx: Tx, job: ImportJob, { now, dueAt, ledger }: BatchOptions): Promise<ImportJob> {
  const { organizationId } = job
  await takeImportTurn(tx, organizationId)
  const { defaultCountry } = await tx.organization.findUniqueOrThrow({ where: { id: organizationId }, select: { defaultCountry: true } })
  const country = job.defaultCountry ?? defaultCountry
  const known = ledger ?? new Ledger()
  const { rows, contacts } = await meetContacts(tx, job, { given: await readRows(tx, job), ledger: known, country })
  const ids = contacts.map(({ id }) => id)
  const touched = ledger === null && ids.length > 0 ? await selectImportedContacts(tx, job, ids) : []
  known.begin(contacts, touched)
  const decisions = decideRows(rows, known, { onDuplicate: job.onDuplicate, defaultCountry: country, nextId: () => newId('contact') })
  if (!job.dryRun) await writeContacts(tx, job, decisions, now)
  await recordChanges(tx, organizationId, now, [...(job.dryRun ? [] : decisions.flatMap(happeningOf)), progressOf(job)])
  await recordOutcomes(
    tx,
    job,
    decisions.map((decision) => outcomeOf(decision, job.dryRun)),
  )
  return advance(tx, job, decisions, { now, dueAt })
}

async function readRows(tx: Tx, job: ImportJob): Promise<(GivenRow | BadRow)[]> {
  const columns = columnsOf(job.columns)
  const staged = await selectStagedRows(tx, job, job.position, batchSize)
  return staged.map((row) => readStagedRow(columns, row))
}

/** What a row that was kept says, or why it says nothing that could be used. */
export function readStagedRow(columns: readonly Column[], row: StagedRow): GivenRow | BadRow {
  const { rowNumber, cells, reasonCode = null, field = null, value = null, message = '' } = row
  if (reasonCode !== null) return { rowNumber, reason: { reasonCode, field, value, message } }
  try {
    return { rowNumber, input: readCells(columns, cells) }
  } catch (error) {
    if (error instanceof DomainError) return { rowNumber, reason: reasonOf(error) }
    throw error
  }
}

interface Meeting {
  readonly given: readonly (GivenRow | BadRow)[]
  readonly ledger: Ledger
  readonly country: string | null
}

/**
 * Normalizes the rows that are worth it, and finds the contacts that any of them can meet. Contacts are locked unless all that the rows
 * say about them is what they say already: then nothing is written, and they may change as soon as they were seen.
 */
async function meetContacts(
  tx: Tx,
  { organizationId }: ImportJob,
  { given, ledger, country }: Meeting,
): Promise<{ rows: ReadRow[]; contacts: KnownContact[] }> {
  const guesses = given.flatMap((row) => ('input' in row ? [guessKeys(row.input)] : []))
  const seen = byKey((await selectContactsByKeys(tx, organizationId, guesses)).map(knownContact))
  const rows = readAgainst(seen, { given, ledger, country })
  const looked = new Set(guesses.flatMap(keysOf))
  const isNew = (key: string) => looked.has(key) && !seen.has(key)
  // Whoever takes one of the new keys meanwhile is found by its index, and the batch begins anew.
  const wanted = rows.flatMap((row) => ('fields' in row && !keysOf(row.fields).every(isNew) ? [row.fields] : []))
  const locked = (await lockContactsByKeys(tx, organizationId, wanted)).map(knownContact)
  const known = new Map(rows.flatMap((row) => ('contact' in row ? [[row.contact.id, row.contact]] : [])))
  return { rows, contacts: [...new Map([...known, ...locked.map((contact) => [contact.id, contact] as const)]).values()] }
}

/** Recognizes rows, and normalizes the others. Where these can meet the contact of a recognized one, that one takes the long way too. */
function readAgainst(seen: ContactsByKey, { given, ledger, country }: Meeting): ReadRow[] {
  const rows = given.map((row) => {
    if ('reason' in row) return row
    const known = recognize(row, seen)
    // What an earlier row of a dry run has made of the contact is not in the database.
    return known === null || ledger.isTouched(known.contact.id) ? normalize(row, country) : known
  })
  const taken = new Set(rows.flatMap((row) => ('fields' in row ? keysOf(row.fields) : [])))
  return rows.map((row) => {
    if (!('contact' in row) || !keysOf(row.contact.fields).some((key) => taken.has(key))) return row
    return normalize(row, country)
  })
}

function knownContact(contact: Contact): KnownContact {
  const { id, revision, lifecycleStage } = contact
  return { id, revision, lifecycleStage, fields: fieldsOf(contact) }
}

async function writeContacts(tx: Tx, job: ImportJob, decisions: readonly Decision[], now: Date): Promise<void> {
  const updated = decisions.filter((decision) => decision.outcome === 'updated')
  const created = decisions.filter((decision) => decision.outcome === 'created')
  await saveContacts(
    tx,
    { organizationId: job.organizationId, name: job.createdBy, now },
    updated.map(({ contact, fields }) => ({ id: contact.id, from: contact.lifecycleStage, to: fields })),
  )
  const rows = created.map(({ contactId, fields }) => storedContact({ id: contactId, ...fields }))
  await settleAffected(tx, job.organizationId, await insertContacts(tx, job.organizationId, rows, { source: 'import', now }))
}

/** What those are told who watch the contact of a row. */
function happeningOf(decision: Decision): Happening[] {
  if (decision.outcome === 'created') return [{ kind: 'contact.created', contactId: decision.contactId }]
  if (decision.outcome !== 'updated') return []
  const { contact, fields } = decision
  return [{ kind: 'contact.updated', contactId: contact.id, fields: changedFields(contact.fields, fields) }]
}

/** What is written down of a row. */
export function outcomeOf(decision: Decision, dryRun: boolean): RowOutcome {
  const { rowNumber, outcome } = decision
  switch (outcome) {
    case 'created':
      return { rowNumber, outcome, ...(dryRun ? { contactId: null } : { contactId: decision.contactId, revision: 1 }) }
    case 'updated': {
      const { id, revision, fields } = decision.contact
      return { rowNumber, outcome, contactId: id, ...(!dryRun && { before: fields, revision: revision + 1 }) }
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
  { now, dueAt }: Omit<BatchOptions, 'ledger'>,
): Promise<ImportJob> {
  const count = (outcome: Decision['outcome']) => decisions.filter((decision) => decision.outcome === outcome).length
  const processedRows = job.processedRows + decisions.length
  const done = processedRows === job.totalRows
  const status: ImportStatus = done ? 'completed' : 'processing'
  return tx.importJob.update({
    where: { organizationId_id: { organizationId: job.organizationId, id: job.id } },
    data: {
      status,
      isOpen: !done,
      position: decisions.at(-1)?.rowNumber ?? job.position,
      attempts: 0,
      dueAt,
      processedRows,
      created: job.created + count('created'),
      updated: job.updated + count('updated'),
      unchanged: job.unchanged + count('unchanged'),
      skipped: job.skipped + count('skipped'),
      ...(done && endOf(job, now)),
    },
  })
}

/** What is known of an import when no more of it will be written: what was written can be taken back from now on. */
export function endOf(job: ImportJob, now: Date): Pick<ImportJob, 'completedAt' | 'rollbackExpiresAt'> {
  return { completedAt: now, rollbackExpiresAt: job.dryRun ? null : new Date(now.getTime() + rollbackWindow) }
}
