import type { ReadDb } from '../database.ts'
import type { Prisma } from '../generated/client.ts'

/** What was learned of how the organization's contacts reply; null before anything was. */
export async function selectReplyHabits(db: ReadDb, organizationId: string): Promise<Prisma.JsonValue> {
  const rows = await db.sql<{ habits: Prisma.JsonValue }[]>`
    select h.habits from reply_habits h where h.organization_id = ${organizationId}`
  return rows[0]?.habits ?? null
}
