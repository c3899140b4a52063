import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { type Database, openDatabase } from '../../src/data/open-database.ts'
import { copyTemplate } from '../support/gateway.ts'

const isServer = inject('template').server !== null

let database: Database
let remove: () => Promise<void>
beforeAll(async () => {
  const copy = await copyTemplate()
  remove = copy.remove
  database = await openDatabase({ ...copy.config, limiterStore: { kind: 'postgres' } })
})
afterAll(async () => {
  await database.close()
  await remove()
})

test.runIf(isServer)('limiters on one database count together, each key by itself, and say what is left', async () => {
  const limit = { name: 'test', points: 3, window: 60 }
  // As two processes have them.
  const [one, other] = [database.limiters.create(limit), database.limiters.create(limit)]
  expect(await one.consume('org_a:key', 1)).toMatchObject({ allowed: true, remaining: 2 })
  expect(await other.consume('org_a:key', 2)).toMatchObject({ allowed: true, remaining: 0 })
  expect(await one.consume('org_a:key', 1)).toMatchObject({
    allowed: false,
    remaining: 0,
    reset: expect.toSatisfy((s: number) => s > 0 && s <= 60),
  })
  expect(await other.consume('org_b:key', 1)).toMatchObject({ allowed: true, remaining: 2 })
  expect(await database.db.prisma.rateLimit.count()).toBe(2)
})

// The embedded database has one connection, so uses are counted in memory there, and no store can be away.
test.runIf(isServer)('while the store is away, each process counts for itself', async () => {
  const limiter = database.limiters.create({ name: 'away', points: 2, window: 60 })
  await database.db.prisma.$executeRaw`alter table rate_limits rename to rate_limits_away`
  try {
    expect(await limiter.consume('org_a:key', 1)).toMatchObject({ allowed: true })
    expect(await limiter.consume('org_a:key', 1)).toMatchObject({ allowed: true })
    expect(await limiter.consume('org_a:key', 1)).toMatchObject({ allowed: false })
  } finally {
    await database.db.prisma.$executeRaw`alter table rate_limits_away rename to rate_limits`
  }
  expect(await limiter.consume('org_a:key', 1)).toMatchObject({ allowed: true, remaining: 1 })
})

test('a limit that is used up does not hold for longer than its window when the clock is set back', async () => {
  const limiter = database.limiters.create({ name: 'clock', points: 1, window: 60 })
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    await limiter.consume('org_a:key', 1)
    expect(await limiter.consume('org_a:key', 1)).toMatchObject({ allowed: false })
    vi.setSystemTime(Date.now() - 60 * 60 * 1000)
    expect(await limiter.peek('org_a:key')).toBeNull()
    expect(await limiter.consume('org_a:key', 1)).toMatchObject({ allowed: true, remaining: 0, reset: 60 })
    expect(await limiter.consume('org_a:key', 1)).toMatchObject({ allowed: false, reset: 60 })
  } finally {
    vi.useRealTimers()
  }
})
