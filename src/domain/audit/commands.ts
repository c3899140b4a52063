import type { Tx } from '../../data/database.ts'
import { insertAuditEntries } from '../../data/sql/insert-audit-entries.ts'
import { newId } from '../../kernel/ids.ts'
import { recordChanges } from '../changes/commands.ts'
import { isContactChangeKind } from '../changes/rules.ts'
import type { Context } from '../context.ts'
import type { AuditAction } from './rules.ts'

/** What something was done to. */
export interface Subject {
  readonly id: string
  /** The contact that it is about; null where it is about none. */
  readonly contactId: string | null
}

/**
 * Writes down who did what, and lets those who watch a contact know of it. Belongs into the transaction that does it: there is no change
 * without its entry, and no entry without its change. Two statements, however many subjects.
 * @param fields those that changed, by their names in GraphQL; what stood in them is personal, and is not repeated
 */
export async function audit(
  tx: Tx,
  { actor, requestId, now }: Context,
  action: AuditAction,
  subjects: readonly Subject[],
  fields: readonly string[] = [],
): Promise<void> {
  if (subjects.length === 0) return
  const entries = subjects.map((subject) => ({ entryId: newId('auditEntry'), ...subject }))
  const occurredAt = now()
  await insertAuditEntries(tx, { actor, requestId, action, fields, occurredAt }, entries)
  if (!isContactChangeKind(action)) return
  const contactIds = new Set(subjects.map(({ contactId }) => contactId))
  const happenings = [...contactIds].map((contactId) => ({ kind: action, contactId, fields }))
  await recordChanges(tx, actor.organizationId, occurredAt, happenings)
}
