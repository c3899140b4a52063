import type { Tx } from '../../data/database.ts'
import { insertAuditEntries } from '../../data/sql/insert-audit-entries.ts'
import { newId } from '../../kernel/ids.ts'
import { changeOf, type Happening } from '../changes/commands.ts'
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
 * Writes down who did what, and lets those who watch know of it. Belongs into the transaction that does it: there is no change without its
 * entry, and no entry without its change. One statement, however many subjects.
 * @param fields those that changed, by their names in GraphQL; what stood in them is personal, and is not repeated
 * @param happenings what those who watch are told, where it is more than that it was done to these contacts
 */
export async function audit(
  tx: Tx,
  { actor, requestId, now }: Context,
  action: AuditAction,
  subjects: readonly Subject[],
  fields: readonly string[] = [],
  happenings: readonly Happening[] = happeningsOf(action, subjects, fields),
): Promise<void> {
  if (subjects.length === 0) return
  const entries = subjects.map((subject) => ({ entryId: newId('auditEntry'), ...subject }))
  await insertAuditEntries(tx, { actor, requestId, action, fields, occurredAt: now() }, entries, happenings.map(changeOf))
}

/** What is done to contacts is told once for each of them. */
function happeningsOf(action: AuditAction, subjects: readonly Subject[], fields: readonly string[]): Happening[] {
  if (!isContactChangeKind(action)) return []
  return [...new Set(subjects.map(({ contactId }) => contactId))].map((contactId) => ({ kind: action, contactId, fields }))
}
