import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordActivities } from '../../src/domain/activities/commands.ts'
import { createContact, deleteContacts, updateContact } from '../../src/domain/contacts/commands.ts'
import { findContactBy } from '../../src/domain/contacts/queries.ts'
import { restoreContacts } from '../../src/domain/contacts/restore.ts'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const spellings = [
  ['Mexico', '+52 1 33 1234 5678', '+52 33 1234 5678'],
  ['Brazil', '+55 21 8765-4321', '+55 21 98765-4321'],
  ['Argentina', '+54 351 421-5000', '+54 9 351 421-5000'],
] as const

async function stored(tenant: Tenant, id: string) {
  return gateway.db.prisma.contact.findUniqueOrThrow({ where: { organizationId_id: { organizationId: tenant.organizationId, id } } })
}

function idBy(tenant: Tenant, phone: string): Promise<string | undefined> {
  return findContactBy(tenant.context, { phone }).then((contact) => contact?.id)
}

describe.each(spellings)('a number of %s', (_country, one, other) => {
  test('is found in either spelling, keeps the one that was given, and is given to one contact only', async () => {
    for (const [given, wanted] of [
      [one, other],
      [other, one],
    ] as const) {
      const tenant = await gateway.organization()
      const id = await createContact(tenant.context, { phone: given })
      expect((await stored(tenant, id)).phone).toBe(given.replace(/[ -]/g, ''))
      expect(await idBy(tenant, given)).toBe(id)
      expect(await idBy(tenant, wanted)).toBe(id)
      expect(await idBy(tenant, `${wanted} x5`)).toBeUndefined()
      await expect(createContact(tenant.context, { phone: wanted })).rejects.toMatchObject({
        code: 'CONTACT_ALREADY_EXISTS',
        existingId: id,
      })
      const another = await createContact(tenant.context, { phone: `${wanted} x5` })
      await expect(updateContact(tenant.context, another, { phoneExtension: '' })).rejects.toMatchObject({ existingId: id })
      // The contact itself may change from one spelling to the other.
      await updateContact(tenant.context, id, { phone: wanted })
      expect((await stored(tenant, id)).phone).toBe(wanted.replace(/[ -]/g, ''))
    }
  })

  test('names one contact in activities', async () => {
    const tenant = await gateway.organization()
    const message = { occurredAt: noon, channel: 'whatsapp', direction: 'inbound', createContact: true } as const
    const outcomes = await recordActivities(tenant.context, [
      { message: { ...message, contact: { phone: one } } },
      { message: { ...message, contact: { phone: other } } },
    ])
    expect(outcomes).toMatchObject([{ status: 'created' }, { status: 'created' }])
    expect(await gateway.db.prisma.contact.count({ where: { organizationId: tenant.organizationId } })).toBe(1)
    await recordActivities(tenant.context, [{ message: { ...message, contact: { phone: other } } }])
    expect(
      await gateway.db.prisma.message.count({
        where: { organizationId: tenant.organizationId, contactId: (await idBy(tenant, one)) ?? '' },
      }),
    ).toBe(3)
  })

  test('is one row of an import, which leaves the spelling of a known contact alone', async () => {
    const tenant = await gateway.organization()
    const contacts = [{ phone: one }, { phone: other, first_name: 'Ana' }]
    const first = await tenant.rest('POST', '/bulk', { contacts })
    expect(first.body.data).toMatchObject({ created: 1, skipped: 1 })
    const id = (await idBy(tenant, one)) ?? ''
    const again = await tenant.rest('POST', '/bulk', { contacts: contacts.slice(1), on_duplicate: 'update' })
    expect(again.body.data).toMatchObject({ updated: 1 })
    expect(await stored(tenant, id)).toMatchObject({ phone: one.replace(/[ -]/g, ''), firstName: 'Ana' })
    expect((await tenant.rest('POST', '/bulk', { contacts: contacts.slice(1), on_duplicate: 'update' })).body.data).toMatchObject({
      unchanged: 1,
    })
    await tenant.rest('POST', `/import-jobs/${again.body.data.id}/rollback`)
    expect(await stored(tenant, id)).toMatchObject({ phone: one.replace(/[ -]/g, ''), firstName: null })
    expect(await idBy(tenant, other)).toBe(id)
  })

  test('comes back with a restored contact unless another one has it in another spelling', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant, { phone: one })
    await deleteContacts(tenant.context, [id])
    const heir = await givenContact(tenant, { phone: other })
    expect(await restoreContacts(tenant.context, [id])).toMatchObject({ restored: [], failed: [{ id, reason: { existingId: heir } }] })
    await deleteContacts(tenant.context, [heir])
    expect(await restoreContacts(tenant.context, [id])).toMatchObject({ restored: [id] })
    expect(await idBy(tenant, other)).toBe(id)
  })
})

test('contacts of one number that were there before numbers had keys both stay, and an upgrade writes the keys of all others', async () => {
  const tenant = await gateway.organization()
  const { organizationId } = tenant
  const ids: string[] = []
  for (const [, one, other] of spellings) {
    const pair = [await givenContact(tenant, { phone: one }), await givenContact(tenant)]
    await gateway.db.prisma.contact.update({
      where: { organizationId_id: { organizationId, id: pair[0] ?? '' } },
      data: { phoneKey: null },
      select: { id: true },
    })
    await gateway.db.prisma.contact.update({
      where: { organizationId_id: { organizationId, id: pair[1] ?? '' } },
      data: { phone: other.replace(/[ -]/g, '') },
      select: { id: true },
    })
    ids.push(...pair)
  }
  const alone = await givenContact(tenant, { phone: '+54 11 2345-6789' })
  const deleted = await givenContact(tenant, { phone: '+52 1 55 1234 5678' })
  await deleteContacts(tenant.context, [deleted])
  await gateway.db.prisma.contact.updateMany({ where: { organizationId, id: { in: [alone, deleted] } }, data: { phoneKey: null } })
  const all = [...ids, alone, deleted]
  await gateway.db.sql`select adopt_previous_release(${organizationId}, ${all}::text[])::text as done`
  for (const id of ids) expect((await stored(tenant, id)).phoneKey).toBeNull()
  expect((await stored(tenant, alone)).phoneKey).toBe('+5491123456789')
  expect((await stored(tenant, deleted)).phoneKey).toBe('+525512345678')
  // Each of a pair can still be changed, and the one whose number is among its addresses is found by both spellings.
  for (const id of ids) await updateContact(tenant.context, id, { firstName: 'Ana' })
  for (const [index, [, one, other]] of spellings.entries()) {
    expect([await idBy(tenant, one), await idBy(tenant, other)]).toEqual([ids[2 * index], ids[2 * index]])
  }
})
