import { inspect } from 'node:util'
import { expect, inject, test } from 'vitest'
import { migrate } from '../../src/data/migrate.ts'
import { createPool } from '../../src/data/driver/pool.ts'
import { session } from '../../src/data/driver/session.ts'
import { type MigrationList, readMigrations } from '../../src/data/schema-engine.ts'
import { serverWarnings } from '../../src/data/server-warnings.ts'
import { openDatabase } from '../../src/data/open-database.ts'
import { seedDemo } from '../../prisma/seed.ts'
import { distribute } from '../support/citus.ts'
import { copyTemplate, emptyDatabase, noon } from '../support/gateway.ts'
import { asTest } from '../support/tenancy/as-test.ts'

const isOnCitus = (inject('template').server?.nodes.length ?? 0) > 1

const later: readonly (readonly [string, string])[] = [
  [
    'table',
    `-- A table with references to both kinds of tables.
    CREATE TYPE "visit_kind" AS ENUM ('shop', 'fair');
    CREATE TABLE "visits" ("organization_id" TEXT COLLATE "C" NOT NULL, "id" TEXT NOT NULL, "contact_id" TEXT COLLATE "C" NOT NULL,
      "kind" "visit_kind" NOT NULL, CONSTRAINT "visits_pkey" PRIMARY KEY ("organization_id", "id"));
    ALTER TABLE "visits" ADD CONSTRAINT "visits_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id");
    ALTER TABLE "visits" ADD CONSTRAINT "visits_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id")
      REFERENCES "contacts"("organization_id", "id");`,
  ],
  ['column', `ALTER TABLE "visits" ADD COLUMN "minutes" INTEGER; ALTER TABLE "contacts" ADD COLUMN "visits" INTEGER NOT NULL DEFAULT 0;`],
  ['index', `CREATE INDEX CONCURRENTLY "visits_by_contact" ON "visits"("organization_id", "contact_id");`],
  [
    'trigger',
    `CREATE FUNCTION "refuse_visit"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no visits; none'; END $$;
    CREATE TRIGGER "visits_refused" BEFORE DELETE ON "visits" FOR EACH ROW EXECUTE FUNCTION "refuse_visit"();`,
  ],
]

test.runIf(isOnCitus)('the script distributes a filled database with all of its rows and constraints, and runs again', async () => {
  const { config, remove } = await emptyDatabase()
  const database = await openDatabase(config)
  await seedDemo(database.db, { now: noon })
  const { prisma } = asTest(database.db)
  const list = (sql: string) => prisma.$queryRawUnsafe<Record<string, unknown>[]>(sql)
  const stored = async () => {
    const tables = await list("select relname::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")
    const rows = await Promise.all(
      tables.map(async ({ name }) => {
        const found = await list(`select * from "${String(name)}"`)
        return [String(name), found.map((row) => inspect(row, { sorted: true, depth: 9, maxStringLength: null })).toSorted()]
      }),
    )
    const constraints = await list(`select c.relname::text as table, k.conname::text as name, pg_get_constraintdef(k.oid) as definition
      from pg_class c join pg_constraint k on k.conrelid = c.oid where c.relnamespace = 'public'::regnamespace order by 1, 2`)
    return { rows: Object.fromEntries(rows) as Record<string, string[]>, constraints }
  }
  const before = await stored()
  expect(before.rows['contacts']?.length).toBeGreaterThan(100)
  for (let run = 0; run < 2; run += 1) {
    await distribute(config.url ?? '')
    expect(await stored()).toEqual(before)
  }
  const distributed = await list('select partmethod::text as method, count(*)::int as count from pg_dist_partition group by 1 order by 1')
  const local = ['_prisma_migrations', 'rate_limits']
  expect(distributed).toEqual([
    { method: 'h', count: Object.keys(before.rows).length - local.length - 2 },
    { method: 'n', count: 2 },
  ])
  await database.close()
  await remove()
})

test.runIf(isOnCitus)('the script runs again on a distributed database that is empty', async () => {
  const { config, remove } = await copyTemplate()
  await expect(distribute(config.url ?? '')).resolves.toBe(undefined)
  await remove()
})

test.runIf(isOnCitus)('a later migration distributes its tables, and its columns, indexes and triggers reach every node', async () => {
  const { config, remove } = await copyTemplate()
  const pool = createPool({ connectionString: config.url ?? '', ...session(0), max: 1 })
  const given = await readMigrations()
  const more = later.map(([what, sql], index) => ({
    path: `9999000000000${index}_${what}`,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
  }))
  const list: MigrationList = { ...given, migrationDirectories: [...given.migrationDirectories, ...more] }
  expect(await migrate(pool, list)).toEqual(more.map(({ path }) => path))
  expect(await migrate(pool, list)).toEqual([])
  expect(await serverWarnings(pool, { isPooled: false })).toEqual([])
  await pool.query("insert into organizations (id, name, created_at, updated_at) values ('org_1', 'Busy', now(), now())")
  const contact = `insert into contacts (organization_id, id, email, email_key, search_text, name_key, source, created_at, updated_at, visits)
    values ('org_1', 'con_1', 'ana@example.com', 'ana@example.com', '', '', 'api', now(), now(), 1)`
  await pool.query(contact)
  const visit = "insert into visits (organization_id, id, contact_id, kind, minutes) values ('org_1', $1, $2, 'fair', 5)"
  await pool.query(visit, ['one', 'con_1'])
  await expect(pool.query(visit, ['two', 'con_2'])).rejects.toThrow('foreign key')
  await expect(pool.query("delete from visits where organization_id = 'org_1'")).rejects.toThrow('no visits; none')
  await pool.end()
  await remove()
})
