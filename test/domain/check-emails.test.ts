import { afterAll, beforeAll, expect, test } from 'vitest'
import { findInvalidEmails } from '../../src/domain/contacts/check-emails.ts'
import { givenContact } from '../support/factories.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

test('stored email addresses that an earlier release accepted are reported and not changed', async () => {
  const [tenant, other] = [await gateway.organization(), await gateway.organization()]
  const stored = ['a@m.example/x', 'b@m.example?x', 'c@m.exa%6Dple', 'd@m.exam\r\nple', 'e@ｍ.example', 'f@münchen.example', 'g@m.example']
  const ids: string[] = []
  for (const email of stored) {
    const id = await givenContact(tenant)
    await gateway.db.contact.update({
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
  const after = await gateway.db.contact.findMany({ where: { organizationId: tenant.organizationId }, orderBy: { id: 'asc' } })
  expect(after.map(({ email }) => email)).toEqual(stored)
})
