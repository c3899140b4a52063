import { createHash } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import type pg from 'pg'
import { everything, type MigrationList, readMigrations, startSchemaEngine } from './schema-engine.ts'

/** Any number that nobody else uses: processes that start at once on one server take turns by it. */
const turn = 7_263_001

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
 * Each migration and its record are one transaction: a process that is killed on the way leaves no half behind. One that
 * builds an index concurrently cannot be in a transaction, and has to stand alone in its file.
 * @param pool of one connection, which nothing else uses meanwhile
 * @returns the names of the migrations that were applied
 * @throws ForeignDatabase, before anything is written
 */
export async function migrate(pool: pg.Pool): Promise<string[]> {
  const migrations = await readMigrations()
  await pool.query('select pg_advisory_lock($1)', [turn])
  try {
    const pending = await pendingMigrations(pool, migrations)
    if (pending.length === 0) return []
    const engine = await startSchemaEngine(new WholeScripts(pool))
    const applied: string[] = []
    for (const name of pending) {
      const upToHere = migrations.migrationDirectories.filter((directory) => directory.path <= name)
      const apply = () => engine.applyMigrations({ migrationsList: { ...migrations, migrationDirectories: upToHere }, filters: everything })
      const { appliedMigrationNames } = isConcurrent(migrations, name) ? await apply() : await inTransaction(pool, apply)
      applied.push(...appliedMigrationNames)
    }
    return applied
  } finally {
    await pool.query('select pg_advisory_unlock($1)', [turn])
  }
}

/**
 * The migrations that are not recorded as applied with their present content; all from the first that is not. Looking here
 * first spares every later start the loading of the engine, which then only has to act, or to complain.
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
  }
  const names = migrations.migrationDirectories.map((directory) => directory.path)
  const first = names.findIndex((name) => recorded.get(name) !== checksum(scriptOf(migrations, name)))
  return first === -1 ? [] : names.slice(first)
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
  await pool.query('begin')
  try {
    const result = await work()
    await pool.query('commit')
    return result
  } catch (error) {
    await pool.query('rollback')
    throw error
  }
}

/** Sends a migration as it is written; the adapter's own way is to cut it at every semicolon, those in functions included. */
class WholeScripts extends PrismaPg {
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool) {
    super(pool)
    this.#pool = pool
  }

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect()
    const executeScript: SqlDriverAdapter['executeScript'] = async (script) => {
      await this.#pool.query(script)
    }
    return Object.assign(adapter, { executeScript })
  }
}

function isConcurrent(migrations: MigrationList, name: string): boolean {
  return /\bindex\s+concurrently\b/i.test(scriptOf(migrations, name))
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
