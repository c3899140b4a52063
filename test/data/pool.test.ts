import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/data/database.ts'
import { copyTemplate } from '../support/house.ts'

let database: Database
let remove: () => Promise<void>
beforeAll(async () => {
  const copy = await copyTemplate()
  remove = copy.remove
  database = await openDatabase({ ...copy.config, poolSize: 1 })
})
afterAll(async () => {
  await database.close()
  await remove()
})

test('a statement that is refused leaves the connection, and those that wait for it, alone', async () => {
  const connection = () => database.db.$queryRaw<[{ pid: number }]>`select pg_backend_pid() as pid`.then(([{ pid }]) => pid)
  const before = await connection()
  const answers = await Promise.allSettled(
    Array.from({ length: 20 }, async (_, index) => {
      if (index % 2 === 0) return connection()
      return database.db.$queryRaw`select ${index}::int from there_is_no_such_table`
    }),
  )
  expect(answers.map(({ status }) => status)).toEqual(answers.map((_, index) => (index % 2 === 0 ? 'fulfilled' : 'rejected')))
  expect(await connection()).toBe(before)
  expect(database.connections()).toMatchObject({ open: 1, waiting: 0 })
})
