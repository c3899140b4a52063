import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedDemo } from '../prisma/seed.ts'
import { sharingOptOuts } from '../src/domain/consent/channels.ts'
import { scopes } from '../src/domain/context.ts'
import { findLostOptIns } from '../src/domain/preferences/lost-opt-ins.ts'
import { rollBackImport } from '../src/domain/imports/commands.ts'
import { copyTemplate, type TestGateway, openOwnGateway } from './support/gateway.ts'
import { openDatabase } from '../src/data/open-database.ts'
import { getSendDecision } from '../src/domain/sending/queries.ts'
import { asTest } from './support/tenancy/as-test.ts'
import { secretKeys } from './support/secret-keys.ts'

const now = new Date('2026-03-01T12:00:00Z')
let gateway: TestGateway
beforeAll(async () => {
  gateway = await openOwnGateway()
  await seedDemo(gateway.db, { now })
})
afterAll(() => gateway.close())

const tables = [
  'organization',
  'contact',
  'lifecycleTransition',
  'note',
  'block',
  'topic',
  'contactAddress',
  'suppression',
  'consentRecord',
  'channelPreference',
  'message',
  'call',
  'ticket',
  'event',
  'frequencyCapRule',
  'importJob',
  'importRow',
] as const

/** A table has no order: a vacuum of one of them leaves room for later rows among earlier ones. */
function inOneOrder(rows: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const keyed = rows.map((row) => ({ row, key: inspect(row) }))
  return keyed.toSorted((one, other) => (one.key < other.key ? -1 : 1)).map(({ row }) => row)
}

test('the demo is the same for the same seed and time, ids included', async () => {
  const { config, remove } = await copyTemplate()
  const other = await openDatabase(config)
  await seedDemo(other.db, { now })
  for (const table of tables) {
    const read = (db: typeof other.db) => (db.prisma[table] as unknown as { findMany(): Promise<Record<string, unknown>[]> }).findMany()
    const [one, same] = await Promise.all([read(gateway.db), read(asTest(other.db))])
    expect(one.length).toBeGreaterThan(0)
    expect(inOneOrder(same)).toEqual(inOneOrder(one))
  }
  await other.close()
  await remove()
})

describe('the demo organization', () => {
  test('has no opt-in that a start would report as one of an earlier release', async () => {
    expect(await findLostOptIns(gateway.db)).toEqual([])
  })

  test('has about two hundred contacts in a dozen countries, none from the future', async () => {
    const contacts = await gateway.db.prisma.contact.findMany()
    expect(contacts).toHaveLength(206)
    expect(new Set(contacts.map((contact) => contact.countryCode)).size).toBeGreaterThan(10)
    const latest = await Promise.all([
      gateway.db.prisma.message.aggregate({ _max: { occurredAt: true } }),
      gateway.db.prisma.call.aggregate({ _max: { occurredAt: true } }),
      gateway.db.prisma.ticket.aggregate({ _max: { occurredAt: true } }),
      gateway.db.prisma.event.aggregate({ _max: { occurredAt: true } }),
      gateway.db.prisma.note.aggregate({ _max: { createdAt: true } }),
    ])
    for (const { _max } of latest) for (const instant of Object.values(_max)) expect(instant && instant <= now).toBe(true)
  })

  test('has had an import, whose skipped rows say why, and which can still be rolled back', async () => {
    const job = await gateway.db.prisma.importJob.findFirstOrThrow()
    const { organizationId } = job
    expect(job).toMatchObject({ status: 'completed', totalRows: 8, processedRows: 8, created: 4, updated: 0, unchanged: 0, skipped: 4 })
    expect(job.rollbackExpiresAt && job.rollbackExpiresAt > now).toBe(true)
    const skipped = await gateway.db.prisma.importRow.findMany({ where: { outcome: 'skipped' }, orderBy: { rowNumber: 'asc' } })
    expect(skipped.map(({ rowNumber, reasonCode, field }) => [rowNumber, reasonCode, field])).toEqual([
      [3, 'CONTACT_ALREADY_EXISTS', 'E-mail'],
      [5, 'DUPLICATE_IN_FILE', 'E-mail'],
      [6, 'INVALID_PHONE_NUMBER', 'Mobile'],
      [8, 'INVALID_EMAIL', 'E-mail'],
    ])
    const actor = { organizationId, keyId: 'key_00000000000000000000000000', name: 'Tester', scopes }
    const context = { actor, requestId: null, db: gateway.db, now: () => now, secretKeys }
    expect(await rollBackImport(context, job.id)).toMatchObject({ status: 'rolled_back', reversed: 4, kept: 0, failed: 0 })
  })

  test('has a history for each of its main contacts', async () => {
    const cast = ['Maya', 'Tomás', 'Hannah', 'Raj', 'Chloé', 'Jonas', 'Emily', 'Bruno', 'Yuki', 'Olivia', 'Amara', 'Lucas']
    const contacts = await gateway.db.prisma.contact.findMany({
      where: { firstName: { in: cast }, email: { not: { contains: '.example.com.' } } },
      include: {
        _count: {
          select: {
            messages: true,
            calls: true,
            tickets: true,
            events: true,
            notes: true,
            consentRecords: true,
            lifecycleTransitions: true,
          },
        },
      },
    })
    expect(contacts.length).toBeGreaterThanOrEqual(10)
    for (const { _count } of contacts) expect(Object.values(_count).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0)
  })

  test('keeps the rules: every stage follows from the one before, and preferences from the ledger', async () => {
    for (const contact of await gateway.db.prisma.contact.findMany({
      include: {
        lifecycleTransitions: { orderBy: [{ occurredAt: 'asc' }, { id: 'asc' }] },
        consentRecords: true,
        channelPreferences: true,
      },
    })) {
      let stage = contact.lifecycleTransitions[0]?.fromStage ?? contact.lifecycleStage
      for (const transition of contact.lifecycleTransitions) {
        expect(transition.fromStage).toBe(stage)
        expect(transition.occurredAt >= contact.createdAt).toBe(true)
        stage = transition.toStage
      }
      expect(contact.lifecycleStage).toBe(stage)
      for (const preference of contact.channelPreferences) {
        const latest = contact.consentRecords
          .filter(({ channel, topicId }) => topicId === null && sharingOptOuts(preference.channel).includes(channel))
          .toSorted((one, other) => other.recordedAt.getTime() - one.recordedAt.getTime())[0]
        expect(preference).toMatchObject({ state: latest?.state, recordId: latest?.id })
      }
    }
  })

  test('has consent that permits what it says: an opt-in of the whole channel is no reason against marketing', async () => {
    const { id: organizationId } = await gateway.db.prisma.organization.findFirstOrThrow()
    const actor = { organizationId, keyId: 'key_00000000000000000000000000', name: 'Tester', scopes }
    const context = { actor, requestId: null, db: gateway.db, now: () => now, secretKeys }
    const preferences = await gateway.db.prisma.channelPreference.findMany({ where: { state: 'opted_in' }, take: 20 })
    expect(preferences.length).toBe(20)
    for (const { contactId, channel } of preferences) {
      const decision = await getSendDecision(context, contactId, { channel, category: 'marketing' })
      expect(decision.reasons.filter(({ code }) => code === 'NO_CONSENT')).toEqual([])
    }
  })
})
