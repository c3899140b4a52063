import type { ReadDb } from '../database.ts'
import { type ContactMatch, contactsMatching } from './contacts-matching.ts'

/** The ids of the living contacts that match, in their order, up to a limit. */
export async function selectContactIds(db: ReadDb, organizationId: string, match: ContactMatch, limit: number): Promise<string[]> {
  const rows = await db.sql<{ id: string }[]>`
    select c.id from contacts c where ${contactsMatching(organizationId, match)} order by c.id limit ${limit}`
  return rows.map(({ id }) => id)
}

/** Those of these contacts that live. */
export async function selectLivingIds(db: ReadDb, organizationId: string, ids: readonly string[]): Promise<string[]> {
  const rows = await db.sql<{ id: string }[]>`
    select c.id from contacts c where c.organization_id = ${organizationId} and c.id = any(${ids}::text[]) and c.deleted_at is null`
  return rows.map(({ id }) => id)
}
