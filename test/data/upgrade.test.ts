import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { openDatabase, type DatabaseConfig } from '../../src/data/open-database.ts'
import { createPool } from '../../src/data/driver/pool.ts'
import { session } from '../../src/data/driver/session.ts'
import { migrate } from '../../src/data/migrate.ts'
import { rewrittenMigrations } from '../../src/data/rewritten-migrations.ts'
import { readMigrations } from '../../src/data/schema-engine.ts'
import { followingPreviousRelease } from '../../src/domain/contacts/adopt.ts'
import { distribute } from '../support/citus.ts'
import { emptyDatabase } from '../support/gateway.ts'

/** The last migration of the release before contacts had addresses in a table of their own. */
const before = '20261129'

let config: DatabaseConfig
let pool: pg.Pool

const isOnCitus = (inject('template').server?.nodes.length ?? 0) > 1

const open = () => createPool({ connectionString: config.url ?? '', ...session(0), max: 1 })

const at = "timestamptz '2026-11-01 10:00:00Z'"

/** As the release before writes contacts. */
async function writeContact(
  id: string,
  {
    phone = null,
    email = null,
    name = id,
    deleted = false,
  }: { phone?: string | null; email?: string | null; name?: string; deleted?: boolean },
) {
  await pool.query(
    `insert into contacts (organization_id, id, phone, email, email_key, first_name, search_text, name_key, source, deleted_at, created_at, updated_at)
     values ('org_1', $1, $2, $3, $3, $4, lower($4), lower($4), 'api', case when $5 then ${at} end, ${at}, ${at})`,
    [id, phone, email, name, deleted],
  )
}

let entries = 0

/** As the release before records consent. @returns the id of the entry */
async function writeConsent(
  contactId: string,
  channel: string,
  state: string,
  { purpose = null as string | null, when = '2026-11-02T10:00:00Z' } = {},
): Promise<string> {
  entries += 1
  const id = `cns_${String(entries).padStart(26, '0')}`
  await pool.query(
    `insert into consent_records (organization_id, id, contact_id, channel, state, source, purpose, recorded_at, recorded_by, created_at)
     values ('org_1', $1, $2, $3::channel, $4::consent_state, 'web form', $5, $6, 'Website', now())`,
    [id, contactId, channel, state, purpose, when],
  )
  await pool.query(
    `insert into channel_preferences (organization_id, contact_id, channel, state, record_id, recorded_at)
     values ('org_1', $1, $2::channel, $3::consent_state, $4, $5)
     on conflict (organization_id, contact_id, channel) do update set state = excluded.state, record_id = excluded.record_id, recorded_at = excluded.recorded_at`,
    [contactId, channel, state, id, when],
  )
  return id
}

async function changed(contactId: string): Promise<void> {
  await pool.query(`insert into changes (organization_id, kind, contact_id, occurred_at) values ('org_1', 'contact.updated', $1, now())`, [
    contactId,
  ])
}

async function rows(sql: string): Promise<unknown[]> {
  return (await pool.query({ text: sql, rowMode: 'array' })).rows
}

const addresses = () =>
  rows(
    `select contact_id, kind::text, key, value, is_primary, is_living, is_shared from contact_addresses where organization_id = 'org_1' order by contact_id, contact_addresses.kind, key`,
  )
const suppressions = () =>
  rows(
    `select kind::text, key, channel, reason::text, contact_id, lifted_at is not null from suppressions where organization_id = 'org_1' order by suppressions.kind, key, channel, reason`,
  )
const preferences = () =>
  rows(
    `select contact_id, channel::text, state::text from channel_preferences where organization_id = 'org_1' order by contact_id, channel`,
  )

// Only a server has processes of two releases.
describe.runIf(inject('template').server !== null)('an upgrade', () => {
  let remove: () => Promise<void>
  beforeAll(async () => {
    const empty = await emptyDatabase()
    config = empty.config
    remove = empty.remove
    pool = open()
    const list = await readMigrations()
    await migrate(pool, { ...list, migrationDirectories: list.migrationDirectories.filter(({ path }) => path < before) })
    if (isOnCitus) await distribute(config.url ?? '')
  })
  afterAll(async () => {
    await pool.end()
    await remove()
  })

  test('adopts what the release before wrote, in batches, and what its last processes write beside the new ones', async () => {
    await pool.query("insert into organizations (id, name, created_at, updated_at) values ('org_1', 'Upgraded', now(), now())")
    await writeContact('con_ana', { phone: '+12025550101', email: 'ana@example.com' })
    await writeContact('con_ben', { phone: '+12025550102' })
    await writeContact('con_gone', { email: 'ana@example.com', deleted: true })
    await writeContact('con_juan', { phone: '+5215512345678' })
    await writeContact('con_juana', { phone: '+525512345678' })
    await writeContact('con_rosa', { phone: '+5215587654321' })
    await writeConsent('con_ana', 'email', 'opted_in')
    await writeConsent('con_ana', 'sms', 'opted_out')
    await writeConsent('con_ben', 'email', 'opted_in')
    await writeConsent('con_gone', 'email', 'opted_out')
    await pool.query(
      `insert into blocks (organization_id, id, contact_id, reason, blocked_at, blocked_by) values ('org_1', 'blk_00000000000000000000000001', 'con_ben', 'spam', ${at}, 'Desk')`,
    )
    // More than one batch.
    await pool.query(
      `insert into contacts (organization_id, id, phone, first_name, search_text, name_key, source, created_at, updated_at)
     select 'org_1', 'many_' || lpad(n::text, 6, '0'), '+1303' || 5000000 + n, 'Many', 'many', 'many', 'import', ${at}, ${at} from generate_series(1, 250) n`,
    )

    await migrate(pool)
    expect(await migrate(pool)).toEqual([])

    expect(
      (await rows("select count(*)::int from contact_addresses where organization_id = 'org_1' and contact_id like 'many%'"))[0],
    ).toEqual([250])
    await pool.query("delete from contact_addresses where organization_id = 'org_1' and contact_id like 'many%'")
    await pool.query("delete from contacts where organization_id = 'org_1' and id like 'many%'")
    expect(await addresses()).toEqual([
      ['con_ana', 'phone', '+12025550101', '+12025550101', true, true, false],
      ['con_ana', 'email', 'ana@example.com', 'ana@example.com', true, true, false],
      ['con_ben', 'phone', '+12025550102', '+12025550102', true, true, false],
      ['con_gone', 'email', 'ana@example.com', 'ana@example.com', true, false, false],
      ['con_juan', 'phone', '+525512345678', '+5215512345678', true, true, true],
      ['con_juana', 'phone', '+525512345678', '+525512345678', true, true, false],
      ['con_rosa', 'phone', '+525587654321', '+5215587654321', true, true, false],
    ])
    expect(await rows("select id, phone_key from contacts where organization_id = 'org_1' and phone like '+52%' order by id")).toEqual([
      ['con_juan', null],
      ['con_juana', null],
      ['con_rosa', '+525587654321'],
    ])
    expect(await suppressions()).toEqual([
      ['phone', '+12025550101', 'rcs', 'opt_out', 'con_ana', false],
      ['phone', '+12025550101', 'sms', 'opt_out', 'con_ana', false],
      ['phone', '+12025550102', '', 'block', 'con_ben', false],
      ['email', 'ana@example.com', 'email', 'opt_out', 'con_gone', false],
    ])
    expect(await preferences()).toEqual([
      ['con_ana', 'email', 'opted_in'],
      ['con_ana', 'rcs', 'opted_out'],
      ['con_ana', 'sms', 'opted_out'],
      ['con_gone', 'email', 'opted_out'],
    ])

    // A process of the release before is still there.
    await writeContact('con_new', { phone: '+12025550199', email: 'new@example.com', name: 'Newcomer' })
    await writeConsent('con_new', 'email', 'opted_out', { when: '2026-11-20T10:00:00Z' })
    await pool.query("update contacts set phone = '+12025550177', search_text = 'ana' where organization_id = 'org_1' and id = 'con_ana'")
    await pool.query("update contacts set deleted_at = now() where organization_id = 'org_1' and id = 'con_juana'")
    await pool.query(
      "update contacts set phone = null, email = 'rosa@example.com', email_key = 'rosa@example.com' where organization_id = 'org_1' and id = 'con_rosa'",
    )
    await pool.query(
      "update blocks set unblocked_at = now() + interval '1 second', unblocked_by = 'Desk' where organization_id = 'org_1' and contact_id = 'con_ben'",
    )
    for (const id of ['con_new', 'con_ana', 'con_juana', 'con_rosa', 'con_ben', 'con_gone']) await changed(id)

    const database = await openDatabase(config)
    const follow = followingPreviousRelease(database.db, () => new Date())
    expect(await follow()).toBe(5)
    expect(await follow()).toBe(0)
    await database.close()
    expect(await addresses()).toEqual([
      ['con_ana', 'phone', '+12025550177', '+12025550177', true, true, false],
      ['con_ana', 'email', 'ana@example.com', 'ana@example.com', true, true, false],
      ['con_ben', 'phone', '+12025550102', '+12025550102', true, true, false],
      ['con_gone', 'email', 'ana@example.com', 'ana@example.com', true, false, false],
      ['con_juan', 'phone', '+525512345678', '+5215512345678', true, true, true],
      ['con_juana', 'phone', '+525512345678', '+525512345678', true, false, false],
      ['con_new', 'phone', '+12025550199', '+12025550199', true, true, false],
      ['con_new', 'email', 'new@example.com', 'new@example.com', true, true, false],
      ['con_rosa', 'email', 'rosa@example.com', 'rosa@example.com', true, true, false],
    ])
    expect(await suppressions()).toEqual([
      ['phone', '+12025550101', 'rcs', 'opt_out', 'con_ana', false],
      ['phone', '+12025550101', 'sms', 'opt_out', 'con_ana', false],
      ['phone', '+12025550102', '', 'block', 'con_ben', true],
      ['email', 'ana@example.com', 'email', 'opt_out', 'con_gone', false],
      ['email', 'new@example.com', 'email', 'opt_out', 'con_new', false],
    ])
    expect(
      await rows(
        "select id from contacts where organization_id = 'org_1' and id in ('con_ana', 'con_new') and (search_version = 0 or search_text not like ' %')",
      ),
    ).toEqual([])
  })

  test('leaves the rows of a database alone that was migrated by the earlier forms of migrations', async () => {
    const checksums = () => rows('select migration_name, checksum from _prisma_migrations order by migration_name')
    const present = await checksums()
    await pool.query("update contacts set merged_into_id = 'con_ana' where organization_id = 'org_1' and id = 'con_gone'")
    await pool.query("delete from contact_addresses where organization_id = 'org_1' and contact_id = 'con_gone'")
    const before = await addresses()
    for (const { name, earlier, into } of rewrittenMigrations) {
      await pool.query('update _prisma_migrations set checksum = $2 where migration_name = $1', [name, earlier])
      await pool.query('delete from _prisma_migrations where migration_name = any($1)', [into])
    }
    // The earlier forms did without the function.
    await pool.query('drop function adopt_previous_release')
    await pool.query("delete from _prisma_migrations where migration_name like '%adopt_previous_release'")

    expect(await migrate(pool)).toEqual(['20261129210016_adopt_previous_release'])
    expect(await checksums()).toEqual(present)
    await changed('con_gone')
    const database = await openDatabase(config)
    await followingPreviousRelease(database.db, () => new Date())()
    await database.close()
    expect(await addresses()).toEqual(before)
  })
})
