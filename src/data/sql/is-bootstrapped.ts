import type { ReadDb } from '../database.ts'

/** Whether there is an organization and a key, of whichever organization. */
export async function isBootstrapped(db: ReadDb): Promise<boolean> {
  const [answer] = await db.sql<{ isBootstrapped: boolean }[]>`
    select exists (select from organizations) and exists (select from api_keys) as "isBootstrapped"`
  return answer?.isBootstrapped === true
}
