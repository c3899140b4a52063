import type { Db, Tx } from './database.ts'
import { isWriteConflict } from './prisma-errors.ts'

/** How often a transaction is tried that the database ended in favour of another one. */
const attempts = 3

/** Runs some work as one transaction: all of it is kept, or nothing. The work may run again, so it must have no other effect. */
export async function transaction<Result>(db: Db, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.$transaction(work)
    } catch (error) {
      if (attempt === attempts || !isWriteConflict(error)) throw error
    }
  }
}
