import type { Tx } from '../../../data/database.ts'
import { saveJob } from './save.ts'
import type { Contact, ImportJob } from '../../../data/generated/client.ts'
import {
  type AddressChange,
  type FurtherAddress,
  groupByContact,
  selectAddresses,
  selectFurtherAddresses,
  type StoredAddress,
  writeAddresses,
} from '../../../data/sql/contact-addresses.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { selectContactsOnRecord } from '../../../data/sql/find-contacts-on-record.ts'
import { type AppliedRow, recordReasons, type RowReason, selectAppliedRows } from '../../../data/sql/import-rows.ts'
import { shareDefinitions } from '../../../data/sql/attribute-definitions.ts'
import { takeImportTurn } from '../../../data/sql/import-queue.ts'
import { differentPhoneKey } from '../../../kernel/phone-key.ts'
import { lockContacts, lockContactsByKeys } from '../../../data/sql/lock-contacts.ts'
import { setDeleted } from '../../../data/sql/write-contacts.ts'
import { type Happening, recordChanges } from '../../changes/commands.ts'
import { type ContactChange, saveContacts } from '../../contacts/change-many.ts'
import { fieldsOf } from '../../contacts/commands.ts'
import { addressKeyOf, keysOf } from '../../contacts/keys.ts'
import { changedFields, type ContactFields } from '../../contacts/rules.ts'
import type { BatchOptions } from './apply.ts'
import { consentSource } from './consents.ts'
import { progressOf } from './progress.ts'

const batchSize = 500

/** What a contact gets back. */
interface Restored extends ContactChange {
  /** The addresses that it had; null if the import has changed none. */
  readonly addresses: readonly StoredAddress[] | null
}

/** What is to become of the contact of a row that is taken back. */
type Reversal =
  | { readonly rowNumber: number; readonly to: 'deleted'; readonly id: string }
  | { readonly rowNumber: number; readonly to: 'restored'; readonly change: Restored }
  | { readonly rowNumber: number; readonly to: 'kept' | 'failed'; readonly reason: RowReason }

/**
 * Takes back the next rows of an import, the last ones first, within the transaction that has locked it: created contacts are deleted,
 * changed ones get back what they were, and contacts that were changed since, or wrote, called or were written to, are kept. So is a created contact that
 * has a preference or a note on record by now: an opt-out must not go with a contact that the next import creates again. @returns the job as it is now
 */
export async function undoBatch(tx: Tx, job: ImportJob, { now, secretKeys, dueAt }: BatchOptions): Promise<ImportJob> {
  const { organizationId } = job
  await takeImportTurn(tx, organizationId)
  await shareDefinitions(tx, organizationId)
  const rows = await selectAppliedRows(tx, job, job.position, batchSize)
  const contacts = await lockContacts(
    tx,
    organizationId,
    rows.map(({ contactId }) => contactId),
  )
  // The images of contacts that were erased since are gone with them.
  const wanted = rows.filter(({ outcome, before }) => outcome === 'updated' && before !== null).map(beforeOf)
  const holders = await lockContactsByKeys(tx, organizationId, wanted)
  const further = await selectFurtherAddresses(
    tx,
    organizationId,
    holders.map(({ id }) => id),
  )
  const idsOf = (wanted: AppliedRow['outcome']) => rows.filter(({ outcome }) => outcome === wanted).map(({ contactId }) => contactId)
  const since = { exceptSource: consentSource(job), changed: idsOf('updated'), from: job.createdAt }
  const onRecord = await selectContactsOnRecord(tx, organizationId, idsOf('created'), since)
  const reversals = decideReversals(rows, contacts, { holders, further, onRecord })
  const deleted = reversals.flatMap((reversal) => (reversal.to === 'deleted' ? [reversal.id] : []))
  await setDeleted(tx, organizationId, deleted, now, now)
  const restored = reversals.flatMap((reversal) => (reversal.to === 'restored' ? [reversal.change] : []))
  await restoreAddresses(tx, organizationId, restored, { now, secretKeys })
  await saveContacts(tx, { organizationId, name: job.rollbackRequestedBy ?? job.createdBy, now, secretKeys }, restored)
  const left = reversals.flatMap((reversal) => ('reason' in reversal ? [{ rowNumber: reversal.rowNumber, ...reversal.reason }] : []))
  await recordReasons(tx, job, left)
  const byId = new Map(contacts.map((contact) => [contact.id, contact]))
  await recordChanges(tx, organizationId, now, [...reversals.flatMap((reversal) => happeningOf(reversal, byId, job.id)), progressOf(job)])
  return advance(tx, job, reversals, { now, dueAt })
}

/**
 * Decides what becomes of the contacts of rows, one after the other.
 * @param rows the last one first
 * @param others the contacts that hold what changed ones had, and those that have something on record by now
 * @returns the decisions on the first rows: it ends in front of a row whose contact wants back what another gives up in a row before,
 * because the writes of these must not be one statement
 */
export function decideReversals(
  rows: readonly AppliedRow[],
  contacts: readonly Contact[],
  {
    holders,
    further = [],
    onRecord,
  }: {
    readonly holders: readonly Contact[]
    readonly further?: readonly FurtherAddress[]
    readonly onRecord: ReadonlySet<string>
  },
): Reversal[] {
  const byId = new Map(contacts.map((contact) => [contact.id, contact]))
  const holding = new Map(holders.flatMap((holder) => keysOf(fieldsOf(holder)).map((key) => [key, holder.id])))
  for (const address of further) holding.set(addressKeyOf(address), address.contactId)
  const released = new Set<string>()
  const reversals: Reversal[] = []
  for (const row of rows) {
    const contact = byId.get(row.contactId)
    const { rowNumber, contactId } = row
    if (contact === undefined) {
      reversals.push({ rowNumber, to: 'kept', reason: erasedSince(contactId) })
    } else if (contact.revision !== row.revision || contact.deletedAt !== null) {
      reversals.push({ rowNumber, to: 'kept', reason: changedSince(contactId) })
    } else if (onRecord.has(contactId)) {
      reversals.push({ rowNumber, to: 'kept', reason: recordedSince(contactId) })
    } else if (row.outcome === 'created') {
      for (const key of keysOf(fieldsOf(contact))) holding.delete(key)
      reversals.push({ rowNumber, to: 'deleted', id: contactId })
    } else {
      const before = beforeOf(row)
      const keys = keysOf(before)
      if (keys.some((key) => released.has(key))) break
      const holder = keys.map((key) => holding.get(key)).find((id) => id !== undefined && id !== contactId)
      if (holder !== undefined) {
        reversals.push({ rowNumber, to: 'failed', reason: takenSince(holder) })
        continue
      }
      for (const key of keysOf(fieldsOf(contact))) {
        holding.delete(key)
        if (!keys.includes(key)) released.add(key)
      }
      for (const key of keys) holding.set(key, contactId)
      const change = { id: contactId, from: contact.lifecycleStage, to: before, addresses: addressesOf(row) }
      reversals.push({ rowNumber, to: 'restored', change })
    }
  }
  return reversals
}

/** The event for subscribers of the contact of a row. */
function happeningOf(reversal: Reversal, contacts: ReadonlyMap<string, Contact>, subjectId: string): Happening[] {
  if (reversal.to === 'deleted') return [{ kind: 'contact.deleted', contactId: reversal.id, subjectId }]
  if (reversal.to !== 'restored') return []
  const { id, to } = reversal.change
  const contact = contacts.get(id)
  const fields = contact === undefined ? [] : changedFields(fieldsOf(contact), to)
  return [{ kind: 'contact.updated', contactId: id, subjectId, fields }]
}

/** What the contact of a row was. */
function beforeOf(row: AppliedRow): ContactFields {
  // proof: an updated row keeps all the fields that its contact had; those from before numbers had keys lack the key
  const image = row.before as Omit<ContactFields, 'phoneKey'> & Partial<Pick<ContactFields, 'phoneKey'>> & { readonly addresses?: unknown }
  const { addresses: _addresses, ...before } = image
  return { ...before, phoneKey: before.phoneKey === undefined ? differentPhoneKey(before.phone) : before.phoneKey }
}

/** The addresses that the contact of a row had, if the import has changed any. */
function addressesOf({ before }: AppliedRow): StoredAddress[] | null {
  // proof: nothing but an import writes the image, which has the addresses as they were
  return isJsonObject(before) && Array.isArray(before['addresses']) ? (before['addresses'] as unknown as StoredAddress[]) : null
}

/** Takes the addresses away that an import has added, and gives those back that it has replaced, with their labels. */
async function restoreAddresses(
  tx: Tx,
  organizationId: string,
  restored: readonly Restored[],
  options: Pick<BatchOptions, 'now' | 'secretKeys'>,
): Promise<void> {
  const moved = restored.flatMap(({ id, addresses }) => (addresses === null ? [] : [{ id, addresses }]))
  const ids = moved.map(({ id }) => id)
  const present = groupByContact(await selectAddresses(tx, organizationId, ids))
  const changes = moved.flatMap(({ id, addresses }) => {
    const there = present.get(id) ?? []
    const [had, has] = [new Set(addresses.map(addressKeyOf)), new Set(there.map(addressKeyOf))]
    const removed = there.filter((address) => !had.has(addressKeyOf(address)))
    return [
      ...removed.map((address): AddressChange => ({ ...address, op: 'remove' })),
      ...addresses.map((address): AddressChange => ({ ...address, op: has.has(addressKeyOf(address)) ? 'keep' : 'add' })),
    ]
  })
  await writeAddresses(tx, organizationId, changes, options)
}

function changedSince(id: string): RowReason {
  return {
    reasonCode: 'CHANGED_SINCE',
    field: null,
    value: null,
    message: `The contact ${id} was changed after the import, so it is kept unchanged.`,
  }
}

function erasedSince(id: string): RowReason {
  return { reasonCode: 'CHANGED_SINCE', field: null, value: null, message: `The contact ${id} was erased after the import.` }
}

function recordedSince(id: string): RowReason {
  const message = `The contact ${id} has an activity, a preference or a note recorded after the import, so it is kept unchanged.`
  return { reasonCode: 'CHANGED_SINCE', field: null, value: null, message }
}

function takenSince(holder: string): RowReason {
  const message = `The contact ${holder} has the phone number or the email address that this one had before the import.`
  return { reasonCode: 'CONTACT_ALREADY_EXISTS', field: null, value: null, message }
}

async function advance(
  tx: Tx,
  job: ImportJob,
  reversals: readonly Reversal[],
  { now, dueAt }: Pick<BatchOptions, 'now' | 'dueAt'>,
): Promise<ImportJob> {
  const count = (...outcomes: Reversal['to'][]) => reversals.filter(({ to }) => outcomes.includes(to)).length
  const done = reversals.length === 0
  return saveJob(tx, job, {
    isOpen: !done,
    position: reversals.at(-1)?.rowNumber ?? 0,
    attempts: 0,
    dueAt,
    reversed: job.reversed + count('deleted', 'restored'),
    kept: job.kept + count('kept'),
    failed: job.failed + count('failed'),
    ...(done && { status: 'rolled_back' as const, rolledBackAt: now }),
  })
}
