import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenContact } from '../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const csv = { 'Content-Type': 'text/csv' }

async function contactsOf({ organizationId }: Tenant) {
  return gateway.db.prisma.contact.findMany({ where: { organizationId, deletedAt: null }, orderBy: { createdAt: 'asc' } })
}

test('control characters are removed from names and tags of a file, and refused in those of a caller', async () => {
  const tenant = await gateway.organization()
  const file = [
    'E-mail,First Name,Surname,Company,Tags',
    'a@ink.example,Li\u202en\u202ca,O\u0007din,\u2066Pine\u2069 \u0085 Ltd,v\u202aip',
  ].join('\n')
  const { body } = await tenant.rest('POST', '/bulk', file, csv)
  expect(body.data).toMatchObject({ created: 1, skipped: 0, warnings: [] })
  expect(await contactsOf(tenant)).toMatchObject([{ firstName: 'Lina', lastName: 'Odin', company: 'Pine Ltd', tags: ['vip'] }])
  for (const first_name of ['\u202eanil', 'a\u2068b', 'a\u0090b']) {
    const refused = await tenant.rest('POST', '', { email: 'b@ink.example', first_name })
    expect([refused.status, refused.body.error.details.field]).toEqual([422, 'first_name'])
  }
})

test('a stored name is accepted back though no such name is accepted any more', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, { email: 'c@ink.example' })
  await gateway.db.prisma.contact.updateMany({ where: { id }, data: { company: 'Old\u202eCo' } })
  expect((await tenant.rest('PATCH', `/${id}`, { company: 'Old\u202eCo', last_name: 'Ash' })).status).toBe(200)
})

test.each([
  ['Country,Phone', 'NL,31612345678', '+31612345678'],
  ['Country,Phone', 'Ireland,353851234567', '+353851234567'],
  ['Country,Phone', 'AUT,0664 1234567', '+436641234567'],
  ['Country,Phone', 'Australia,412345678', '+61412345678'],
  ['Country,Phone', 'BEL,0470.12.34.56', '+32470123456'],
  ['Country,Phone', 'Canada,14165550123.0', '+14165550123'],
  ['Pays,Téléphone', 'Suisse,079 123 45 67', '+41791234567'],
  // Digits of the default country, with its calling code and without.
  ['Name,Phone', 'Bo,6135550123', '+16135550123'],
  ['Name,Phone', 'Bo,16135550124', '+16135550124'],
  // Never in the default country when the row names another one, or none that is understood.
  ['Country,Phone', 'Atlantis,6135550125', null],
  ['Country,Phone', 'Germany,6135550126', '+496135550126'],
])('a national number of %s: %s', async (header, row, phone) => {
  const tenant = await gateway.organization()
  await tenant.rest('POST', '/bulk?default_country=CA', `Email,${header}\nx@ink.example,${row}\n`, csv)
  const [contact] = await contactsOf(tenant)
  expect(contact?.phone).toBe(phone)
})

test('a date of creation that is mapped stands in the journey, and in an attribute otherwise', async () => {
  const tenant = await gateway.organization()
  const columns = encodeURIComponent(JSON.stringify({ 'Kunde seit': 'first_seen_at' }))
  await tenant.rest('POST', `/bulk?columns=${columns}`, 'E-Mail;Kunde seit;Created At\nd@ink.example;3.2.2021;2020-01-02\n', csv)
  const [contact] = await contactsOf(tenant)
  expect(contact?.customAttributes).toEqual({ first_seen_at: '2021-02-03T00:00:00.000Z', 'Created At': '2020-01-02' })
  const { body } = await tenant.rest('GET', `/${contact?.id}/journey`)
  expect(body.data.entries).toMatchObject([{ type: 'imported', detail: 'first seen on 2021-02-03' }])
})

test('names of columns may stand on two lines', async () => {
  const tenant = await gateway.organization()
  const { body } = await tenant.rest('POST', '/bulk', '"E-Mail\nAdresse","\u202aVor\u202cname"\ne@ink.example,Ute\n', csv)
  expect(body.data.columns).toMatchObject([
    { name: 'E-Mail Adresse', becomes: 'email' },
    { name: 'Vorname', becomes: 'first_name' },
  ])
})

test.each(['Telefon', '["phone"]', '{"Telefon": '])('a mapping that is no JSON object is refused as such: %s', async (text) => {
  const tenant = await gateway.organization()
  const { status, body } = await tenant.rest('POST', `/bulk?columns=${encodeURIComponent(text)}`, 'Email\na@ink.example\n', csv)
  expect([status, body.error.message, body.error.details.field]).toEqual([422, 'The mapping of columns is not a JSON object.', 'columns'])
})

test.each([
  ['several that a list could stand for', ['a、b', 'c；d', '#e', "'f'", '* g', '{h}', 'i ::: j', '"k"']],
  ['some that look like no value', ['null', 'N/A', '-', 'myContacts']],
  ['some that begin with a sign', ['#e', '#f']],
])('tags, %s, are the same after an export and an import', async (_what, tags) => {
  const [one, other] = [await gateway.organization(), await gateway.organization()]
  await one.rest('POST', '/', { email: 'tags@ink.example', tags })
  const { body } = await one.rest('POST', '/export', { format: 'csv' })
  await other.rest('POST', '/bulk', body, csv)
  const { body: list } = await other.rest('GET', '')
  expect(list.data).toMatchObject([{ email: 'tags@ink.example', tags }])
})
