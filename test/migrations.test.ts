import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { drift } from '../prisma/drift.ts'
import { openDatabase } from '../src/data/database.ts'
import { newId } from '../src/kernel/ids.ts'
import { givenContact } from './support/factories.ts'
import { copyTemplate, type House, openHouse } from './support/house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

test('the migrations and the Prisma schema agree', async () => {
  expect(await drift()).toBeNull()
})

describe('the past', () => {
  test('is not rewritten: stages, consent and blocks refuse it', async () => {
    const tenant = await house.organization()
    const { organizationId } = tenant
    const contactId = await givenContact(tenant)
    const at = new Date('2026-01-01T00:00:00Z')
    await house.db.lifecycleTransition.create({
      data: {
        organizationId,
        id: newId('lifecycleTransition'),
        contactId,
        fromStage: 'lead',
        toStage: 'customer',
        occurredAt: at,
        changedBy: 'x',
      },
    })
    await house.db.consentRecord.create({
      data: {
        organizationId,
        id: newId('consentRecord'),
        contactId,
        channel: 'sms',
        state: 'opted_in',
        source: 'x',
        recordedAt: at,
        recordedBy: 'x',
        createdAt: at,
      },
    })
    await house.db.block.create({ data: { organizationId, id: newId('block'), contactId, reason: 'spam', blockedAt: at, blockedBy: 'x' } })
    const where = { contactId }
    const rewrite = [
      () => house.db.lifecycleTransition.updateMany({ where, data: { toStage: 'churned' } }),
      () => house.db.lifecycleTransition.deleteMany({ where }),
      () => house.db.consentRecord.updateMany({ where, data: { state: 'opted_out' } }),
      () => house.db.consentRecord.deleteMany({ where }),
      () => house.db.block.updateMany({ where, data: { reason: 'mistake' } }),
      () => house.db.block.deleteMany({ where }),
    ]
    for (const attempt of rewrite) await expect(attempt()).rejects.toThrow(/record of the past/)
    await house.db.block.updateMany({ where, data: { unblockedAt: new Date('2026-01-02T00:00:00Z'), unblockedBy: 'y' } })
    await expect(house.db.block.updateMany({ where, data: { unblockedAt: new Date('2026-01-03T00:00:00Z') } })).rejects.toThrow(
      /record of the past/,
    )
  })
})

test.runIf(inject('template').server !== null)('processes that start at once on an empty server do not collide', async () => {
  const { config, remove } = await copyTemplate()
  const reset = await openDatabase(config)
  await reset.db.$executeRaw`drop schema public cascade`
  await reset.db.$executeRaw`create schema public`
  await reset.close()
  const started = await Promise.all(Array.from({ length: 4 }, () => openDatabase(config)))
  expect(await Promise.all(started.map((database) => database.isReady()))).toEqual([true, true, true, true])
  const records = await Promise.all(
    started.map(
      ({ db }) =>
        db.$queryRaw<{ twice: number }[]>`select count(*)::int - count(distinct migration_name)::int as twice from _prisma_migrations`,
    ),
  )
  expect(records).toEqual(Array.from({ length: 4 }, () => [{ twice: 0 }]))
  await Promise.all(started.map((database) => database.close()))
  await remove()
})
