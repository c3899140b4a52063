import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { DatabaseConfig } from '../../src/data/open-database.ts'
import { openEmbedded } from '../../src/data/driver/embedded.ts'
import { migrate } from '../../src/data/migrate.ts'
import { createPool } from '../../src/data/driver/pool.ts'
import { type MigrationList, readMigrations } from '../../src/data/schema-engine.ts'
import { session } from '../../src/data/driver/session.ts'
import { copyTemplate } from '../support/gateway.ts'

let config: DatabaseConfig
let remove: () => Promise<void>
let pool: pg.Pool
let close: () => Promise<void>
beforeAll(async () => {
  const copy = await copyTemplate()
  config = copy.config
  remove = copy.remove
  if (config.url === null) {
    const embedded = await openEmbedded(config.dataDir)
    pool = embedded.pool
    close = () => embedded.close()
  } else {
    const opened = createPool({ connectionString: config.url, ...session(0), max: 1 })
    pool = opened
    close = () => opened.end()
  }
  await pool.query("insert into organizations (id, name, created_at, updated_at) values ('org_1', 'Busy', now(), now())")
})
afterAll(async () => {
  await close()
  await remove()
})

let made: MigrationList['migrationDirectories'] = []

/** The migrations that there are, and one more behind those that a test has added before. */
async function withMigration(what: string, sql: string): Promise<MigrationList> {
  const list = await readMigrations()
  const path = `9999${String(made.length).padStart(10, '0')}_${what}`
  made = [...made, { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } } }]
  return { ...list, migrationDirectories: [...list.migrationDirectories, ...made] }
}

async function recorded(name: string | undefined): Promise<unknown[]> {
  const { rows } = await pool.query<{ finished: boolean }>(
    'select finished_at is not null as finished from _prisma_migrations where migration_name = $1',
    [name],
  )
  return rows
}

test('an index that could not be finished is dropped and built again', async () => {
  const rule =
    'insert into frequency_cap_rules (organization_id, id, name, "limit", window_seconds, created_at, updated_at) values (\'org_1\', $1, $2, 7, 1, now(), now())'
  await pool.query(rule, ['fcr_1', 'One'])
  await pool.query(rule, ['fcr_2', 'Two'])
  const list = await withMigration(
    'unique_limit',
    'CREATE UNIQUE INDEX CONCURRENTLY "rules_limit" ON "frequency_cap_rules" ("organization_id", "limit");',
  )
  await expect(migrate(pool, list)).rejects.toThrow('could not create unique index')
  const state = () =>
    pool.query("select indisvalid as valid from pg_index where indexrelid = to_regclass('rules_limit')").then(({ rows }) => rows)
  expect([await state(), await recorded(made[0]?.path)]).toEqual([[{ valid: false }], []])

  await pool.query("update frequency_cap_rules set \"limit\" = 8 where organization_id = 'org_1' and id = 'fcr_2'")
  expect(await migrate(pool, list)).toEqual([made[0]?.path])
  expect([await state(), await recorded(made[0]?.path)]).toEqual([[{ valid: true }], [{ finished: true }]])
  expect(await migrate(pool, list)).toEqual([])

  const drop = await withMigration('limits_again', 'DROP INDEX CONCURRENTLY "rules_limit";')
  expect(await migrate(pool, drop)).toEqual([made[1]?.path])
  expect(await state()).toEqual([])
})

test('an index that a process had finished before it was killed is only recorded', async () => {
  const sql = 'CREATE INDEX CONCURRENTLY "rules_window" ON "frequency_cap_rules" ("organization_id", "window_seconds");'
  await pool.query(sql)
  const oid = () => pool.query("select 'rules_window'::regclass::oid as oid").then(({ rows }) => rows[0])
  const before = await oid()
  const list = await withMigration('window', sql)
  expect(await migrate(pool, list)).toEqual([made.at(-1)?.path])
  expect(await oid()).toEqual(before)
})

test.runIf(inject('template').server !== null)('writes do not wait while an index is built', async () => {
  await busy(async ({ longWriter, isWaiting, write }) => {
    await longWriter.query('begin')
    await write(longWriter, 'long')
    const migrating = migrate(
      pool,
      await withMigration(
        'by_name',
        'CREATE INDEX CONCURRENTLY "rules_by_name" ON "frequency_cap_rules" ("organization_id", "name", "id");',
      ),
    )
    await isWaiting()
    // The index waits for the long writer to end, and a writer who would have to wait at all fails.
    await write(longWriter, 'long again')
    await writeWithin(50, 'short')
    await longWriter.query('commit')
    expect(await migrating).toEqual([made.at(-1)?.path])
  })
})

test.runIf(inject('template').server !== null)('statements wait only briefly behind a change of a table that is in use', async () => {
  await busy(async ({ longWriter, isWaiting, write }) => {
    await longWriter.query('begin')
    await write(longWriter, 'very long')
    const migrating = migrate(pool, await withMigration('mood', 'ALTER TABLE "frequency_cap_rules" ADD COLUMN "mood" TEXT;'))
    for (let round = 0; round < 3; round += 1) {
      await isWaiting()
      // Behind the change, which gives up before this writer would.
      await writeWithin(5000, `behind ${round}`)
    }
    expect(await recorded(made.at(-1)?.path)).toEqual([])
    await longWriter.query('commit')
    expect(await migrating).toEqual([made.at(-1)?.path])
    expect(await recorded(made.at(-1)?.path)).toEqual([{ finished: true }])
  })
})

/** One who writes for a long time, beside a migration. */
async function busy(
  work: (beside: { longWriter: pg.Client; isWaiting: () => Promise<void>; write: typeof insertRule }) => Promise<void>,
): Promise<void> {
  const [longWriter, looker] = [
    new pg.Client({ connectionString: config.url ?? '' }),
    new pg.Client({ connectionString: config.url ?? '' }),
  ]
  await longWriter.connect()
  await looker.connect()
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid')
  const waits = () => looker.query('select from pg_locks where pid = $1 and not granted', [rows[0]?.pid])
  const isWaiting = async () => {
    while ((await waits()).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  try {
    await work({ longWriter, isWaiting, write: insertRule })
  } finally {
    await longWriter.end()
    await looker.end()
  }
}

async function insertRule(client: pg.Client, name: string): Promise<void> {
  const sql =
    'insert into frequency_cap_rules (organization_id, id, name, "limit", window_seconds, created_at, updated_at) values (\'org_1\', $1, $1, 9, 1, now(), now())'
  await client.query(sql, [name])
}

/** Writes, and fails if it has to wait for longer. @param milliseconds how long it may wait for a lock */
async function writeWithin(milliseconds: number, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: config.url ?? '', options: `-c lock_timeout=${milliseconds}` })
  await client.connect()
  try {
    await insertRule(client, name)
  } finally {
    await client.end()
  }
}
