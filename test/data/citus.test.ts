import { cpSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect, inject, test } from 'vitest'
import { openDatabase } from '../../src/data/open-database.ts'
import { packageRoot } from '../../src/kernel/package-root.ts'
import { seedDemo } from '../../prisma/seed.ts'
import { distribute, queryOn } from '../support/citus.ts'
import { copyTemplate, emptyDatabase, noon } from '../support/gateway.ts'
import { type Running, startServer } from '../support/process.ts'
import { asTest, runAsTest } from '../support/tenancy/as-test.ts'

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
  await queryOn(config.url ?? '', `alter database ${new URL(config.url ?? '').pathname.slice(1)} reset jit`)
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
  expect(await list("select distinct result from run_command_on_all_nodes('show jit')")).toEqual([{ result: 'off' }])
  await database.close()
  await remove()
})

test.runIf(isOnCitus)('the script runs again on a distributed database that is empty', async () => {
  const { config, remove } = await copyTemplate()
  await expect(distribute(config.url ?? '')).resolves.toBe(undefined)
  await remove()
})

/** The built program and its migrations, with those of a later release. @returns its folder */
async function laterRelease(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-gateway-later-'))
  for (const name of ['dist', 'prisma/migrations', 'package.json'])
    cpSync(join(packageRoot(), name), join(folder, name), { recursive: true })
  await symlink(join(packageRoot(), 'node_modules'), join(folder, 'node_modules'))
  for (const [index, [what, sql]] of later.entries()) {
    const migration = join(folder, 'prisma', 'migrations', `9999000000000${index}_${what}`)
    await mkdir(migration)
    await writeFile(join(migration, 'migration.sql'), sql)
  }
  return folder
}

test.runIf(isOnCitus)(
  'the start of a later release distributes its tables, and its columns, indexes and triggers reach every node',
  async () => {
    const { config, remove } = await copyTemplate()
    const folder = await laterRelease()
    const look = (sql: string) => runAsTest(() => queryOn(config.url ?? '', sql))
    const apiKey = 'dv_live_sk_citus_citus_citus_citus'
    const env = { DATABASE_URL: config.url ?? '', DEMO_DATA: 'false', BOOTSTRAP_API_KEY: apiKey, LOG_LEVEL: 'warn' }
    const create = async ({ url }: Running, email: string) => {
      const headers = { 'X-API-Key': apiKey, 'Content-Type': 'application/json' }
      const answer = await fetch(`${url}/api/v1/contacts`, { method: 'POST', headers, body: JSON.stringify({ email }) })
      return { status: answer.status, id: String(Object((await answer.json()) as object).data?.id) }
    }
    const old = await startServer(env)
    const servers = [old]
    try {
      servers.push(await startServer(env, [], folder), await startServer(env, [], folder))
      const created = await Promise.all(servers.map((server, index) => create(server, `person${index}@example.com`)))
      expect(created.map(({ status }) => status)).toEqual([201, 201, 201])
      // Nothing is logged, such as a table that only the coordinator has.
      expect(servers.flatMap((server) => server.output().split('\n')).filter((line) => line.startsWith('{'))).toEqual([])
      const rows = await look("select organization_id, id, visits from contacts where email = 'person0@example.com'")
      expect(rows).toMatchObject([{ id: created[0]?.id, visits: 0 }])
      const organization = String(rows[0]?.['organization_id'])
      const visit = (id: string, contact = '') =>
        look(
          `insert into visits (organization_id, id, contact_id, kind, minutes) values ('${organization}', '${id}', '${contact}', 'fair', 5)`,
        )
      await visit('one', created[0]?.id)
      await expect(visit('two', 'con_none')).rejects.toThrow('foreign key')
      await expect(look(`delete from visits where organization_id = '${organization}'`)).rejects.toThrow('no visits; none')
      const counts = await look(
        "select success, result from run_command_on_shards('visits', $$ select count(*) from pg_index where indrelid = '%s'::regclass $$)",
      )
      // Of each shard: the primary key and the index that was built concurrently.
      expect(counts).toEqual(Array.from({ length: 4 }, () => ({ success: true, result: '2' })))
    } finally {
      for (const server of servers) {
        server.process.kill('SIGTERM')
        await server.exit()
      }
      await remove()
      await rm(folder, { recursive: true })
    }
  },
  120_000,
)
