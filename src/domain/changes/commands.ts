import type { Tx } from '../../data/database.ts'
import { deleteChanges } from '../../data/sql/delete-old-changes.ts'
import { insertChanges, type NewChange } from '../../data/sql/insert-changes.ts'
import { type ChangeKind, keptSince } from './rules.ts'

/** What happened. */
export interface Happening {
  readonly kind: ChangeKind
  /** The contact that it happened to; null for an import. */
  readonly contactId: string | null
  /** The activity or the import that it is about; null where it is the contact itself. */
  readonly subjectId?: string | null
  /** The fields of the contact that may have changed. */
  readonly fields?: readonly string[]
}

/**
 * Records what happened, for subscribers. Belongs into the transaction that does it: subscribers get all that is
 * committed, and of nothing else. One statement, however many.
 */
export async function recordChanges(tx: Tx, organizationId: string, now: Date, happenings: readonly Happening[]): Promise<void> {
  if (happenings.length === 0) return
  await insertChanges(tx, organizationId, now, happenings.map(changeOf))
}

export function changeOf({ kind, contactId, subjectId = null, fields = [] }: Happening): NewChange {
  return { kind, contactId, subjectId, fields }
}

/** Forgets the changes whose time is over, of every organization. @returns how many */
export async function deleteOldChanges(db: Tx, now: Date, changesKeptDays: number): Promise<number> {
  return deleteChanges(db, keptSince({ now: () => now, changesKeptDays }))
}
