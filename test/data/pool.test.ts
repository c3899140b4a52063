import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Tx } from '../../src/data/database.ts'
import { type Database, openDatabase } from '../../src/data/open-database.ts'
import { Prisma } from '../../src/data/generated/client.ts'
import { streamLines } from '../../src/data/stream.ts'
import { transaction } from '../../src/data/transaction.ts'
import { copyTemplate, openOwnGateway } from '../support/gateway.ts'
import { startProxy } from '../support/proxy.ts'

let database: Database
let remove: () => Promise<void>
let url: string | null
let databaseName: string
beforeAll(async () => {
  const copy = await copyTemplate()
  remove = copy.remove
  url = copy.config.url
  databaseName = url === null ? '' : new URL(url).pathname.slice(1)
  database = await openDatabase({ ...copy.config, poolSize: 1 })
})
afterAll(async () => {
  await database.close()
  await remove()
})

test('a statement that is refused leaves the connection, and those that wait for it, alone', async () => {
  const connection = () => database.db.sql<[{ pid: number }]>`select pg_backend_pid() as pid`.then(([{ pid }]) => pid)
  const before = await connection()
  const answers = await Promise.allSettled(
    Array.from({ length: 20 }, async (_, index) => {
      if (index % 2 === 0) return connection()
      return database.db.sql`select ${index}::int from pg_there_is_no_such_table`
    }),
  )
  expect(answers.map(({ status }) => status)).toEqual(answers.map((_, index) => (index % 2 === 0 ? 'fulfilled' : 'rejected')))
  expect(await connection()).toBe(before)
  expect(database.connections()).toMatchObject({ open: 1, waiting: 0 })
})

test.runIf(inject('template').server !== null)(
  'while the server takes no writes they are answered with 503, and work again as soon as it does',
  async () => {
    const gateway = await openOwnGateway()
    const tenant = await gateway.organization()
    const [found] = await gateway.db.sql<{ name: string }[]>`select current_database()::text as name`
    const name = found?.name ?? ''
    const administrator = new pg.Client({ connectionString: inject('template').server?.url ?? '' })
    await administrator.connect()
    const create = (email: string) => tenant.rest('POST', '', { email })
    try {
      // As after a failover behind one address: the old connections are gone, and new ones lead to a server that is a replica still.
      await administrator.query(`alter database ${name} set default_transaction_read_only = on`)
      await administrator.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
      await expect.poll(async () => (await create('one@example.com')).body.error?.code).toBe('UNAVAILABLE')
      expect(await create('one@example.com')).toMatchObject({ status: 503, body: { error: { code: 'UNAVAILABLE' } } })
      expect((await tenant.rest('GET', '')).status).toBe(200)
      await administrator.query(`alter database ${name} reset default_transaction_read_only`)
      const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => create(`person${index}@example.com`)))
      expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0)
      expect((await create('last@example.com')).status).toBe(201)
    } finally {
      await administrator.end()
      await gateway.close()
    }
  },
)

test.runIf(inject('template').server !== null)(
  'a connection that ends under a transaction is the same fault wherever it is noticed',
  async () => {
    const killer = new pg.Client({ connectionString: inject('template').server?.url ?? '' })
    await killer.connect()
    const isThere = (pid: number) =>
      killer.query('select from pg_stat_activity where pid = $1', [pid]).then(({ rowCount }) => rowCount === 1)
    const killed = async (tx: Tx) => {
      const [{ pid }] = await tx.sql<[{ pid: number }]>`select pg_backend_pid() as pid`
      await killer.query('select pg_terminate_backend($1::int)', [pid])
      while (await isThere(pid)) await new Promise((resolve) => setTimeout(resolve, 10))
    }
    try {
      const atItsSavepoint = transaction(database.db, async (tx) => {
        await killed(tx)
        return transaction(tx, async (part) => part.sql`select 1`)
      })
      await expect(atItsSavepoint).rejects.toThrow('The database cannot be reached')
      await expect(transaction(database.db, killed)).rejects.toThrow('The database cannot be reached')
    } finally {
      await killer.end()
    }
  },
)

test.runIf(inject('template').server !== null)(
  'a connection that the server ends under a statement is an error of that statement alone',
  async () => {
    const url = inject('template').server?.url ?? ''
    const killer = new pg.Client({ connectionString: url })
    await killer.connect()
    try {
      const [{ pid }] = await database.db.sql<[{ pid: number }]>`select pg_backend_pid() as pid`
      const waiting = database.db.sql`select pg_sleep(30)`.then(
        () => 'done',
        (error: unknown) => String(error),
      )
      const isAsleep = () => killer.query("select 1 from pg_stat_activity where pid = $1 and state = 'active'", [pid])
      while ((await isAsleep()).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 20))
      await killer.query('select pg_terminate_backend($1::int)', [pid])
      expect(await waiting).toContain('The database cannot be reached')
      expect(await database.db.sql`select 1 as one`).toEqual([{ one: 1 }])

      // And under a stream that is not being read.
      const lines = streamLines(database.db, 'org', Prisma.sql`select n::text || repeat('x', 1000) from generate_series(1, 5000) n`)
      expect((await lines.next()).value).toMatch(/^1x+2x+/)
      await killer.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'contact-gateway' and datname = $1",
        [databaseName],
      )
      await new Promise((resolve) => setTimeout(resolve, 200))
      await expect(
        (async () => {
          for await (const text of lines) expect(text).not.toBe('')
        })(),
      ).rejects.toThrow('The database cannot be reached')
      expect(await database.db.sql`select 1 as one`).toEqual([{ one: 1 }])
    } finally {
      await killer.end()
    }
  },
)

test.runIf(inject('template').server !== null)(
  'a statement that takes too long is reported to the caller as a fault, by every way to send it',
  async () => {
    const { db } = database
    await db.sql`select set_config('statement_timeout', '50ms', false)`
    const slow = Prisma.sql`select pg_sleep(30)::text`
    try {
      const asked = [db.sql(slow), transaction(db, (tx) => tx.sql(slow)), streamLines(db, 'org', slow).next()]
      for (const answer of await Promise.allSettled(asked)) {
        expect(answer).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('This took longer than it may') } })
      }
    } finally {
      await db.sql`select set_config('statement_timeout', '0', false)`
    }
  },
)

test.runIf(inject('template').server !== null)(
  'a connection without an answer is given up, whatever waits for it, and others take its place',
  async () => {
    const proxy = await startProxy(url ?? '')
    const through = await openDatabase({ url: proxy.url, dataDir: '', poolSize: 4, statementTimeout: 50 })
    const { db } = through
    const silent = Prisma.sql`select 'silent'`
    try {
      proxy.silenceAt(/silent|COMMIT/)
      const asked = [
        db.sql(silent),
        transaction(db, (tx) => tx.sql(silent)),
        // A commit that waits for a standby has no limit of the server's.
        transaction(db, (tx) => tx.sql`select 1`),
        streamLines(db, 'org', silent).next(),
      ]
      const fault = { status: 'rejected', reason: { message: expect.stringContaining('The database cannot be reached') } }
      expect(await Promise.allSettled(asked)).toMatchObject([fault, fault, fault, fault])
      // Nor may a connection hang that has just been made.
      proxy.silenceAt(/set time zone/)
      await expect(db.sql`select 1`).rejects.toThrow('The database cannot be reached')
      proxy.silenceAt(null)
      expect(await Promise.all([1, 2, 3, 4, 5].map((n) => db.sql`select ${n}::int as n`))).toEqual([1, 2, 3, 4, 5].map((n) => [{ n }]))
      expect(through.connections()).toMatchObject({ waiting: 0 })
    } finally {
      proxy.close()
      await through.close()
    }
  },
)
