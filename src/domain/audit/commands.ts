import type { Tx } from '../../data/database.ts'
import { type Audit, insertAuditEntries } from '../../data/sql/insert-audit-entries.ts'
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
 * Writes down who did what, and notifies subscribers of it. Belongs into the transaction that does it: there is no change without its
 * entry, and no entry without its change. One statement, however many subjects.
 * @param fields those that changed, by their names in GraphQL; what stood in them is personal, and is not repeated
 * @param happenings the events for subscribers, where it is more than that it was done to these contacts
 */
export async function audit(
  tx: Tx,
  context: Context,
  action: AuditAction,
  subjects: readonly Subject[],
  ...more: AuditDetails
): Promise<void> {
  if (subjects.length > 0) await insertAuditEntries(tx, auditOf(context, action, subjects, ...more))
}

type AuditDetails = [fields?: readonly string[], happenings?: readonly Happening[]]

/** What `audit` writes down, for a statement that makes the change and writes it down at once. */
export function auditOf(
  { actor, requestId, now }: Pick<Context, 'actor' | 'requestId' | 'now'>,
  action: AuditAction,
  subjects: readonly Subject[],
  ...[fields = [], happenings = happeningsOf(action, subjects, fields)]: AuditDetails
): Audit {
  return {
    change: { actor, requestId, action, fields, occurredAt: now() },
    subjects: subjects.map((subject) => ({ entryId: newId('auditEntry'), ...subject })),
    changes: happenings.map(changeOf),
  }
}

/** Changes of contacts are reported once for each of them. */
function happeningsOf(action: AuditAction, subjects: readonly Subject[], fields: readonly string[]): Happening[] {
  if (!isContactChangeKind(action)) return []
  return [...new Set(subjects.map(({ contactId }) => contactId))].map((contactId) => ({ kind: action, contactId, fields }))
}
