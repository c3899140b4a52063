import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import type pg from 'pg'
import { openEmbedded } from '../src/data/driver/embedded.ts'
import { everything, readMigrations, type SchemaContainer, startSchemaEngine } from '../src/data/schema-engine.ts'

/** The SQL that leads from the migrations to the Prisma schema; null if they agree. */
export async function drift(): Promise<string | null> {
  const embedded = await openEmbedded('memory:')
  try {
    const schema = await readSchema()
    const engine = await startSchemaEngine(new Replaying(embedded.pool), schema)
    const difference = await engine.diff({
      from: { tag: 'migrations', ...(await readMigrations()) },
      to: { tag: 'schemaDatamodel', files: schema },
      script: true,
      exitCode: true,
      filters: everything,
    })
    return difference.exitCode === 0 ? null : difference.stdout
  } finally {
    await embedded.close()
  }
}

async function readSchema(): Promise<SchemaContainer[]> {
  const folder = join(import.meta.dirname, 'schema')
  const files = await readdir(folder)
  return Promise.all(files.toSorted().map(async (path) => ({ path, content: await readFile(join(folder, path), 'utf8') })))
}

const charOid = 18
const textOid = 25
const characterColumn = 6

/**
 * Lets the engine replay the migrations on an empty embedded database. The engine reads PostgreSQL's catalogue, whose
 * one-letter columns the adapter does not know: they are passed to it as text and on to the engine as letters.
 */
class Replaying extends PrismaPg {
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool) {
    super(pool)
    this.#pool = pool
  }

  override async connectToShadowDb(): ReturnType<PrismaPg['connectToShadowDb']> {
    const pool = this.#pool
    const letters = new Set<number>()
    const query: (...call: unknown[]) => Promise<pg.QueryArrayResult> = pool.query.bind(pool)
    Object.assign(pool, {
      async query(...call: unknown[]) {
        const result = await query(...call)
        for (const [index, field] of (result.fields ?? []).entries()) {
          if (field.dataTypeID !== charOid) continue
          field.dataTypeID = textOid
          letters.add(index)
        }
        return result
      },
    })
    const adapter = await super.connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    const reading: Pick<SqlDriverAdapter, 'queryRaw' | 'executeScript'> = {
      async queryRaw(sql) {
        letters.clear()
        const result = await queryRaw(sql)
        for (const index of letters) result.columnTypes[index] = characterColumn
        return result
      },
      async executeScript(script) {
        await pool.query(script)
      },
    }
    return Object.assign(adapter, reading)
  }
}
