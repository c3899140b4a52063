import type { Tx } from '../database.ts'

/** Removes the changes of every organization that happened before a time. @returns how many */
export async function deleteChanges(db: Tx, before: Date): Promise<number> {
  return db.$executeRaw`delete from changes where occurred_at < ${before}`
}
