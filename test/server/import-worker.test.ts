import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { databaseWithin } from '../../src/data/database.ts'
import { streamSourceOf } from '../../src/data/driver/stream-source.ts'
import { PrismaClient } from '../../src/data/generated/client.ts'
import { startImportWorker } from '../../src/server/import-worker.ts'
import { createLog } from '../../src/log.ts'
import { secretKeys } from '../support/secret-keys.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

test('while the database is away, imports are looked for less and less often, and the log is not filled', async () => {
  // No process listens there.
  const pool = new pg.Pool({ connectionString: 'postgresql://postgres@127.0.0.1:1/nothing' })
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  const db = { ...databaseWithin(prisma), prisma, streamSource: streamSourceOf(pool, 'server') }
  const lines: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  const stop = startImportWorker({ db, now: () => new Date(), secretKeys, log })

  const looks: number[] = []
  for (let second = 0; second < 60; second += 1) {
    while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve))
    if (lines.length > looks.length) looks.push(second)
    vi.advanceTimersByTime(1000)
  }
  await stop()
  await prisma.$disconnect()
  await pool.end()

  expect(looks).toEqual([0, 1, 3, 7, 15, 25, 35, 45, 55])
  expect(lines).toHaveLength(looks.length)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 50, msg: 'looking for imports failed' })
})
