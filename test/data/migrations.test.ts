import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { drift } from '../../prisma/drift.ts'
import { openDatabase } from '../../src/data/open-database.ts'
import { newId } from '../../src/kernel/ids.ts'
import { givenContact } from '../support/factories.ts'
import { runAsTest } from '../support/tenancy/as-test.ts'
import { copyTemplate, type TestGateway, openOwnGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openOwnGateway()
})
afterAll(() => gateway.close())

test('the migrations and the Prisma schema agree', async () => {
  expect(await runAsTest(drift)).toBeNull()
})

describe('the past', () => {
  test('is not rewritten: stages, consent and blocks refuse it', async () => {
    const tenant = await gateway.organization()
    const { organizationId } = tenant
    const contactId = await givenContact(tenant)
    const at = new Date('2026-01-01T00:00:00Z')
    await gateway.db.prisma.lifecycleTransition.create({
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
    await gateway.db.prisma.consentRecord.create({
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
    await gateway.db.prisma.block.create({
      data: { organizationId, id: newId('block'), contactId, reason: 'spam', blockedAt: at, blockedBy: 'x' },
    })
    const where = { contactId }
    const rewrite = [
      () => gateway.db.prisma.lifecycleTransition.updateMany({ where, data: { toStage: 'churned' } }),
      () => gateway.db.prisma.lifecycleTransition.deleteMany({ where }),
      () => gateway.db.prisma.consentRecord.updateMany({ where, data: { state: 'opted_out' } }),
      () => gateway.db.prisma.consentRecord.deleteMany({ where }),
      () => gateway.db.prisma.block.updateMany({ where, data: { reason: 'mistake' } }),
      () => gateway.db.prisma.block.deleteMany({ where }),
    ]
    for (const attempt of rewrite) await expect(attempt()).rejects.toThrow(/record of the past/)
    await gateway.db.prisma.block.updateMany({ where, data: { unblockedAt: new Date('2026-01-02T00:00:00Z'), unblockedBy: 'y' } })
    await expect(gateway.db.prisma.block.updateMany({ where, data: { unblockedAt: new Date('2026-01-03T00:00:00Z') } })).rejects.toThrow(
      /record of the past/,
    )
  })
})

test.runIf(inject('template').server !== null)('processes that start at once on an empty server do not collide', async () => {
  const { config, remove } = await copyTemplate()
  const reset = await openDatabase(config)
  await reset.db.prisma.$executeRaw`drop schema public cascade`
  await reset.db.prisma.$executeRaw`create schema public`
  await reset.close()
  const started = await Promise.all(Array.from({ length: 4 }, () => openDatabase(config)))
  expect(await Promise.all(started.map((database) => database.isReady()))).toEqual([true, true, true, true])
  const records = await Promise.all(
    started.map(
      ({ db }) => db.sql<{ twice: number }[]>`select count(*)::int - count(distinct migration_name)::int as twice from _prisma_migrations`,
    ),
  )
  expect(records).toEqual(Array.from({ length: 4 }, () => [{ twice: 0 }]))
  await Promise.all(started.map((database) => database.close()))
  await remove()
})
