import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReadDb } from '../../src/data/database.ts'
import { Prisma } from '../../src/data/generated/client.ts'
import { selectJourney } from '../../src/data/sql/find-journey.ts'
import { selectStages } from '../../src/data/sql/find-stages.ts'
import { selectTimeline } from '../../src/data/sql/find-timeline.ts'
import type { Position } from '../../src/kernel/page.ts'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, openOwnGateway, type Tenant } from '../support/gateway.ts'

/** How many activities of each kind the one contact has, and all the others together. */
const perKind = 10_000
const limit = 25

let gateway: TestGateway
let tenant: Tenant
let contactId: string
beforeAll(async () => {
  gateway = await openOwnGateway()
  tenant = await gateway.organization()
  contactId = await givenContact(tenant)
  const others: string[] = []
  for (let index = 0; index < 20; index += 1) others.push(await givenContact(tenant))
  await givenActivitiesInBulk(tenant.organizationId, [contactId], 0)
  await givenActivitiesInBulk(tenant.organizationId, others, perKind)
  await gateway.db.prisma.$executeRaw`analyze messages, calls, tickets, events, lifecycle_transitions, consent_records, blocks, contacts`
}, 120_000)
afterAll(() => gateway.close())

/** An activity of each kind every minute, by turns for each of the contacts. */
async function givenActivitiesInBulk(organizationId: string, contactIds: readonly string[], from: number) {
  const shared = (prefix: string) => Prisma.sql`
    select ${organizationId}, ${prefix} || lpad((n + ${from})::text, 26, '0'), (${contactIds}::text[])[1 + n % ${contactIds.length}],
      at, at, at`
  const series = Prisma.sql`
    from generate_series(1, ${perKind}::int) n
    cross join lateral (select timestamptz '2026-01-01Z' - n * interval '1 minute' as at) moments`
  const names = Prisma.sql`organization_id, id, contact_id, occurred_at, created_at, updated_at`
  await gateway.db.prisma.$executeRaw`insert into messages (${names}, channel, direction, status, body)
    ${shared('msg_')}, 'sms', 'inbound', 'received', repeat('Hello ', 20) ${series}`
  await gateway.db.prisma.$executeRaw`insert into calls (${names}, direction, status) ${shared('call_')}, 'inbound', 'missed' ${series}`
  await gateway.db.prisma.$executeRaw`insert into tickets (${names}, subject, status) ${shared('tkt_')}, 'Help', 'open' ${series}`
  await gateway.db.prisma.$executeRaw`insert into events (${names}, name, properties) ${shared('evt_')}, 'seen', '{}' ${series}`
}

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Plan[]
}

/** How the database does what a statement asks: every look at one of the four tables. */
async function looks(ask: (db: ReadDb) => Promise<unknown>): Promise<{ how: string; rows: number; skipped: number }[]> {
  let asked: Prisma.Sql | undefined
  const listener = {
    sql: (strings: readonly string[], ...values: unknown[]) => {
      asked = Prisma.sql(strings, ...values)
      return Promise.resolve([])
    },
  }
  // The functions under test use nothing else of a database.
  await ask(listener as unknown as ReadDb)
  const [answer] = await gateway.db.sql<{ 'QUERY PLAN': { Plan: Plan }[] }[]>`explain (analyze, format json) ${asked}`
  const found: { how: string; rows: number; skipped: number }[] = []
  const visit = (plan: Plan): void => {
    if (['messages', 'calls', 'tickets', 'events'].includes(plan['Relation Name'] ?? '')) {
      const loops = plan['Actual Loops']
      found.push({
        how: plan['Node Type'],
        rows: plan['Actual Rows'] * loops,
        skipped: (plan['Rows Removed by Filter'] ?? 0) * loops,
      })
    }
    for (const part of plan.Plans ?? []) visit(part)
  }
  const root = answer?.['QUERY PLAN'][0]
  if (root === undefined) throw new Error('The database does not explain itself.')
  visit(root.Plan)
  return found
}

/** Where the page after so many others begins. */
async function positionAfter(pages: number, direction: 'asc' | 'desc'): Promise<Position> {
  const order = Prisma.raw(direction)
  const [position] = await gateway.db.sql<{ key: Date; id: string }[]>`
    select occurred_at as key, id from (
      select occurred_at, id from messages where contact_id = ${contactId} union all
      select occurred_at, id from calls where contact_id = ${contactId} union all
      select occurred_at, id from tickets where contact_id = ${contactId} union all
      select occurred_at, id from events where contact_id = ${contactId}
    ) a order by occurred_at ${order}, id ${order} offset ${pages * limit - 1} limit 1`
  return position as Position
}

const kinds = ['message', 'call', 'ticket', 'event'] as const
const forward = { limit, direction: 'forward' as const, total: false }

describe('a page of a long timeline is a few steps into an index', () => {
  test.each([
    ['the first', { page: 0 }],
    ['the thousandth', { page: 999 }],
    ['one of some kinds within some time', { page: 0, kinds: ['message', 'event'] as const, to: new Date('2025-12-30Z') }],
    ['one far back in time', { page: 999, from: new Date('2025-12-01Z') }],
  ])('%s', async (_which, { page, ...filter }: { page: number; kinds?: readonly ('message' | 'event')[]; from?: Date; to?: Date }) => {
    const request = { ...forward, from: page === 0 ? null : await positionAfter(page, 'desc') }
    const query = { kinds: filter.kinds ?? kinds, from: filter.from ?? null, to: filter.to ?? null, page: request }
    const seen = await looks((db) => selectTimeline(db, tenant.organizationId, [contactId], query))
    expect(seen).toHaveLength(query.kinds.length)
    for (const { how, rows, skipped } of seen) {
      expect(how).toMatch(/^Index (?:Only )?Scan$/)
      expect(rows).toBeLessThanOrEqual(limit + 1)
      expect(skipped).toBe(0)
    }
    const found = await selectTimeline(gateway.db, tenant.organizationId, [contactId], query)
    expect(found.get(contactId)?.entries).toHaveLength(limit + 1)
  })

  test('of many contacts at once, too', async () => {
    const ids = (await gateway.db.prisma.contact.findMany({ where: { organizationId: tenant.organizationId }, select: { id: true } })).map(
      ({ id }) => id,
    )
    const query = { kinds, from: null, to: null, page: { ...forward, limit: 5, from: null } }
    for (const { how, rows, skipped } of await looks((db) => selectTimeline(db, tenant.organizationId, ids, query))) {
      expect(how).toMatch(/^Index (?:Only )?Scan$/)
      expect(rows).toBeLessThanOrEqual(6 * ids.length)
      expect(skipped).toBe(0)
    }
  })
})

test.each([0, 999])('a page of a long journey is a few steps into an index: after %i others', async (page) => {
  const request = { ...forward, from: page === 0 ? null : await positionAfter(page, 'asc') }
  const seen = await looks((db) => selectJourney(db, tenant.organizationId, [contactId], request))
  for (const { how, rows, skipped } of seen) {
    expect(how).toMatch(/^Index (?:Only )?Scan$/)
    expect(rows).toBeLessThanOrEqual(limit + 1)
    expect(skipped).toBe(0)
  }
  const found = await selectJourney(gateway.db, tenant.organizationId, [contactId], request)
  expect(found.get(contactId)?.rows).toHaveLength(limit + 1)
})

test('the stages of a long journey count every touch once, on indexes alone', async () => {
  const seen = await looks((db) => selectStages(db, tenant.organizationId, [contactId]))
  // Which of the two it is depends on how much of the table was vacuumed.
  expect(seen.filter(({ how }) => how !== 'Index Only Scan' && how !== 'Index Scan')).toEqual([])
  // A plan shows how many rows there were on the average of its rounds, and rounds that.
  const looked = seen.reduce((sum, { rows, skipped }) => sum + rows + skipped, 0)
  expect(Math.abs(looked - 2 * perKind)).toBeLessThan(20)
})
