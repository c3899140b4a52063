import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/data/open-database.ts'
import { Prisma } from '../../src/data/generated/client.ts'
import { sharing } from '../../src/data/replicas.ts'
import { streamLines } from '../../src/data/stream.ts'
import { type Cluster, postgresPrograms, startCluster } from '../support/cluster.ts'

describe('a question that is shared', () => {
  test('is never answered with what was read before the request came', async () => {
    let asked = 0
    const answers: ((answer: number) => void)[] = []
    const question = sharing(() => {
      asked += 1
      const number = asked
      return new Promise<number>((resolve) => answers.push(() => resolve(number)))
    })
    const answer = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      answers.shift()?.(0)
    }
    const first = [question(), question()]
    await new Promise((resolve) => setImmediate(resolve))
    // The first is under way: these two wait for the second, and are asked for once.
    const later = [question(), question()]
    await answer()
    expect(await Promise.all(first)).toEqual([1, 1])
    await answer()
    expect(await Promise.all(later)).toEqual([2, 2])
    expect(asked).toBe(2)
  })

  test('is asked again after it failed', async () => {
    let asked = 0
    const question = sharing(async () => {
      asked += 1
      if (asked === 1) throw new Error('Away')
      return asked
    })
    const [failed, next] = [question(), question()]
    await expect(failed).rejects.toThrow('Away')
    await expect(next).rejects.toThrow('Away')
    expect(await question()).toBe(2)
  })
})

describe.runIf(postgresPrograms !== null)('with a replica', () => {
  let cluster: Cluster
  let database: Database
  let primary: pg.Client
  beforeAll(async () => {
    cluster = await startCluster()
    database = await openDatabase({ url: cluster.primary.url, dataDir: '', replicaUrls: [cluster.replica.url] })
    primary = new pg.Client({ connectionString: cluster.primary.url })
    await primary.connect()
    await primary.query('create table pg_counter (n int)')
    await primary.query('insert into pg_counter values (0)')
  }, 180_000)
  afterAll(async () => {
    await primary.end()
    await database.close()
    await cluster.close()
  }, 60_000)

  const reader = async () => {
    const { replicas } = database
    if (replicas === null) throw new Error('There are no replicas.')
    return replicas.reader()
  }
  const read = async (sql: string) => (await reader()).prisma.$queryRawUnsafe<Record<string, unknown>[]>(sql)
  const isReplica = async () => (await read('select pg_is_in_recovery() as replica'))[0]?.['replica']
  const onReplica = async (sql: string) => {
    const client = new pg.Client({ connectionString: cluster.replica.url })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  const untilAsleep = async () => {
    const client = new pg.Client({ connectionString: cluster.replica.url })
    await client.connect()
    const asleep = () => client.query("select from pg_stat_activity where query like '%pg_sleep(1)%' and wait_event = 'PgSleep'")
    while ((await asleep()).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await client.end()
  }
  const untilBack = async () => {
    while (database.replicas?.states()[0]?.inUse !== true) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  test('reads come from the replica, and always see what was written before them', async () => {
    let fromReplica = 0
    for (let n = 1; n <= 200; n += 1) {
      await primary.query('update pg_counter set n = $1', [n])
      const [row] = await read('select n, pg_is_in_recovery() as replica from pg_counter')
      expect(row?.['n']).toBe(n)
      if (row?.['replica'] === true) fromReplica += 1
      else await untilBack()
    }
    // A busy machine may make it late now and then.
    expect(fromReplica).toBeGreaterThan(100)
  })

  test('a replica that falls behind is left out, no read is stale, and it comes back by itself', async () => {
    await untilBack()
    await onReplica('select pg_wal_replay_pause()')
    await primary.query('update pg_counter set n = 1000')
    expect(await read('select n, pg_is_in_recovery() as replica from pg_counter')).toEqual([{ n: 1000, replica: false }])
    expect(database.replicas?.states()).toMatchObject([{ inUse: false }])
    expect(database.replicas?.states()[0]?.lag).toBeGreaterThan(0)
    await onReplica('select pg_wal_replay_resume()')
    await untilBack()
    expect(await read('select n, pg_is_in_recovery() as replica from pg_counter')).toEqual([{ n: 1000, replica: true }])
  })

  test('what a replica gives up, because the primary changes it, is read from the primary', async () => {
    await untilBack()
    await primary.query('create table pg_changing (n int)')
    await primary.query('insert into pg_changing values (1)')
    const db = await reader()
    const reading = db.sql`select n, pg_sleep(1)::text as slept, pg_is_in_recovery() as replica from pg_changing`
    const done = reading.then((rows) => rows)
    await untilAsleep()
    await primary.query('alter table pg_changing add column m int')
    expect(await done).toEqual([{ n: 1, slept: '', replica: false }])
  })

  test('a replica that dies under a read is left out, the read is answered by the primary, and it comes back by itself', async () => {
    await untilBack()
    expect(await isReplica()).toBe(true)
    const db = await reader()
    const reading = db.sql`select pg_sleep(1)::text as slept, pg_is_in_recovery() as replica`.then((rows) => rows)
    await untilAsleep()
    await cluster.replica.stop('immediate')
    expect(await reading).toEqual([{ slept: '', replica: false }])
    expect(await isReplica()).toBe(false)
    // A stream that was to begin there begins at the primary.
    let text = ''
    for await (const lines of streamLines(db, 'org', Prisma.sql`select n::text || chr(10) from generate_series(1, 3) n`)) text += lines
    expect(text).toBe('1\n2\n3\n')
    await cluster.replica.start()
    await untilBack()
    expect(await isReplica()).toBe(true)
  })

  test('a replica that was made a primary of its own is not read from', async () => {
    await untilBack()
    await onReplica('select pg_promote()')
    await primary.query('update pg_counter set n = 2000')
    expect(await read('select n from pg_counter')).toEqual([{ n: 2000 }])
    expect(database.replicas?.states()).toMatchObject([{ inUse: false }])
  })
})
