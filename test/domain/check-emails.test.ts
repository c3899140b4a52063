import { afterAll, beforeAll, expect, test } from 'vitest'
import { findInvalidEmails } from '../../src/domain/contacts/check-emails.ts'
import { findLostOptIns, lostOptInsOf } from '../../src/domain/preferences/lost-opt-ins.ts'
import { newId } from '../../src/kernel/ids.ts'
import { givenContact } from '../support/factories.ts'
import { noon, openOwnGateway, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openOwnGateway()
})
afterAll(() => gateway.close())

test('stored email addresses that an earlier release accepted are reported and not changed', async () => {
  const [tenant, other] = [await gateway.organization(), await gateway.organization()]
  const stored = ['a@m.example/x', 'b@m.example?x', 'c@m.exa%6Dple', 'd@m.exam\r\nple', 'e@ｍ.example', 'f@münchen.example', 'g@m.example']
  const ids: string[] = []
  for (const email of stored) {
    const id = await givenContact(tenant)
    await gateway.db.prisma.contact.update({
      where: { organizationId_id: { organizationId: tenant.organizationId, id } },
      data: { email },
      select: { id: true },
    })
    ids.push(id)
  }
  await givenContact(other, { email: 'jürgen@münchen.example' })
  expect(await findInvalidEmails(tenant.context.db)).toEqual([
    { organizationId: tenant.organizationId, count: 5, contactIds: ids.slice(0, 5) },
  ])
  const after = await gateway.db.prisma.contact.findMany({ where: { organizationId: tenant.organizationId }, orderBy: { id: 'asc' } })
  expect(after.map(({ email }) => email)).toEqual(stored)
})

test('opt-ins of an earlier release that license nothing any more are reported, unless something else holds by now', async () => {
  const [tenant, other] = [await gateway.organization(), await gateway.organization()]
  const { organizationId } = tenant
  const [lost, purpose, asked] = [await givenContact(tenant), await givenContact(tenant), await givenContact(tenant)]
  await givenContact(other)
  // As the migration leaves them: no dedupe key, and no address where it is not certain.
  const old = {
    organizationId,
    channel: 'email',
    state: 'opted_in',
    source: 'web_form',
    recordedAt: noon,
    recordedBy: 'x',
    createdAt: noon,
  } as const
  const address = { addressKind: 'email', addressKey: 'p@example.com' } as const
  await gateway.db.prisma.consentRecord.createMany({
    data: [
      { ...old, id: newId('consentRecord'), contactId: lost },
      { ...old, id: newId('consentRecord'), contactId: purpose, ...address, purpose: 'parcels' },
      { ...old, id: newId('consentRecord'), contactId: asked },
      { ...old, id: newId('consentRecord'), contactId: asked, channel: 'push' },
    ],
  })
  await tenant.rest('PUT', `/${asked}/preferences`, {
    changes: [{ channel: 'email', state: 'opted_in', source: 'web_form', text_version: 'v2' }],
  })
  expect(await findLostOptIns(tenant.context.db)).toEqual([{ organizationId, count: 2, contactIds: [lost, purpose] }])
  const rows = []
  for await (const page of lostOptInsOf(tenant.context.db, organizationId)) rows.push(...page)
  expect(rows).toEqual([
    { contactId: lost, channel: 'email', recordedAt: noon, because: 'address' },
    { contactId: purpose, channel: 'email', recordedAt: noon, because: 'purpose' },
  ])
})
