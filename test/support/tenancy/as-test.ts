import { AsyncLocalStorage } from 'node:async_hooks'
import { databaseWithin, type Db } from '../../../src/data/database.ts'

const key = Symbol.for('what tests look at')
const shared: typeof globalThis & { [key]?: AsyncLocalStorage<true> } = globalThis
// However often this module is loaded into a process, there is one of it.
const looking = (shared[key] ??= new AsyncLocalStorage<true>())

/** Whether a test is looking at the database. */
export function isLooking(): boolean {
  return looking.getStore() === true
}

/** Does what is a test's own: what it sends to a database is not the app's. */
export async function runAsTest<Result>(work: () => Promise<Result>): Promise<Result> {
  return looking.run(true, work)
}

/** The database as a test looks at it, which may look at everything: what is sent through this is not the app's. */
export function asTest(db: Db): Db {
  const extended = db.prisma.$extends({ query: { $allOperations: ({ args, query }) => runAsTest(async () => await query(args)) } })
  // proof: the extension adds and takes away nothing; only its type is another
  const prisma = extended as unknown as Db['prisma']
  return { ...databaseWithin(prisma), prisma, streamSource: db.streamSource }
}
