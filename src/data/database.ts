import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { type Embedded, openEmbedded } from './embedded.ts'
import { type Prisma, PrismaClient } from './generated/client.ts'
import { createLimiters, type Limiters, type LimiterStore } from './limiter.ts'
import { readingDirectly } from './direct-reads.ts'
import { migrate } from './migrate.ts'
import { createPool, rememberPool } from './pool.ts'
import { session } from './session.ts'
import { counting } from './statements.ts'

/** The database, for those who write. */
export type Db = PrismaClient

/** The database within a transaction. */
export type Tx = Prisma.TransactionClient

type ReadMethod = 'findUnique' | 'findUniqueOrThrow' | 'findFirst' | 'findFirstOrThrow' | 'findMany' | 'count' | 'aggregate' | 'groupBy'
type Models = Exclude<Extract<keyof Tx, string>, `$${string}`>

/** The database, for those who only read: writing does not compile. */
export type ReadDb = { readonly [Model in Models]: Pick<Tx[Model], ReadMethod & keyof Tx[Model]> } & Pick<Tx, '$queryRaw'>

export interface DatabaseConfig {
  /** The URL of a PostgreSQL server; null for the embedded database. */
  readonly url: string | null
  /** The embedded database's folder, or `memory:`. */
  readonly dataDir: string
  /** How many connections to a server are kept at the most; 10 if nothing is said. */
  readonly poolSize?: number
  /** How long a server may work on one statement, in milliseconds; without end if nothing is said. */
  readonly statementTimeout?: number
  /** Where uses are counted against limits; in this process if nothing is said. */
  readonly limiterStore?: LimiterStore
}

export interface Database {
  readonly db: Db
  readonly kind: 'embedded' | 'server'
  readonly limiters: Limiters
  /** How the connections are used right now. */
  connections(): { readonly open: number; readonly idle: number; readonly waiting: number }
  /** Whether the database answers. Its migrations were applied when it was opened. */
  isReady(): Promise<boolean>
  close(): Promise<void>
}

/** Opens the database and brings it up to date. */
export async function openDatabase(config: DatabaseConfig): Promise<Database> {
  return config.url === null ? openEmbeddedDatabase(config) : openServer(config.url, config)
}

async function openEmbeddedDatabase(config: DatabaseConfig): Promise<Database> {
  const embedded: Embedded = await openEmbedded(config.dataDir)
  try {
    await migrate(embedded.pool)
  } catch (error) {
    await embedded.close()
    throw error
  }
  return databaseOn(embedded.pool, 'embedded', config, () => embedded.close())
}

async function openServer(url: string, config: DatabaseConfig): Promise<Database> {
  const settings: pg.PoolConfig = { connectionString: url, application_name: 'contact-gateway' }
  const single = createPool({ ...settings, ...session(0), max: 1 })
  try {
    await migrate(single)
  } finally {
    await single.end()
  }
  const pool = createPool({ ...settings, ...session(config.statementTimeout ?? 0), max: config.poolSize ?? 10 })
  return databaseOn(pool, 'server', config, () => pool.end())
}

function databaseOn(pool: pg.Pool, kind: Database['kind'], config: DatabaseConfig, closePool: () => Promise<void>): Database {
  // An idle connection that the server ended is no fault of anyone: the next query gets a new one.
  pool.on('error', () => {})
  const adapter = counting(new PrismaPg(pool))
  // A transaction waits for its turn on the embedded database, which has one connection for all.
  const client = new PrismaClient({ adapter, transactionOptions: { maxWait: 15_000, timeout: 60_000 } })
  const db = readingDirectly(client, pool)
  rememberPool(db, pool, kind)
  const limiters = createLimiters(config.limiterStore ?? { kind: 'memory' }, pool)
  return {
    db,
    kind,
    limiters,
    connections: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    isReady: () =>
      pool.query('select 1').then(
        () => true,
        () => false,
      ),
    async close() {
      await limiters.close()
      await db.$disconnect()
      await closePool()
    },
  }
}
