import type { Tx } from '../../data/database.ts'
import { insertAuditEntries } from '../../data/sql/insert-audit-entries.ts'
import { newId } from '../../kernel/ids.ts'
import type { Context } from '../context.ts'
import type { AuditAction } from './rules.ts'

/** What something was done to. */
export interface Subject {
  readonly id: string
  /** The contact that it is about; null where it is about none. */
  readonly contactId: string | null
}

/**
 * Writes down who did what. Belongs into the transaction that does it: there is no change without its entry, and no entry without
 * its change. One statement, however many subjects.
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
  await insertAuditEntries(tx, { actor, requestId, action, fields, occurredAt: now() }, entries)
}
