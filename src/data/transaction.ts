import { setTimeout as pause } from 'node:timers/promises'
import { databaseWithin, type Tx } from './database.ts'
import { Contended, DatabaseUnavailable } from '../kernel/faults.ts'
import { isExhausted } from './faults.ts'
import { isWriteConflict } from './prisma-errors.ts'

/** How often a transaction is tried that the database ended in favour of another one. */
const attempts = 5

/**
 * Runs some work as one transaction: all of it is kept, or nothing. The work may run again, so it must have no other effect.
 * @throws Contended if the database has ended it again and again in favour of others
 *
 * Within a transaction it is a part of it: a part that fails is undone alone (a savepoint), and the outer transaction decides.
 */
export async function transaction<Result>(db: Tx, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.prisma.$transaction((prisma) => work(databaseWithin(prisma)))
    } catch (error) {
      if (isExhausted(error)) throw new DatabaseUnavailable()
      // A conflict ends the whole transaction: only who began it can begin it again.
      if (isWithinTransaction(db) || !isWriteConflict(error)) throw error
      if (attempt === attempts) throw new Contended()
      // Two that wait for each other and begin again at once would meet again.
      await pause(Math.random() * 20 * attempt)
    }
  }
}

/** Prisma's client within a transaction cannot connect: that distinguishes it from the client outside. */
function isWithinTransaction({ prisma }: Tx): boolean {
  return !('$connect' in prisma)
}
