import { expect, inject, test } from 'vitest'
import { startAutovacuum, vacuumChanged } from '../../src/data/autovacuum.ts'
import { openEmbedded } from '../../src/data/driver/embedded.ts'
import { copyTemplate } from '../support/gateway.ts'

// A server has its own.
const embedded = inject('template').server === null

test.runIf(embedded)('the embedded database looks at tables that have grown, and clears those of which much was deleted', async () => {
  const { config, remove } = await copyTemplate()
  const opened = await openEmbedded(config.dataDir)
  const { pool } = opened
  await pool.query(`insert into organizations (id, name, created_at, updated_at) values ('org_1', 'Grown', now(), now())`)
  await pool.query(`
    insert into contacts (organization_id, id, phone, lifecycle_stage, source, search_text, name_key, created_at, updated_at)
    select 'org_1', 'con_' || n, '+1650253' || lpad(n::text, 4, '0'), 'lead', 'api', 'x', 'x', now(), now() from generate_series(1, 3000) n`)
  const known = async () => (await pool.query(`select reltuples::int as rows from pg_class where relname = 'contacts'`)).rows[0]
  expect(await known()).toEqual({ rows: -1 })
  expect(await vacuumChanged(pool)).toContain('public.contacts')
  expect(await known()).toEqual({ rows: 3000 })
  expect(await vacuumChanged(pool)).toEqual([])
  // Not enough to look again.
  await pool.query(`delete from contacts where organization_id = 'org_1' and id like 'con_29__'`)
  expect(await vacuumChanged(pool)).toEqual([])
  await pool.query(`delete from contacts where organization_id = 'org_1' and id like 'con_1___'`)
  const stop = startAutovacuum(pool, 20)
  await expect.poll(known, { timeout: 10_000 }).toEqual({ rows: 1900 })
  stop()
  await opened.close()
  await remove()
})

test.runIf(embedded)('what was planned for few contacts is planned again for many', async () => {
  const { config, remove } = await copyTemplate()
  const opened = await openEmbedded(config.dataDir)
  const { pool } = opened
  const add = (from: number, to: number) =>
    pool.query(`
      insert into contacts (organization_id, id, phone, lifecycle_stage, source, search_text, name_key, created_at, updated_at)
      select 'org_1', 'con_' || n, '+1650253' || lpad(n::text, 4, '0'), 'lead', 'api', 'x', 'x', now(), now() from generate_series(${from}, ${to}) n`)
  const plan = async () => {
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain execute one ('org_1', '{con_7}')`)
    return rows[0]?.['QUERY PLAN']
  }
  await pool.query(`insert into organizations (id, name, created_at, updated_at) values ('org_1', 'Grown', now(), now())`)
  await add(1, 20)
  await pool.query(`
    prepare one (text, text[]) as
    select c.company from contacts c where c.organization_id = $1 and c.deleted_at is null and c.id = any((select $2)::text[])`)
  for (let time = 0; time < 6; time += 1) await pool.query(`execute one ('org_1', '{con_7}')`)
  expect(await plan()).not.toMatch(/contacts_pkey/)
  await add(21, 5000)
  expect(await plan()).not.toMatch(/contacts_pkey/)
  await vacuumChanged(pool)
  expect(await plan()).toMatch(/^Index Scan using contacts_pkey/)
  await opened.close()
  await remove()
})
