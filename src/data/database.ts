import type { Sql } from './driver/prepared-statements.ts'
import type { StreamSource } from './driver/stream-source.ts'
import type { Prisma, PrismaClient } from './generated/client.ts'

type ReadMethod = 'findUnique' | 'findUniqueOrThrow' | 'findFirst' | 'findFirstOrThrow' | 'findMany' | 'count' | 'aggregate' | 'groupBy'
type Models = Exclude<Extract<keyof PrismaClient, string>, `$${string}`>

/** The database for reads: writing does not compile. */
export interface ReadDb {
  /** Hand-written reads. Prepared on the server, outside of transactions. */
  readonly sql: Sql
  /** Reads of rows by their keys, through Prisma's client. */
  readonly prisma: { readonly [Model in Models]: Pick<PrismaClient[Model], ReadMethod & keyof PrismaClient[Model]> }
}

/** The database for reads and writes, within a transaction or outside. */
export interface Tx {
  readonly sql: Sql
  readonly prisma: Prisma.TransactionClient
  /** The connections that reads of any length are streamed over; null within a transaction, which has only the one that it uses. */
  readonly streamSource: StreamSource | null
}

/** The database outside of transactions. `transaction(db, work)` opens one. */
export interface Db extends Tx {
  readonly prisma: PrismaClient
  readonly streamSource: StreamSource
}

/** The database within a transaction of Prisma's client, which sends everything over its one connection. */
export function databaseWithin(prisma: Prisma.TransactionClient): Tx {
  return { streamSource: null, prisma, sql: (query, ...values) => prisma.$queryRaw(query, ...values) }
}
