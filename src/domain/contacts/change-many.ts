import type { Tx } from '../../data/database.ts'
import type { Contact } from '../../data/generated/client.ts'
import { groupByContact, type NewAddress, selectFurtherAddresses, writeAddresses } from '../../data/sql/contact-addresses.ts'
import { insertTransitions, updateContacts, type WrittenContact } from '../../data/sql/write-contacts.ts'
import { newId } from '../../kernel/ids.ts'
import type { SecretKeys } from '../../kernel/secret-keys.ts'
import { recomputePreferences } from '../consent/recompute-preferences.ts'
import { storedContact } from './names.ts'
import type { ContactFields } from './rules.ts'

/** Who writes, and when. */
export interface Signature {
  readonly organizationId: string
  /** Signs the changes of lifecycle stages. */
  readonly name: string
  readonly now: Date
  readonly secretKeys: SecretKeys
}

/** What a contact becomes. */
export interface ContactChange {
  readonly id: string
  readonly from: Contact['lifecycleStage']
  readonly to: ContactFields
  /** Whether its addresses are certain to stay what they are. Default: no. */
  readonly keepsAddresses?: boolean
  /** Addresses and external ids that it gets beside those of its fields. Default: none. */
  readonly added?: readonly NewAddress[]
}

/**
 * Writes changed contacts that the transaction has locked, and records the changes of their stages: three statements, however many. Where an address
 * has changed, what holds for the contact on each channel is found out again.
 */
export async function saveContacts(
  tx: Tx,
  { organizationId, name, now, secretKeys }: Signature,
  changes: readonly ContactChange[],
): Promise<void> {
  const ids = changes.map(({ id }) => id)
  const further = groupByContact(await selectFurtherAddresses(tx, organizationId, ids))
  const rows = changes.map(({ id, to, added = [] }) => storedContact({ id, ...to }, [...(further.get(id) ?? []), ...added]))
  const moving = rows.filter((_row, index) => changes[index]?.keepsAddresses !== true)
  const written = await updateContacts(tx, organizationId, rows, { now, secretKeys, moving })
  const points = changes.flatMap(({ id, added = [] }) => added.map((point) => ({ ...point, contactId: id, op: 'add' as const })))
  await writeAddresses(tx, organizationId, points, { now, secretKeys })
  await settleAffected(tx, organizationId, written)
  const transitions = changes
    .filter(({ from, to }) => from !== to.lifecycleStage)
    .map(({ id, from, to }) => ({ id: newId('lifecycleTransition'), contactId: id, fromStage: from, toStage: to.lifecycleStage }))
  await insertTransitions(tx, organizationId, transitions, { changedBy: name, now })
}

/** Finds out again what holds on each channel for the contacts of which an address is new. No statement where there are none. */
export async function settleAffected(tx: Tx, organizationId: string, written: readonly WrittenContact[]): Promise<void> {
  const ids = written.filter(({ isAffected }) => isAffected).map(({ id }) => id)
  await recomputePreferences(tx, organizationId, ids)
}
