import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Place, selectChanges } from '../../src/data/sql/find-changes.ts'
import { forgetOldChanges, recordChanges } from '../../src/domain/changes/commands.ts'
import { decodeEventId, encodeEventId, EventIdExpired } from '../../src/domain/changes/rules.ts'
import { InvalidInput } from '../../src/kernel/errors.ts'
import { type House, noon, openHouse, type Tenant } from '../support/house.ts'
import { watch } from '../support/watching.ts'

let house: House
let tenant: Tenant
beforeAll(async () => {
  house = await openHouse()
  tenant = await house.organization()
})
afterAll(() => house.close())

const beginning: Place = { transaction: 0n, id: 0n }
const contactIds = async (organizationId: string, after: Place) => {
  const found = await selectChanges(house.db, organizationId, after, 100)
  return { ...found, ids: found.changes.map(({ contactId }) => contactId) }
}

const isServer = inject('template').server !== null
test.runIf(isServer)('a change whose transaction began first and commits last is not passed over', async () => {
  const { organizationId } = tenant
  const happening = (contactId: string) => [{ kind: 'contact.updated' as const, contactId }]
  const watching = await watch(house, tenant, 'subscription { contactsChanged(filter: { tags: ["x"] }) { eventId } }')
  await house.db.$transaction(async (first) => {
    await recordChanges(first, organizationId, noon, happening('early'))
    await house.db.$transaction((second) => recordChanges(second, organizationId, noon, happening('late')))
    expect(await contactIds(organizationId, beginning)).toMatchObject({ ids: [], areSomeWaiting: true, hasMore: false })
  })
  // Others may have transactions under way on the same server.
  let found = await contactIds(organizationId, beginning)
  while (found.areSomeWaiting) found = await contactIds(organizationId, beginning)
  expect(found.ids).toEqual(['early', 'late'])
  const [early] = found.changes
  const afterEarly = { transaction: early?.transactionId ?? 0n, id: early?.id ?? 0n }
  expect((await contactIds(organizationId, afterEarly)).ids).toEqual(['late'])
  expect((await contactIds(organizationId, found.place)).ids).toEqual([])
  await watching.close()
})

test('changes are read in pages, each once', async () => {
  const { organizationId } = await house.organization()
  const happenings = Array.from({ length: 25 }, (_, index) => ({ kind: 'contact.created' as const, contactId: `contact ${index}` }))
  await house.db.$transaction((tx) => recordChanges(tx, organizationId, noon, happenings))
  await house.db.$transaction((tx) => recordChanges(tx, organizationId, noon, happenings.slice(0, 5)))
  const read: (string | null)[] = []
  for (let place = beginning, more = true; more;) {
    const found = await selectChanges(house.db, organizationId, place, 10)
    if (found.areSomeWaiting) continue
    read.push(...found.changes.map(({ contactId }) => contactId))
    place = found.place
    more = found.hasMore
  }
  const written = happenings.map(({ contactId }) => contactId)
  expect(read).toEqual([...written, ...written.slice(0, 5)])
})

test('changes are forgotten after a day', async () => {
  const { organizationId } = await house.organization()
  const day = 24 * 3_600_000
  for (const age of [day + 1, day])
    await recordChanges(house.db, organizationId, new Date(noon.getTime() - age), [{ kind: 'contact.created', contactId: String(age) }])
  await forgetOldChanges(house.db, noon)
  expect((await house.db.change.findMany({ where: { organizationId } })).map(({ contactId }) => contactId)).toEqual([String(day)])
})

test('an event id is read back for as long as changes are kept', () => {
  const place = { transaction: 2n ** 62n, id: 7n }
  const id = encodeEventId(place, noon)
  expect(decodeEventId(id, noon)).toEqual(place)
  expect(() => decodeEventId(id, new Date(noon.getTime() + 24 * 3_600_000 + 1))).toThrow(EventIdExpired)
  for (const wrong of ['', 'x', id.slice(1), `${id}AAAA`, Buffer.from('99999999999999999999.1.1').toString('base64url'), 'a'.repeat(500)])
    expect(() => decodeEventId(wrong, noon)).toThrow(InvalidInput)
})
