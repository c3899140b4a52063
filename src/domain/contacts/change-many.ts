import type { Tx } from '../../data/database.ts'
import type { Contact } from '../../data/generated/client.ts'
import { insertTransitions, updateContacts } from '../../data/sql/write-contacts.ts'
import { newId } from '../../kernel/ids.ts'
import type { ContactFields } from './rules.ts'

/** Who writes, and when. */
export interface Signature {
  readonly organizationId: string
  /** Signs the changes of lifecycle stages. */
  readonly name: string
  readonly now: Date
}

/** What a contact becomes. */
export interface ContactChange {
  readonly id: string
  readonly from: Contact['lifecycleStage']
  readonly to: ContactFields
}

/** Writes changed contacts that the transaction has locked, and the changes of their stages down in the record: two statements, however many. */
export async function saveContacts(tx: Tx, { organizationId, name, now }: Signature, changes: readonly ContactChange[]): Promise<void> {
  const rows = changes.map(({ id, to }) => ({ id, ...to }))
  await updateContacts(tx, organizationId, rows, now)
  const transitions = changes
    .filter(({ from, to }) => from !== to.lifecycleStage)
    .map(({ id, from, to }) => ({ id: newId('lifecycleTransition'), contactId: id, fromStage: from, toStage: to.lifecycleStage }))
  await insertTransitions(tx, organizationId, transitions, { changedBy: name, now })
}
