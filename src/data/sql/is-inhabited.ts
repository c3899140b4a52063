import type { ReadDb } from '../database.ts'

/** Whether there is an organization and a key, of whichever organization. */
export async function isInhabited(db: ReadDb): Promise<boolean> {
  const [answer] = await db.$queryRaw<{ isInhabited: boolean }[]>`
    select exists (select from organizations) and exists (select from api_keys) as "isInhabited"`
  return answer?.isInhabited === true
}
