import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { openDatabase } from '../../src/data/open-database.ts'
import { copyTemplate } from '../support/gateway.ts'
import { until } from '../support/sockets.ts'

describe.runIf(inject('template').server !== null)('who listens through a server', () => {
  let copy: Awaited<ReturnType<typeof copyTemplate>>
  let client: pg.Client
  beforeAll(async () => {
    copy = await copyTemplate()
    client = new pg.Client({ connectionString: copy.config.url ?? '' })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await copy.remove()
  })

  const listeners = async () => {
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and query like 'listen %' and pid <> pg_backend_pid()`,
    )
    return rows.map(({ pid }) => pid)
  }

  test('receives notifications, is informed when it may have missed some, and reconnects by itself', async () => {
    const database = await openDatabase(copy.config)
    const heard: (string | null)[] = []
    const listening = database.listen('news', (payload) => heard.push(payload))
    await until(() => heard.length === 1)
    for (let round = 1; round <= 3; round += 1) {
      const [pid] = await listeners()
      await client.query('select pg_terminate_backend($1::int)', [pid])
      await until(async () => !(await listeners()).includes(pid ?? 0))
      // This one is lost: the gap is reported when the connection is back.
      await client.query(`select pg_notify('news', 'missed')`)
      await until(() => heard.length === 2 * round)
      await client.query(`select pg_notify('news', $1)`, [String(round)])
      await until(() => heard.length === 2 * round + 1)
    }
    expect(heard).toEqual([null, null, '1', null, '2', null, '3'])
    await listening.close()
    await database.close()
    expect(await listeners()).toEqual([])
  })
})
