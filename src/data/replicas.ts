import { setTimeout as pause } from 'node:timers/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory, SqlQuery } from '@prisma/driver-adapter-utils'
import type pg from 'pg'
import { isConflictWithRecovery, isUnavailable } from './faults.ts'
import type { Db } from './database.ts'
import { PrismaClient } from './generated/client.ts'
import { type Ask, preparedReads } from './driver/prepared-statements.ts'
import { spanAttributesOf } from './driver/span-attributes.ts'
import { createPool, type PoolSettings } from './driver/pool.ts'
import { streamSourceOf } from './driver/stream-source.ts'
import { counting } from './driver/query-stats.ts'

/** A copy of the database that follows it a little behind. */
export interface ReplicaState {
  /** Its host and port. */
  readonly name: string
  /** Whether it is read from. */
  readonly inUse: boolean
  /** How much of the write-ahead log it had not replayed when it was last asked, in bytes. */
  readonly lag: number
}

export interface Replicas {
  /**
   * A database to read from: a replica that has everything which was committed before this was called, by any client, through whichever
   * process; or the database's own, where no replica has it soon.
   */
  reader(): Promise<Db>
  states(): ReplicaState[]
  close(): Promise<void>
}

export interface ReplicaSettings {
  readonly urls: readonly string[]
  /** What every connection to a server has in common. */
  readonly pool: PoolSettings
}

/** The database that is followed. */
export interface Primary {
  readonly url: string
  readonly db: Db
  readonly pool: pg.Pool
  readonly adapter: SqlMigrationAwareDriverAdapterFactory
}

/** How long a reader waits for a replica, in milliseconds. One that is further behind is left out until it has caught up. */
const catchUpTimeout = 100
/** How often a replica that is awaited is asked how far it is. */
const betweenLooks = 2
/** How long one that was left out stays out before it is looked at again; each time twice as long. */
const shortestAbsence = 250
const longestAbsence = 8000
/** How long a server may take to say how far it is. */
const longestAnswer = 2000

/**
 * Follows replicas. One rule decides between them and the primary: a read may use a replica that has replayed the log up to where the
 * primary's had reached at some time after the read arrived. So everybody who was answered before is seen, by any writer, and through whichever
 * process, and nothing has to be remembered about writers. The question is shared by all reads that arrive while the one before it is
 * answered: the busier the gateway, the less of it for each.
 */
export function followReplicas(primary: Primary, { urls, pool }: ReplicaSettings): Replicas {
  const asking: PoolSettings = { ...pool, max: 1, answerTimeout: longestAnswer, connectionTimeoutMillis: longestAnswer }
  const clock = createQuietPool({ ...asking, connectionString: primary.url })
  const position = sharing(() => ask(clock, "pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')"))
  const replicas = urls.map((url) => new Replica(url, { primary, position, pool, asking }))
  let turn = 0
  return {
    async reader() {
      const usable = replicas.filter(({ inUse }) => inUse)
      if (usable.length === 0) return primary.db
      // Where the primary cannot say how far it is, it is read itself.
      const needed = await position().catch(() => null)
      if (needed === null) return primary.db
      turn += 1
      const replica = usable[turn % usable.length]
      return replica !== undefined && (await replica.reaches(needed)) ? replica.db : primary.db
    },
    states: () => replicas.map(({ name, inUse, lag }) => ({ name, inUse, lag })),
    async close() {
      await Promise.all([clock.end(), ...replicas.map((replica) => replica.close())])
    },
  }
}

interface Surroundings {
  readonly primary: Primary
  readonly position: () => Promise<number>
  readonly pool: pg.PoolConfig
  readonly asking: PoolSettings
}

class Replica {
  readonly name: string
  readonly db: Db
  readonly #pool: pg.Pool
  readonly #clock: pg.Pool
  readonly #position: () => Promise<number>
  readonly #replayed: () => Promise<number>
  readonly #closing = new AbortController()
  /** How far it was known to be, and how far it had to be, when it was last asked. */
  #known = 0
  #needed = 0
  inUse = true

  constructor(url: string, { primary, position, pool, asking }: Surroundings) {
    const { hostname, port } = new URL(url)
    this.name = `${hostname}:${port || '5432'}`
    this.#pool = createQuietPool({ ...pool, connectionString: url, connectionTimeoutMillis: longestAnswer })
    // Kept open, so that the end of the server is noticed: after it, it may be less far than it has said.
    this.#clock = createQuietPool({ ...asking, connectionString: url, idleTimeoutMillis: 0 }).on('error', () => this.#leaveOut())
    this.#position = position
    // A replica that was made a primary of its own follows no server any more.
    this.#replayed = sharing(() =>
      ask(this.#clock, "case when pg_is_in_recovery() then pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') end"),
    )
    const leaveOut = () => this.#leaveOut()
    const target = spanAttributesOf(this.#pool)
    const adapter = counting(fallingBack(new PrismaPg(this.#pool), primary.adapter, leaveOut), target)
    const send: Ask = (statement) =>
      firstHereThenThere(
        () => this.#pool.query(statement),
        () => primary.pool.query(statement),
        leaveOut,
      )
    this.db = {
      sql: preparedReads(send, target),
      prisma: new PrismaClient({ adapter }),
      streamSource: streamSourceOf(this.#pool, 'server', primary.pool),
    }
  }

  get lag(): number {
    return Math.max(0, this.#needed - this.#known)
  }

  /** Whether it has replayed the log up to a position, or soon has. If not, it is left out. */
  async reaches(needed: number): Promise<boolean> {
    const isThere = await this.#waitFor(needed)
    if (!isThere) this.#leaveOut()
    return isThere
  }

  async #waitFor(needed: number): Promise<boolean> {
    this.#needed = Math.max(this.#needed, needed)
    const deadline = performance.now() + catchUpTimeout
    try {
      while (this.#known < needed) {
        this.#known = Math.max(this.#known, await this.#replayed())
        if (this.#known >= needed) break
        if (performance.now() > deadline) return false
        await pause(betweenLooks)
      }
      return true
    } catch {
      return false
    }
  }

  #leaveOut(): void {
    if (!this.inUse || this.#closing.signal.aborted) return
    this.inUse = false
    void this.#comeBack()
  }

  /** Looks at it from time to time, until it is there and has caught up. */
  async #comeBack(): Promise<void> {
    for (let absence = shortestAbsence; !this.#closing.signal.aborted; absence = Math.min(longestAbsence, absence * 2)) {
      await pause(absence, null, { ref: false, signal: this.#closing.signal }).catch(() => {})
      // It may be another one by now, which is not as far.
      this.#known = 0
      const needed = await this.#position().catch(() => null)
      if (needed === null || !(await this.#waitFor(needed))) continue
      this.inUse = true
      return
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.db.prisma.$disconnect()
    await Promise.all([this.#clock.end(), this.#pool.end()])
  }
}

/** A pool whose idle connections may end without a report. */
function createQuietPool(config: PoolSettings): pg.Pool {
  return createPool(config).on('error', () => {})
}

async function ask(pool: pg.Pool, what: string): Promise<number> {
  const { rows } = await pool.query<{ answer: string | null }>(`select (${what})::text as answer`)
  const answer = rows[0]?.answer
  if (typeof answer !== 'string') throw new Error('This server follows no other.')
  return Number(answer)
}

/**
 * Asks a question once for all who want to know at the same time. No caller is given an answer to a question that was asked before it came: who
 * comes while it is under way waits for the next.
 */
export function sharing<Answer>(question: () => Promise<Answer>): () => Promise<Answer> {
  let underWay: Promise<unknown> = Promise.resolve()
  let next: Promise<Answer> | null = null
  return () => {
    next ??= underWay.then(begin, begin)
    return next
  }

  function begin(): Promise<Answer> {
    next = null
    const asked = question()
    underWay = asked
    return asked
  }
}

/** Reads from a replica, and from the primary what the replica could not finish: it went away, or had to make way for what it follows. */
async function firstHereThenThere<Result>(here: () => Promise<Result>, there: () => Promise<Result>, onFault: () => void): Promise<Result> {
  try {
    return await here()
  } catch (error) {
    if (isUnavailable(error)) onFault()
    else if (!isConflictWithRecovery(error)) throw error
    return there()
  }
}

/** The same, for a client of Prisma's. */
function fallingBack(
  replica: SqlMigrationAwareDriverAdapterFactory,
  primary: SqlMigrationAwareDriverAdapterFactory,
  onFault: () => void,
): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: replica.provider,
    adapterName: replica.adapterName,
    connectToShadowDb: () => primary.connectToShadowDb(),
    async connect(): Promise<SqlDriverAdapter> {
      const [first, second] = [await replica.connect(), await primary.connect()]
      const queryRaw = (query: SqlQuery) =>
        firstHereThenThere(
          () => first.queryRaw(query),
          () => second.queryRaw(query),
          onFault,
        )
      // Nothing is written through a replica; the database refuses attempts.
      return Object.assign(Object.create(first) as SqlDriverAdapter, { queryRaw, dispose: () => first.dispose() })
    },
  }
}
