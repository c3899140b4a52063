import type { ReadDb } from '../database.ts'
import { type ContactMatch, contactsFitting } from './contacts-matching.ts'
import { idArray } from './id-array.ts'

/** Those of some contacts that match, the deleted ones among them included, and whether they live. One statement. */
export async function selectMatching(
  db: ReadDb,
  organizationId: string,
  match: ContactMatch,
  ids: readonly string[],
): Promise<{ readonly id: string; readonly isLiving: boolean }[]> {
  return db.sql`
    select c.id, c.deleted_at is null as "isLiving" from contacts c
    where ${contactsFitting(organizationId, match)} and c.id = any(${idArray(ids)})`
}
