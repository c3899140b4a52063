import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/data/open-database.ts'
import { parseCall } from '../../src/domain/activities/calls.ts'
import { recordActivities } from '../../src/domain/activities/commands.ts'
import { parseMessage } from '../../src/domain/activities/messages.ts'
import type { ActivityReport } from '../../src/domain/activities/report.ts'
import { parseTicket } from '../../src/domain/activities/tickets.ts'
import type { Context } from '../../src/domain/context.ts'
import { createOrganization } from '../../src/domain/organizations/commands.ts'
import { copyTemplate, noon } from '../support/gateway.ts'
import { secretKeys } from '../support/secret-keys.ts'

const settings = { defaultCountry: null, keywordOf: () => null }
const at = (minute: number) => new Date(noon.getTime() - (1000 - minute) * 60_000)
const now = () => noon

/** The result of reports in this order. */
function applyInOrder<Row>(reports: readonly ActivityReport<Row>[]): Row {
  const [first, ...further] = reports
  if (first === undefined) throw new Error('There are no reports.')
  let row = first.create({
    organizationId: 'org_1',
    contactId: 'con_1',
    isBlocked: false,
    phoneKey: null,
    emailKey: null,
    reservedKey: null,
    now: noon,
  })
  for (const report of further) row = report.update(row).row
  return row
}

/** Some reports, and the same in another order. */
function reports<Report>(report: fc.Arbitrary<Report>) {
  return fc
    .array(report, { minLength: 1, maxLength: 6 })
    .chain((fields) => fc.tuple(fc.constant(fields), fc.shuffledSubarray(fields, { minLength: fields.length })))
}

const minute = fc.option(fc.integer({ min: 0, max: 20 }).map(at), { nil: undefined })

test('of a message the furthest status and the first of each time count, in whatever order reports come', () => {
  const report = fc.record({
    status: fc.constantFrom('queued' as const, 'sent' as const, 'delivered' as const, 'read' as const, 'failed' as const),
    sentAt: minute,
    deliveredAt: minute,
    readAt: minute,
  })
  fc.assert(
    fc.property(reports(report), ([one, other]) => {
      const parse = (fields: (typeof one)[number]) =>
        parseMessage({ externalId: 'm', occurredAt: at(0), channel: 'sms', direction: 'outbound', ...fields }, noon, settings)
      const [row, same] = [applyInOrder(one.map(parse)), applyInOrder(other.map(parse))]
      const facts = ({ status, sentAt, deliveredAt, readAt }: typeof row) => ({ status, sentAt, deliveredAt, readAt })
      expect(facts(same)).toEqual(facts(row))
      const order = ['queued', 'sent', 'failed', 'delivered', 'read']
      const proven = one.flatMap(({ status, sentAt, deliveredAt, readAt }) => [
        status,
        ...(sentAt ? ['sent'] : []),
        ...(deliveredAt ? ['delivered'] : []),
        ...(readAt ? ['read'] : []),
      ])
      expect(order.indexOf(row.status)).toBe(Math.max(...proven.map((status) => order.indexOf(status))))
      const times = one.map(({ readAt }) => readAt?.getTime() ?? Infinity)
      expect(row.readAt?.getTime() ?? Infinity).toBe(Math.min(...times))
    }),
  )
})

test('of a call the status that says most counts, in whatever order reports come', () => {
  const report = fc.constantFrom('no_answer' as const, 'busy' as const, 'missed' as const, 'voicemail' as const, 'answered' as const)
  fc.assert(
    fc.property(reports(report), ([one, other]) => {
      const parse = (status: (typeof one)[number]) =>
        parseCall({ externalId: 'c', occurredAt: at(0), direction: 'inbound', status }, noon, null)
      expect(applyInOrder(one.map(parse)).status).toBe(applyInOrder(other.map(parse)).status)
    }),
  )
})

test('of a ticket the latest status counts, in whatever order reports come', () => {
  const report = fc.record({
    status: fc.constantFrom('open' as const, 'pending' as const, 'solved' as const, 'closed' as const),
    statusAt: fc.integer({ min: 0, max: 4 }).map(at),
  })
  fc.assert(
    fc.property(reports(report), ([one, other]) => {
      const parse = (fields: (typeof one)[number]) => parseTicket({ externalId: 't', occurredAt: at(0), subject: 'Help', ...fields }, noon)
      const [row, same] = [applyInOrder(one.map(parse)), applyInOrder(other.map(parse))]
      expect([same.status, same.statusAt]).toEqual([row.status, row.statusAt])
      const latest = Math.max(...one.map(({ statusAt }) => statusAt.getTime()))
      expect(row.statusAt.getTime()).toBe(latest)
    }),
  )
})

/** Two databases on one server are to each other what two processes are; the embedded database has one process only. */
let databases: Database[]
let remove: () => Promise<void>
beforeAll(async () => {
  const template = await copyTemplate()
  remove = template.remove
  databases = [await openDatabase(template.config)]
  if (template.config.url !== null) databases.push(await openDatabase(template.config))
})
afterAll(async () => {
  for (const database of databases) await database.close()
  await remove()
})

test('several who record the same things at once leave one row each, and one contact each', async () => {
  const [{ db }] = databases as [Database, ...Database[]]
  const organizationId = await createOrganization({ db, now }, { name: 'At once' })
  const actor = { organizationId, keyId: '', name: 'Recorder', scopes: ['activities:write', 'contacts:write'] as const }
  const statuses = ['sent', 'delivered', 'read'] as const
  const batch = (round: number) =>
    Array.from({ length: 100 }, (_, index) => {
      const about = { externalId: `x${index}`, contact: { email: `${index % 10}@example.com` }, createContact: true, occurredAt: at(index) }
      return index % 2 === 0
        ? { message: { ...about, channel: 'sms', direction: 'outbound', status: statuses[round % 3] } as const }
        : { event: { ...about, name: 'seen', properties: { round } } }
    })
  const recorders = Array.from({ length: 8 }, async (_, round) => {
    const context: Context = { actor, db: (databases[round % databases.length] as Database).db, now, requestId: null, secretKeys }
    // Every other one goes through them backwards: waiting in a circle would end one of the two.
    const activities = round % 2 === 0 ? batch(round) : batch(round).toReversed()
    return recordActivities(context, activities)
  })
  const outcomes = (await Promise.all(recorders)).flat()
  expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])
  expect(outcomes.filter(({ status }) => status === 'created')).toHaveLength(100)
  const where = { organizationId }
  expect(await db.prisma.contact.count({ where })).toBe(10)
  expect(await db.prisma.event.count({ where })).toBe(50)
  const messages = await db.prisma.message.findMany({ where, orderBy: { occurredAt: 'asc' } })
  expect(messages.map(({ externalId, status }) => [externalId, status])).toEqual(
    Array.from({ length: 50 }, (_, index) => [`x${index * 2}`, 'read']),
  )
})
