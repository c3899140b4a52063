import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deleteExpiredAnswers } from '../src/domain/idempotency/commands.ts'
import { recordKeyUses } from '../src/data/sql/record-key-uses.ts'
import { contactTable, contactTables, isTime, keptTables } from '../src/data/sql/personal-tables.ts'
import { resumeErasures } from '../src/domain/erasure/retention.ts'
import { deleteOldImports } from '../src/domain/imports/job/delete-old.ts'
import { workOnNextImport } from '../src/domain/imports/job/work.ts'
import { deleteOldReservations } from '../src/domain/reservations/commands.ts'
import { refreshSearchColumns } from '../src/domain/contacts/refresh-search.ts'
import { findDueEndpoints, deleteOldDeliveries } from '../src/domain/webhooks/queue.ts'
import { learnStaleHabits } from '../src/domain/next-best-action/commands.ts'
import { type TestGateway, noon, openOwnGateway } from './support/gateway.ts'
import { exceptions } from './support/tenancy/exceptions.ts'
import { strangersIn } from './support/tenancy/strangers.ts'
import { shardingFault } from './support/tenancy/sharding.ts'
import { isMet } from './support/tenancy/watch.ts'

// That every statement of the app is one tenant's is not tested here but with every other test: see support/tenancy/watch.ts.

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openOwnGateway()
})
afterAll(() => gateway.close())

describe('a statement that a sharded PostgreSQL can send to one shard', () => {
  test.each([
    'select * from contacts where organization_id = $1 and id = $2',
    'select * from "public"."contacts" where ("public"."contacts"."organization_id" = $1 and 1=1)',
    'select * from contacts c join notes n on n.organization_id = c.organization_id and n.contact_id = c.id where c.organization_id = $1',
    'select * from contacts c join notes n on (n.organization_id, n.contact_id) = (c.organization_id, c.id) where n.organization_id = $1',
    'select * from contacts c join notes n using (organization_id) where c.organization_id = $1',
    'select * from contacts c left join notes n on n.organization_id = $1 where c.organization_id = $1',
    'select * from contacts c left join notes n on n.organization_id = c.organization_id where c.organization_id = $1',
    'select * from contacts c where organization_id = $1 and exists (select from notes n where n.organization_id = c.organization_id)',
    'select * from contacts c cross join lateral (select from notes n where n.organization_id = c.organization_id) s where c.organization_id = $1',
    'with mine as (select organization_id as org, id from contacts where organization_id = $1) select * from mine join notes n on n.organization_id = mine.org',
    'with recursive r as (select organization_id from contacts where organization_id = $1 union all select n.organization_id from r join notes n on n.organization_id = r.organization_id) select * from r',
    'select * from (select * from contacts where organization_id = $1 union all select * from contacts where organization_id = $1) s',
    'insert into notes (organization_id, id) values ($1, $2), ($1, $3)',
    'insert into notes (id, organization_id) select r.id, $1::text from unnest($2::text[]) r(id) on conflict do nothing',
    'update notes n set body = $1 from contacts c where c.organization_id = $2 and n.organization_id = c.organization_id',
    'delete from notes using contacts c where notes.organization_id = $1 and c.organization_id = notes.organization_id',
    'declare lines cursor for select * from contacts where organization_id = $1',
    'select pg_advisory_xact_lock($1)',
    'select * from organizations',
    'select * from unnest($1::text[]) as given(organization_id)',
    'alter table notes add column pages int; update notes set pages = 1',
  ])('%s', (sql) => {
    expect(strangersIn(sql)).toEqual([])
  })
})

describe('a statement that would have to ask every shard', () => {
  test.each([
    ['select * from contacts where id = $1', ['contacts']],
    ['select * from contacts where organization_id = $1 or id = $2', ['contacts']],
    ['select * from contacts where not organization_id = $1', ['contacts']],
    ['select * from contacts where organization_id > $1', ['contacts']],
    ['select * from contacts where organization_id = any($1)', ['contacts']],
    ['select * from contacts where organization_id = organization_id', ['contacts']],
    ['select * from contacts c join notes n on n.contact_id = c.id where c.organization_id = $1', ['notes as n']],
    ['select * from contacts c left join notes n on c.organization_id = $1', ['contacts as c', 'notes as n']],
    [
      'select * from contacts c left join notes n on n.organization_id = c.organization_id and c.organization_id = $1',
      ['contacts as c', 'notes as n'],
    ],
    ['select * from contacts c full join notes n on n.organization_id = c.organization_id where c.organization_id = $1', ['notes as n']],
    ['select * from contacts c where organization_id = $1 and exists (select from notes n where n.contact_id = c.id)', ['notes as n']],
    ['select (select count(*) from notes) from contacts where organization_id = $1', ['notes']],
    ['with mine as (select * from contacts) select * from mine where organization_id = $1', ['contacts']],
    ['select * from contacts where organization_id = $1 union select * from contacts', ['contacts']],
    ['select * from contacts c, unnest($1::text[]) k(org) where c.organization_id = k.org', ['contacts as c']],
    ['insert into notes (id) values ($1)', ['notes']],
    ['insert into notes (organization_id) select r.org from json_to_recordset($1) as r(org text)', ['notes']],
    ['insert into notes (organization_id) select organization_id from contacts', ['contacts', 'notes']],
    ['update notes set body = $1 where id = $2', ['notes']],
    ['update notes set organization_id = $1 where organization_id = $2', ['notes, whose rows it moves to another tenant']],
    ['delete from notes', ['notes']],
    ['delete from notes using contacts c where notes.organization_id = $1', ['contacts as c']],
    ['explain select * from contacts', ['contacts']],
    ['select * from a_table_of_the_future', ['a_table_of_the_future']],
  ])('%s', (sql, strangers) => {
    expect(strangersIn(sql).toSorted()).toEqual(strangers)
  })
})

test('each exception is still needed', async () => {
  const tenant = await gateway.organization()
  const { db, now, secretKeys } = tenant.context
  await tenant.rest('GET', '')
  await workOnNextImport({ db, now, secretKeys })
  await deleteOldImports(db, noon)
  await deleteExpiredAnswers(db, noon)
  await learnStaleHabits(db, noon)
  await deleteOldReservations(db, noon)
  await recordKeyUses(db, [{ organizationId: tenant.organizationId, keyId: tenant.context.actor.keyId, at: noon }])
  await resumeErasures({ db, now, secretKeys })
  await findDueEndpoints(db, noon, 1)
  await deleteOldDeliveries(db, noon, 7)
  await refreshSearchColumns(db)
  expect(exceptions.filter((exception) => !isMet(exception))).toEqual([])
})

test('every key and every reference of a tenant’s table has the organization in it, and every index begins with it', async () => {
  const tables = await gateway.db.sql<{ name: string }[]>`
    select relname::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`
  const indexes = await gateway.db.sql<{ table: string; name: string; unique: boolean; columns: (string | null)[] }[]>`
    select t.relname::text as table, i.relname::text as name, x.indisunique as unique,
      array(select a.attname::text from unnest(x.indkey::int[]) with ordinality k(number, place)
        left join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number order by k.place) as columns
    from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
    where t.relnamespace = 'public'::regnamespace order by 1, 2`
  const references = await gateway.db.sql<{ from: string; to: string; own: string[]; their: string[] }[]>`
    select conrelid::regclass::text as from, confrelid::regclass::text as to,
      array(select attname::text from unnest(conkey) with ordinality k(number, place)
        join pg_attribute on attrelid = conrelid and attnum = k.number order by k.place) as own,
      array(select attname::text from unnest(confkey) with ordinality k(number, place)
        join pg_attribute on attrelid = confrelid and attnum = k.number order by k.place) as their
    from pg_constraint join pg_class t on t.oid = conrelid where contype = 'f' and connamespace = 'public'::regnamespace order by conname`
  const shared = ['_prisma_migrations', 'organizations', 'rate_limits']
  const isTenants = (table: string) => !shared.includes(table)
  expect(tables.map(({ name }) => name).filter((name) => !isTenants(name))).toEqual(shared)
  expect(tables.filter(({ name }) => isTenants(name)).length).toBeGreaterThan(14)

  const strange = indexes.filter(({ table, columns }) => isTenants(table) && columns[0] !== 'organization_id')
  // A key is looked up before its organization is known: the key determines the organization.
  expect(strange).toEqual([{ table: 'api_keys', name: 'api_keys_hash', unique: true, columns: ['hash'] }])
  const foreign = references.filter(({ to, own, their }) => {
    const theirs = to === 'organizations' ? 'id' : 'organization_id'
    return own.indexOf('organization_id') !== their.indexOf(theirs) || !own.includes('organization_id')
  })
  expect(references.length).toBeGreaterThan(14)
  expect(foreign).toEqual([])
})

describe('what a sharded database refuses, answers wrongly or sends to every shard', () => {
  test.each([
    ['update messages set status = $1 where organization_id = $2 returning id, status::text', 'does not return'],
    ['insert into contacts (organization_id) values ($1) returning to_char(created_at, $2)', 'does not return'],
    ['with a as (delete from calls where organization_id = $1 returning cast(status as text)) select * from a', 'does not return'],
    ['select s, c.id from pg_current_snapshot() s, tickets c where c.organization_id = $1', 'runs on the node'],
    ['select pg_current_snapshot()::text as snapshot', 'about to commit'],
    ['select pg_advisory_xact_lock(1) from contacts where organization_id = $1', 'runs on the node'],
    [
      'select (select count(*) from notes n where n.organization_id = c.organization_id) from contacts c where organization_id = $1',
      'Repeat',
    ],
    [
      'select from contacts c cross join lateral (select from notes n where n.organization_id = c.organization_id limit 1) s where c.organization_id = $1',
      'Repeat',
    ],
    ['alter table notes add column pages int; update notes set pages = 1', 'one statement'],
    ['delete from notes where organization_id = $1; select 1', 'one statement'],
    ['set statement_timeout = 5', 'SET LOCAL'],
    ["select to_char(created_at, 'YYYY') from contacts where organization_id = $1", 'AT TIME ZONE'],
    ["select date_trunc('day', max(c.occurred_at)) from messages c where c.organization_id = $1", 'AT TIME ZONE'],
    ['select created_at::date from contacts where organization_id = $1', 'AT TIME ZONE'],
    ['select from contacts where organization_id = $1 and tags = $2 and current_date = $3', 'AT TIME ZONE'],
    [
      'insert into notes as n (organization_id, id) values ($1, $2) on conflict do update set body = (select max(id) from calls where organization_id = $1)',
      'other rows',
    ],
    ["update erasures set counts = jsonb_build_object('rows', counts) where organization_id = $1", 'immutable'],
    [
      'update calls c set status = a.status::call_status from json_to_recordset($1) a(status text) where c.organization_id = $2',
      'immutable',
    ],
    ["update contacts set name_key = $2 where organization_id = $1 and created_at + interval '1 day' > $3", 'immutable'],
  ])('%s', (sql, fault) => {
    expect(shardingFault(sql)).toContain(fault)
  })

  test.each([
    'select pg_current_snapshot()::text, (select max(age(transactionid)) from pg_locks)',
    'insert into messages (id, organization_id) values ($1, $2) returning id',
    'select (select count(*) from notes n where n.organization_id = $1 and n.contact_id = c.id) from contacts c where organization_id = $1',
    'with written as (insert into changes (organization_id) values ($1)) select pg_notify($2, $3)::text',
    'set local lock_timeout = 5',
    "set time zone 'UTC'; set jit = off",
    "select to_char(created_at at time zone 'UTC', 'YYYY'), extract(epoch from created_at) from contacts where organization_id = $1",
    'insert into notes as n (organization_id, body) values ($1, $2) on conflict do update set body = array_to_string(array(select unnest($3)), n.body)',
    'update contacts set updated_at = now() where organization_id = $1 and updated_at - created_at > $2',
  ])('not: %s', (sql) => {
    expect(shardingFault(sql)).toBe(null)
  })
})

test('the tables that the script for Citus leaves on the coordinator have no organization', async () => {
  const script = await readFile(join(import.meta.dirname, '..', 'prisma', 'citus.sql'), 'utf8')
  const tables = await gateway.db.sql<{ name: string }[]>`
    select relname::text as name from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'organizations'
      and not exists (select from pg_attribute where attrelid = c.oid and attname = 'organization_id') order by 1`
  expect(tables.map(({ name }) => name)).toEqual(['_prisma_migrations', 'rate_limits'])
  for (const { name } of tables) expect(script).toContain(name)
})

test('erasure accounts for every table and every column', async () => {
  const columns = await gateway.db.sql<{ table: string; column: string; type: string }[]>`
    select table_name::text as table, column_name::text as column, data_type::text as type
    from pg_class join information_schema.columns on table_name = relname
    where table_schema = 'public' and relnamespace = 'public'::regnamespace and relkind = 'r' and table_name not in ('_prisma_migrations', 'organizations', 'rate_limits') order by 1, 2`
  const known = new Map<string, string[]>([
    ...[contactTable, ...contactTables].map(({ table, columns: shown, hidden = [] }): [string, string[]] => {
      const owner = table === 'contacts' ? ['organization_id'] : ['organization_id', 'contact_id']
      return [table, [...owner, ...shown, ...hidden].toSorted()]
    }),
    ...Object.entries(keptTables).map(([table, { erased, kept }]): [string, string[]] => [table, [...erased, ...kept].toSorted()]),
  ])
  const found = new Map<string, string[]>()
  for (const { table, column } of columns) found.set(table, [...(found.get(table) ?? []), column].toSorted())
  // A new table or column belongs in src/data/sql/personal-tables.ts, and what it holds of a person into the erasure.
  expect(Object.fromEntries([...known].toSorted())).toEqual(Object.fromEntries([...found].toSorted()))
  const shown = new Map([contactTable, ...contactTables].map((one) => [one.table, one.columns]))
  const times = columns.filter(({ table, column }) => shown.get(table)?.includes(column) === true)
  expect(times.filter(({ column, type }) => isTime(column) !== type.startsWith('timestamp'))).toEqual([])
})
