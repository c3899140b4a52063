import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import fc from 'fast-check'
import { committingAt, covers, isKnown, type Numbered, type FeedPosition, positionAt } from '../../src/data/feed-position.ts'
import { transaction } from '../../src/data/transaction.ts'
import { selectChanges } from '../../src/data/sql/find-changes.ts'
import { deleteOldChanges, recordChanges } from '../../src/domain/changes/commands.ts'
import { decodeEventId, encodeEventId, EventIdExpired } from '../../src/domain/changes/rules.ts'
import { InvalidInput } from '../../src/kernel/errors.ts'
import { type TestGateway, noon, openOwnGateway, type Tenant } from '../support/gateway.ts'
import { createSecretKeys } from '../../src/kernel/secret-keys.ts'
import { secretKeys } from '../support/secret-keys.ts'

const atNoon = { now: () => noon, secretKeys, changesKeptDays: 7 }

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openOwnGateway()
  tenant = await gateway.organization()
})
afterAll(() => gateway.close())

const beginning: FeedPosition = { next: 0n, underWay: new Set(), parts: new Map() }
const read = async (organizationId: string, from: FeedPosition, limit = 100) => {
  const { changes, ...found } = await selectChanges(gateway.db, organizationId, from, limit)
  return { ...found, ids: changes.map(({ contactId }) => contactId) }
}

const isServer = inject('template').server !== null
test.runIf(isServer)(
  'a change whose transaction began first and commits last is delivered when it commits, and none waits for it',
  async () => {
    const { organizationId } = tenant
    const happening = (contactId: string) => [{ kind: 'contact.updated' as const, contactId }]
    const during = await transaction(gateway.db, async (first) => {
      await recordChanges(first, organizationId, noon, happening('early'))
      await transaction(gateway.db, (second) => recordChanges(second, organizationId, noon, happening('late')))
      return read(organizationId, beginning)
    })
    expect(during.ids).toEqual(['late'])
    const after = await read(organizationId, decodeEventId(encodeEventId(during.position, atNoon), atNoon))
    expect(after.ids).toEqual(['early'])
    expect((await read(organizationId, after.position)).ids).toEqual([])
  },
)

test('changes are read in pages, each once', async () => {
  const { organizationId } = await gateway.organization()
  const happenings = Array.from({ length: 25 }, (_, index) => ({ kind: 'contact.created' as const, contactId: `contact ${index}` }))
  await transaction(gateway.db, (tx) => recordChanges(tx, organizationId, noon, happenings))
  await transaction(gateway.db, (tx) => recordChanges(tx, organizationId, noon, happenings.slice(0, 5)))
  const all: (string | null)[] = []
  for (let position = beginning, more = true; more;) {
    const found = await read(organizationId, position, 10)
    all.push(...found.ids)
    position = found.position
    more = found.hasMore
  }
  const written = happenings.map(({ contactId }) => contactId)
  expect(all).toEqual([...written, ...written.slice(0, 5)])
})

/** Transactions with a few changes each; each commits or rolls back at some time after it began. Readers come at some times. */
const histories = fc.record({
  transactions: fc.array(fc.record({ lasts: fc.nat(12), changes: fc.integer({ min: 1, max: 4 }), isKept: fc.boolean() }), {
    maxLength: 25,
  }),
  reads: fc.array(fc.record({ at: fc.nat(45), limit: fc.integer({ min: 1, max: 5 }) }), { maxLength: 30 }),
  start: fc.nat(20),
})

test('whenever transactions commit and whenever a reader reads, each change is read exactly once', () => {
  fc.assert(
    fc.property(histories, ({ transactions, reads, start }) => {
      const past = transactions.map(({ lasts, changes, isKept }, began) => {
        const transactionId = BigInt(100 + began)
        const rows = Array.from({ length: changes }, (_, index) => ({ transactionId, id: BigInt(10 * began + index) }))
        return { transactionId, began, ends: began + 1 + lasts, isKept, rows }
      })
      const seenAt = (instant: number): FeedPosition => ({
        next: BigInt(100 + past.filter(({ began }) => began <= instant).length),
        underWay: new Set(past.filter(({ began, ends }) => began <= instant && ends > instant).map(({ transactionId }) => transactionId)),
        parts: new Map(),
      })
      const committedAt = (instant: number) => past.filter(({ ends, isKept }) => isKept && ends <= instant)
      const first = seenAt(start)
      let position = first
      const received: Numbered[] = []
      const end = { at: 100, limit: 1000 }
      for (const { at, limit } of [...reads.filter((one) => one.at >= start).toSorted((one, other) => one.at - other.at), end]) {
        const seen = seenAt(at)
        const news = committedAt(at)
          .flatMap(({ rows }) => rows)
          .filter((row) => !isKnown(position, row))
        const page = news.slice(0, limit)
        const last = page.at(-1)
        const from = position
        position = news.length > limit && last !== undefined ? positionAt(last, from, seen) : seen
        received.push(...page)
        // What is known by the end of a read is what was known and what was delivered; and where it is all, it covers what came before.
        for (const row of committedAt(at).flatMap(({ rows }) => rows))
          expect(isKnown(position, row)).toBe(isKnown(from, row) || page.includes(row))
        if (position === seen) expect(covers(position, from)).toBe(true)
        position = decodeEventId(encodeEventId(position, atNoon), atNoon)
      }
      const wanted = past.filter(({ isKept, ends }) => isKept && ends > start).flatMap(({ rows }) => rows)
      expect(received.map(({ id }) => id).toSorted()).toEqual(wanted.map(({ id }) => id).toSorted())
    }),
    { numRuns: 500 },
  )
})

test('a transaction whose lock is held is about to commit if it is neither under way nor still to come', () => {
  const next = 5n * 2n ** 32n + 10n
  const position = { next, underWay: new Set([next - 2n]), parts: new Map() }
  // The last 32 bits of four transactions before the next one, of which the last is under way, of the next one, and of the one after it.
  const locked = [2n ** 32n - 10n, 2n ** 32n - 4n, 2n, 8n, 10n, 11n]
  expect(committingAt(position, locked)).toEqual([next - 20n, next - 14n, next - 8n])
})

test('what another server wrote, and a dump has brought here, is not delivered as a change', async () => {
  const { organizationId } = await gateway.organization()
  await gateway.db.prisma.change.create({
    data: { organizationId, transactionId: 2n ** 60n, kind: 'contact.created', contactId: 'from elsewhere', fields: [], occurredAt: noon },
  })
  await recordChanges(gateway.db, organizationId, noon, [{ kind: 'contact.created', contactId: 'from here' }])
  const first = await read(organizationId, beginning)
  expect([first.ids, (await read(organizationId, first.position)).ids]).toEqual([['from here'], []])
})

test('changes are forgotten after the days that they are kept', async () => {
  const { organizationId } = await gateway.organization()
  const day = 24 * 3_600_000
  for (const age of [2 * day + 1, 2 * day])
    await recordChanges(gateway.db, organizationId, new Date(noon.getTime() - age), [{ kind: 'contact.created', contactId: String(age) }])
  await deleteOldChanges(gateway.db, noon, 2)
  expect((await gateway.db.prisma.change.findMany({ where: { organizationId } })).map(({ contactId }) => contactId)).toEqual([
    String(2 * day),
  ])
})

test('an event id is read back for as long as changes are kept', () => {
  const position = { next: 2n ** 62n, underWay: new Set([2n ** 62n - 3n]), parts: new Map([[2n ** 62n, 7n]]) }
  const id = encodeEventId(position, atNoon)
  expect(decodeEventId(id, atNoon)).toEqual(position)
  expect(() => decodeEventId(id, { ...atNoon, now: () => new Date(noon.getTime() + 7 * 24 * 3_600_000 + 1) })).toThrow(EventIdExpired)
  for (const wrong of [
    '',
    'x',
    id.slice(1),
    `${id}AAAA`,
    Buffer.from('9999999999999999999...1').toString('base64url'),
    'a'.repeat(9000),
    'a'.repeat(20_000),
  ])
    expect(() => decodeEventId(wrong, atNoon)).toThrow(InvalidInput)
})

test('an event id reveals neither transaction numbers nor how many transactions are under way', () => {
  const next = 123_456_789n
  const quiet = encodeEventId({ next, underWay: new Set(), parts: new Map() }, atNoon)
  const busy = encodeEventId({ next, underWay: new Set([next - 1n, next - 2n, next - 5n]), parts: new Map() }, atNoon)
  expect(Buffer.from(quiet, 'base64url').toString('latin1')).not.toContain('123456789')
  expect(busy).toHaveLength(quiet.length)
  expect(busy).not.toBe(quiet)
  const elsewhere = createSecretKeys(['another installation with its own secret'])
  expect(() => decodeEventId(quiet, { ...atNoon, secretKeys: elsewhere })).toThrow(InvalidInput)
})
