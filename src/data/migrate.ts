import { createHash, randomUUID } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import type pg from 'pg'
import { distributeCreated, isDistributed } from './citus.ts'
import { isDiskFull } from './faults.ts'
import { rewrittenMigrations } from './rewritten-migrations.ts'
import { statementsOf } from './sql-statements.ts'
import { everything, type MigrationList, readMigrations, startSchemaEngine } from './schema-engine.ts'

/** The number of the advisory lock with which processes that start at once on one server migrate one after another. */
const turn = 7_263_001

/** PostgreSQL's word for a statement that gave up waiting for a lock. */
const lockNotAvailable = '55P03'

/** PostgreSQL's word for a transaction that was ended because it and another one waited for each other. */
const deadlockDetected = '40P01'

/** How long a migration waits for a table that others use. Later statements queue behind it meanwhile. */
const lockTimeout = 500
/** How long it stays away after that, in milliseconds: as long as it has been tried, so that the others are never kept for more than half of the time. */
const shortestPause = 500
const longestPause = 8000
/** How often it is tried: for about five minutes. */
const attempts = 40

/** A table that a migration changes was in use whenever it was asked for. */
export class TableInUse extends Error {
  constructor(migration: string) {
    super(
      `The migration ${migration} could not lock the tables that it changes, because they were in use all the time. ` +
        'Look for transactions that do not end (pg_stat_activity), and start the gateway again.',
    )
    this.name = 'TableInUse'
  }
}

/** The database is full of something else. */
export class ForeignDatabase extends Error {
  constructor(table: string) {
    super(
      `The database has tables that are not of a contact gateway, such as ${table}. Give the gateway a database of its own in DATABASE_URL.`,
    )
    this.name = 'ForeignDatabase'
  }
}

/**
 * Applies the migrations that the database has not seen, and records them in Prisma's own table, so that
 * `prisma migrate deploy` may be used on the same database.
 *
 * Each migration and its record are one transaction: a process that is killed on the way leaves no half behind. It never waits long for a
 * lock, because everybody else would wait behind it: it gives up, and tries again a little later. What no single transaction can do is done
 * first, and what is left of the migration is its record: an index that is built concurrently, and rows that are written in batches.
 * @param pool of one connection, which nothing else uses meanwhile
 * @returns the names of the migrations that were applied
 * @throws ForeignDatabase, before anything is written; TableInUse
 */
export async function migrate(pool: pg.Pool, migrations?: MigrationList): Promise<string[]> {
  const all = migrations ?? (await readMigrations())
  await takeTurn(pool)
  try {
    const pending = await pendingMigrations(pool, all)
    if (pending.length === 0) return []
    const factory = new StatementByStatement(pool, await isDistributed(pool))
    const engine = await startSchemaEngine(factory)
    const applied: string[] = []
    for (const name of pending) {
      const upToHere = all.migrationDirectories.filter((directory) => directory.path <= name)
      const apply = () => engine.applyMigrations({ migrationsList: { ...all, migrationDirectories: upToHere }, filters: everything })
      factory.isDone = await doneOutside(pool, scriptOf(all, name))
      const { appliedMigrationNames } = await withoutWaiting(pool, factory, name, apply)
      applied.push(...appliedMigrationNames)
    }
    return applied
  } finally {
    await pool.query('select pg_advisory_unlock($1)', [turn])
  }
}

/** Asks again and again: an index that is built concurrently waits for every statement under way, and so for one that waited here. */
async function takeTurn(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ isTaken: boolean }>('select pg_try_advisory_lock($1) as "isTaken"', [turn])
    if (rows[0]?.isTaken === true) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The first words of a migration that commits as it goes on: one `DO` block, which changes nothing of what it has done when it begins again. */
const inBatches = /^-- In batches: /

/** Does what a migration cannot do in one transaction. @returns whether that is all that the migration does */
async function doneOutside(pool: pg.Pool, script: string): Promise<boolean> {
  const index = concurrentIndexIn(script)
  if (index !== null) await buildConcurrently(pool, index, script)
  else if (inBatches.test(script)) await writeInBatches(pool, script)
  else return false
  return true
}

async function writeInBatches(pool: pg.Pool, script: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await pool.query(script)
      return
    } catch (error) {
      const isDeadlock = error instanceof Error && 'code' in error && error.code === deadlockDetected
      if (!isDeadlock || attempt === attempts) throw error
    }
  }
}

/** The name of the index that a migration builds or drops concurrently; null if it is a migration like any other. */
function concurrentIndexIn(script: string): string | null {
  return /\bindex\s+concurrently\s+(?:if\s+(?:not\s+)?exists\s+)?"?(\w+)"?/i.exec(script)?.[1] ?? null
}

/**
 * Does what a migration does concurrently, in as many attempts as it takes processes: of an index that was not finished, nothing but an
 * invalid one is left, which is dropped and built again.
 */
async function buildConcurrently(pool: pg.Pool, index: string, script: string): Promise<void> {
  const drops = /\bdrop\s+index\b/i.test(script)
  const { rows } = await pool.query<{ valid: boolean }>(
    'select indisvalid as valid from pg_index where indexrelid = to_regclass(quote_ident($1))',
    [index],
  )
  const isThere = rows[0]
  if (drops ? isThere === undefined : isThere?.valid === true) return
  if (!drops && isThere !== undefined) await pool.query(`drop index concurrently "${index}"`)
  await pool.query(script)
}

/** Works in a transaction that does not keep others waiting: it is tried again until it gets its locks at once. @throws TableInUse */
async function withoutWaiting<Result>(
  pool: pg.Pool,
  factory: StatementByStatement,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      return await inTransaction(pool, work)
    } catch (error) {
      if (!factory.hasWaited) throw isDiskFull(factory.failure) ? factory.failure : error
      const pause = Math.min(longestPause, shortestPause * 2 ** (attempt - 1))
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  throw new TableInUse(name)
}

/**
 * The migrations that are not recorded as applied with their present content. Looking here first spares every later start the loading of the engine,
 * which then only has to act, or to complain.
 */
async function pendingMigrations(pool: pg.Pool, migrations: MigrationList): Promise<string[]> {
  const table = await pool.query<{ name: string | null }>("select to_regclass('_prisma_migrations')::text as name")
  const recorded = new Map<string, string>()
  if (table.rows[0]?.name === null) await refuseForeign(pool)
  else {
    const { rows } = await pool.query<{ migration_name: string; checksum: string }>(
      'select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null',
    )
    for (const row of rows) recorded.set(row.migration_name, row.checksum)
    await renameRewritten(pool, migrations, recorded)
  }
  const names = migrations.migrationDirectories.map((directory) => directory.path)
  return names.filter((name) => recorded.get(name) !== checksum(scriptOf(migrations, name)))
}

/**
 * Migrations that were applied in an earlier form, which kept tables locked while it wrote rows: what their present form and the files that were split
 * off it would do has been done. Recorded as they would be had they been applied like this.
 * @param recorded the checksums of what is on record, which are corrected as well
 */
async function renameRewritten(pool: pg.Pool, migrations: MigrationList, recorded: Map<string, string>): Promise<void> {
  for (const { name, earlier, into } of rewrittenMigrations) {
    if (recorded.get(name) !== earlier) continue
    const present = checksum(scriptOf(migrations, name))
    await pool.query('update _prisma_migrations set checksum = $1 where migration_name = $2 and checksum = $3', [present, name, earlier])
    recorded.set(name, present)
    for (const part of into) {
      const ofPart = checksum(scriptOf(migrations, part))
      await pool.query(
        `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
         values ($1, $2, $3, now(), now(), 1)`,
        [randomUUID(), ofPart, part],
      )
      recorded.set(part, ofPart)
    }
  }
}

async function refuseForeign(pool: pg.Pool): Promise<void> {
  // What belongs to an extension was put there by its server's administrator.
  const { rows } = await pool.query<{ name: string }>(`
    select relname::text as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
      and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
    order by 1 limit 1`)
  if (rows[0] !== undefined) throw new ForeignDatabase(rows[0].name)
}

async function inTransaction<Result>(pool: pg.Pool, work: () => Promise<Result>): Promise<Result> {
  await pool.query(`begin; set local lock_timeout = ${lockTimeout}`)
  try {
    const result = await work()
    await pool.query('commit')
    return result
  } catch (error) {
    await pool.query('rollback')
    throw error
  }
}

/**
 * Sends the statements of a migration one by one, as Citus wants them, and distributes new tables there; the adapter's own way is to cut a
 * script at every semicolon, those in functions included.
 */
class StatementByStatement extends PrismaPg {
  readonly #pool: pg.Pool
  readonly #onCitus: boolean
  /** Whether what the script says has been done already. */
  isDone = false
  /** The error of the last script, or null. The engine reports it in its message only, or reports what followed from it. */
  failure: unknown = null

  constructor(pool: pg.Pool, onCitus: boolean) {
    super(pool)
    this.#pool = pool
    this.#onCitus = onCitus
  }

  /** Whether the last script had to wait for a lock for too long. */
  get hasWaited(): boolean {
    return this.failure instanceof Error && 'code' in this.failure && this.failure.code === lockNotAvailable
  }

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect()
    const executeScript: SqlDriverAdapter['executeScript'] = async (script) => {
      this.failure = null
      if (this.isDone) return
      try {
        if (this.#onCitus) await this.#pool.query("set local citus.multi_shard_modify_mode = 'sequential'")
        for (const statement of statementsOf(script)) {
          await this.#pool.query(statement)
          if (this.#onCitus) await distributeCreated(this.#pool, statement)
        }
      } catch (error) {
        this.failure = error
        throw error
      }
    }
    return Object.assign(adapter, { executeScript })
  }
}

function scriptOf(migrations: MigrationList, name: string): string {
  const content = migrations.migrationDirectories.find((directory) => directory.path === name)?.migrationFile.content
  if (content?.tag === 'ok') return content.value
  throw new Error(`The migration ${name} cannot be read.`)
}

/** As Prisma computes it. */
function checksum(script: string): string {
  return createHash('sha256').update(script).digest('hex')
}
