import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReadDb } from '../../src/data/database.ts'
import { Prisma } from '../../src/data/generated/client.ts'
import { type Database, openDatabase } from '../../src/data/open-database.ts'
import { transaction } from '../../src/data/transaction.ts'
import { copyTemplate } from '../support/gateway.ts'
import { asTest } from '../support/tenancy/as-test.ts'

// As the app reads: what tests look at the database through sends everything through the client.
let database: Database
let close: () => Promise<void>
beforeAll(async () => {
  const { config, remove } = await copyTemplate()
  database = await openDatabase({ ...config, poolSize: 2 })
  close = async () => {
    await database.close()
    await remove()
  }
})
afterAll(() => close())

/** The same statement through the driver, and through the client of Prisma's, as it is within a transaction. */
async function bothWays(sql: (db: ReadDb) => Promise<unknown>): Promise<[unknown, unknown]> {
  return [await sql(database.db), await transaction(database.db, (tx) => sql(tx))]
}

test('values are read as the client reads them', async () => {
  const [direct, client] = await bothWays(
    (db) => db.sql`
      select 'a'::text as text, null::text as nothing, 7::int4 as number, 1.5::float8 as fraction, true as truth, 9007199254740993::int8 as large,
        '{a,"b c",NULL}'::text[] as texts, '{}'::text[] as none, '{"a": [1, {"b": null}]}'::jsonb as json, '[1]'::json as list,
        'sms'::channel as channel, '{sms,email}'::channel[] as channels, '{}'::lifecycle_stage[] as stages, '{1,2}'::int4[] as numbers`,
  )
  expect(direct).toEqual(client)
})

test('parameters mean what they mean to the client', async () => {
  const [direct, client] = await bothWays(
    (db) => db.sql`
      select ${"it's"}::text as text, ${null}::text as nothing, ${7}::int4 as number, ${true}::boolean as truth, ${['a', 'b, "c"', '']}::text[] as texts,
        ${new Date('2026-03-29T01:30:00.120Z')}::timestamptz as instant, ${['sms']}::text[]::channel[] as channels`,
  )
  expect(direct).toEqual(client)
})

test('a time is the same one, whatever its fraction and its century', async () => {
  const instants = fc.date({ min: new Date('0001-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  await fc.assert(
    fc.asyncProperty(fc.array(instants, { minLength: 1, maxLength: 20 }), async (given) => {
      const rows = await database.db.sql<{ instant: Date }[]>`
        select m.at::timestamptz(3) as instant from unnest(${given.map((instant) => instant.toISOString())}::text[]) with ordinality m(at, place) order by m.place`
      expect(rows.map(({ instant }) => instant)).toEqual(given)
    }),
    { numRuns: 50 },
  )
})

test('a statement that was prepared before a column changed its type is sent again', async () => {
  const owner = asTest(database.db)
  await owner.prisma.$executeRaw`create table direct_reads (organization_id text, value int4)`
  await owner.prisma.$executeRaw`insert into direct_reads values ('org_a', 7)`
  const read = () => database.db.sql`select value from direct_reads where organization_id = ${'org_a'}`
  for (let time = 0; time < 3; time += 1) expect(await read()).toEqual([{ value: 7 }])
  await owner.prisma.$executeRaw`alter table direct_reads alter column value type text`
  expect(await read()).toEqual([{ value: '7' }])
  expect(await read()).toEqual([{ value: '7' }])
})

const padding = '-'.repeat(2000)

async function readPadded(number: number): Promise<void> {
  const text = Prisma.raw(`select ${number} as number, $$${padding}$$ as padding`)
  expect(await database.db.sql`${text}`).toEqual([{ number, padding }])
}

async function charactersPrepared(): Promise<number> {
  const [kept] = await database.db.sql<{ characters: number }[]>`
    select coalesce(sum(length(statement)) filter (where statement like '%as padding'), 0)::int as characters from pg_prepared_statements`
  return kept?.characters ?? 0
}

test('a statement that is sent once is not kept prepared', async () => {
  for (let number = 0; number < 300; number += 1) await readPadded(number)
  expect(await charactersPrepared()).toBe(0)
})

test('no more is kept prepared than a server can bear, and what is not is answered all the same', async () => {
  for (let number = 1000; number < 1300; number += 1) for (let time = 0; time < 2; time += 1) await readPadded(number)
  const characters = await charactersPrepared()
  expect(characters).toBeGreaterThan(100_000)
  expect(characters).toBeLessThanOrEqual(256 * 1024)
})
