import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { startAutovacuum } from './autovacuum.ts'
import { type Embedded, openEmbedded } from './driver/embedded.ts'
import type { Db } from './database.ts'
import { PrismaClient } from './generated/client.ts'
import { createLimiters, type Limiters, type LimiterStore } from './limiter.ts'
import { type Listen, listeningOnEmbedded, listeningOnServer } from './listen.ts'
import { preparedReads } from './driver/prepared-statements.ts'
import { spanAttributesOf } from './driver/span-attributes.ts'
import { migrate } from './migrate.ts'
import { createPool, type PoolSettings } from './driver/pool.ts'
import { streamSourceOf } from './driver/stream-source.ts'
import { followReplicas, type Replicas } from './replicas.ts'
import { pooledSession, session } from './driver/session.ts'
import { serverWarnings } from './server-warnings.ts'
import { removeLeftSpools } from './spool.ts'
import { counting } from './driver/query-stats.ts'

export interface DatabaseConfig {
  /** The URL of a PostgreSQL server; null for the embedded database. */
  readonly url: string | null
  /**
   * The URL of the same server, where `url` is that of a connection pooler in transaction mode: migrations, notifications and what takes
   * locks for a whole session go past the pooler.
   */
  readonly directUrl?: string | null
  /** The embedded database's folder, or `memory:`. */
  readonly dataDir: string
  /** The maximum number of connections to a server. Default: 10. */
  readonly poolSize?: number
  /** The timeout of a statement, in milliseconds. Default: none. */
  readonly statementTimeout?: number
  /** Where uses are counted against limits. Default: in this process. */
  readonly limiterStore?: LimiterStore
  /** The URLs of read replicas of the server at `url`. Default: none. */
  readonly replicaUrls?: readonly string[]
}

export interface Database {
  readonly db: Db
  readonly kind: 'embedded' | 'server'
  readonly limiters: Limiters
  /** Receives the notifications of a channel from every process. */
  readonly listen: Listen
  /** Where to read what need not be read from the primary; null where there is nothing but it. */
  readonly replicas: Replicas | null
  /** What should be changed at the server, to be logged when the gateway starts; empty on the embedded database. */
  readonly warnings: readonly string[]
  /** How the connections are used right now. */
  connections(): { readonly open: number; readonly idle: number; readonly waiting: number }
  /** Whether the database answers. Its migrations were applied when it was opened. */
  isReady(): Promise<boolean>
  close(): Promise<void>
}

/** How long a request waits for a connection, in milliseconds. */
const longestWait = 10_000
/** How long counting a use may take, in milliseconds. After that it is counted in this process. */
const limiterTimeout = 2000
/** How long the question whether the database answers may take, in milliseconds. */
const longestCheck = 1000

/** Opens the database and brings it up to date. */
export async function openDatabase(config: DatabaseConfig): Promise<Database> {
  return config.url === null ? openEmbeddedDatabase(config) : openServer(config.url, config)
}

async function openEmbeddedDatabase(config: DatabaseConfig): Promise<Database> {
  const embedded: Embedded = await openEmbedded(config.dataDir)
  await removeLeftSpools()
  try {
    await migrate(embedded.pool)
  } catch (error) {
    await embedded.close()
    throw error
  }
  const stopAutovacuum = startAutovacuum(embedded.pool)
  return databaseOn(embedded.pool, 'embedded', config, listeningOnEmbedded(embedded.pool), () => {
    stopAutovacuum()
    return embedded.close()
  })
}

async function openServer(url: string, config: DatabaseConfig): Promise<Database> {
  const directUrl = config.directUrl ?? null
  const name = { application_name: 'contact-gateway' }
  const direct: pg.PoolConfig = { ...name, connectionString: directUrl ?? url }
  const single = createPool({ ...direct, ...session(0), max: 1 })
  try {
    await migrate(single)
  } finally {
    await single.end()
  }
  const connections = directUrl === null ? session : pooledSession
  const inUse = {
    ...name,
    connectionString: url,
    ...connections(config.statementTimeout ?? 0),
    max: config.poolSize ?? 10,
    connectionTimeoutMillis: longestWait,
  }
  const pool = createPool(inUse)
  const warnings = await serverWarnings(pool, { isPooled: directUrl !== null })
  const database = databaseOn(pool, 'server', config, listeningOnServer(direct), () => pool.end(), inUse)
  return { ...database, warnings }
}

function databaseOn(
  pool: pg.Pool,
  kind: Database['kind'],
  config: DatabaseConfig,
  listen: Listen,
  closePool: () => Promise<void>,
  settings: PoolSettings = {},
): Database {
  // An idle connection that the server ended is no fault of anyone: the next query gets a new one.
  pool.on('error', () => {})
  const driver = new PrismaPg(pool)
  const target = spanAttributesOf(pool)
  const adapter = counting(driver, target)
  // A transaction waits for its turn on the embedded database, which has one connection for all.
  const prisma = new PrismaClient({ adapter, transactionOptions: { maxWait: 15_000, timeout: 60_000 } })
  const db: Db = { sql: preparedReads((statement) => pool.query(statement), target), prisma, streamSource: streamSourceOf(pool, kind) }
  const { url, replicaUrls: urls = [] } = config
  const replicas = url === null || urls.length === 0 ? null : followReplicas({ url, db, pool, adapter: driver }, { urls, pool: settings })
  // Counted through connections of its own: a request that holds a connection never waits for a second one of the same pool.
  const limiters = createLimiters(limiterStoreOf(config, kind), () =>
    createPool({
      ...settings,
      ...(config.directUrl ? pooledSession(limiterTimeout) : session(limiterTimeout)),
      max: 2,
      connectionTimeoutMillis: limiterTimeout,
    }),
  )
  return {
    db,
    kind,
    limiters,
    listen,
    replicas,
    warnings: [],
    connections: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    isReady: () =>
      answersWithin(longestCheck, async () => {
        await pool.query('select 1')
      }),
    async close() {
      await limiters.close()
      await replicas?.close()
      await prisma.$disconnect()
      await closePool()
    },
  }
}

/** The embedded database belongs to one process, which counts in its own memory. */
function limiterStoreOf({ limiterStore = { kind: 'memory' } }: DatabaseConfig, kind: Database['kind']): LimiterStore {
  return kind === 'embedded' && limiterStore.kind === 'postgres' ? { kind: 'memory' } : limiterStore
}

/** Whether some work succeeds in time. */
async function answersWithin(milliseconds: number, work: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const answer = work().then(
    () => true,
    () => false,
  )
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
