import type { Tx } from '../../data/database.ts'
import type { Contact } from '../../data/generated/client.ts'
import { type AddressOnRecord, detachSuppressions, insertErasures, selectAddressesOnRecord } from '../../data/sql/begin-erasures.ts'
import { takeImportTurn } from '../../data/sql/import-queue.ts'
import { selectWithMerged } from '../../data/sql/erase-merges.ts'
import { lockContacts } from '../../data/sql/lock-contacts.ts'
import { rekeySuppressions } from '../../data/sql/rekey-suppressions.ts'
import { setDeleted } from '../../data/sql/write-contacts.ts'
import { insertSuppressions } from '../../data/sql/write-suppressions.ts'
import { addressHash } from '../../kernel/address-hash.ts'
import { newId } from '../../kernel/ids.ts'
import { audit } from '../audit/commands.ts'
import type { Context } from '../context.ts'
import { eraseUploads } from './imports.ts'
import { createPersonMatcher } from './person-matcher.ts'
import { valuesOf } from './values.ts'

export interface ErasureOptions {
  readonly reason: string
  /** Whether the addresses are suppressed, so that nothing is sent to the person if it comes back. What is suppressed already stays so anyway. */
  readonly suppress: boolean
  /** Checks the contacts before anything is written; what it throws ends the transaction. */
  readonly check?: (contacts: readonly Contact[]) => void
}

/**
 * The first part of an erasure, one transaction: from its end no read finds the contacts, they cannot be restored, the suppression list has hashes in
 * place of their addresses, and imports that wait skip their rows. The rest is removed by `finishErasures`.
 * @returns the ids of the contacts that exist, deleted ones included
 */
export async function beginErasures(tx: Tx, context: Context, ids: readonly string[], options: ErasureOptions): Promise<string[]> {
  const { organizationId, name } = context.actor
  const now = context.now()
  // An import that writes these contacts is either done with them, or finds them gone.
  await takeImportTurn(tx, organizationId)
  const contacts = await lockPersons(tx, organizationId, ids)
  const found = contacts.map(({ id }) => id)
  if (found.length === 0) return []
  options.check?.(contacts)
  const addresses = await selectAddressesOnRecord(tx, organizationId, found)
  const hashOf = ({ kind, key }: AddressOnRecord) => addressHash(context.secretKeys, organizationId, { kind, key })
  const erasures = found.map((contactId) => {
    const own = addresses.filter((address) => address.contactId === contactId && address.isOwn)
    return { id: newId('erasure'), contactId, addresses: own.map((address) => `${address.kind} ${hashOf(address)}`).toSorted() }
  })
  await insertErasures(tx, organizationId, erasures, { reason: options.reason, by: name, now })
  await setDeleted(tx, organizationId, found, now, now)
  await hashSuppressions(tx, context, found, addresses)
  if (options.suppress) {
    const about = { channel: '', topicId: '', reason: 'erasure' as const, note: null }
    const own = addresses.filter(({ kind, isOwn, isShared }) => isOwn && !isShared && kind !== 'external')
    const rows = own.map((address) => ({ ...about, id: newId('suppression'), kind: address.kind, key: hashOf(address) }))
    await insertSuppressions(tx, organizationId, rows, { by: name, now })
  }
  await audit(
    tx,
    context,
    'contact.erased',
    found.map((id) => ({ id, contactId: id })),
  )
  await eraseUploads(tx, organizationId, createPersonMatcher(valuesOf(contacts, addresses, [])), { onlyStaged: true })
  return found
}

/** Locks contacts with all that are merged with them, merges that ended meanwhile included. */
async function lockPersons(tx: Tx, organizationId: string, ids: readonly string[]): Promise<Contact[]> {
  for (let known = await selectWithMerged(tx, organizationId, ids); ;) {
    const contacts = await lockContacts(tx, organizationId, known)
    const found = await selectWithMerged(tx, organizationId, known)
    if (found.every((id) => known.includes(id))) return contacts
    known = found
  }
}

/**
 * Replaces addresses on the suppression list by their hashes. An address that another living contact has is left: it is that contact's, and its
 * suppressions hold for that one. Three statements.
 */
export async function hashSuppressions(
  tx: Tx,
  { actor: { organizationId }, secretKeys }: Pick<Context, 'actor' | 'secretKeys'>,
  contactIds: readonly string[],
  addresses: readonly AddressOnRecord[],
): Promise<void> {
  const keys = addresses
    .filter(({ isShared }) => !isShared)
    .map(({ kind, key }) => ({ kind, from: key, to: addressHash(secretKeys, organizationId, { kind, key }) }))
  await rekeySuppressions(tx, organizationId, keys, { erased: true })
  await detachSuppressions(tx, organizationId, contactIds)
}
