import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../src/kernel/package-root.ts'
import { type TestGateway, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const csv = { 'Content-Type': 'text/csv' }

/** Imports a file with `on_duplicate=update`. @returns the job, with its counts in one text */
async function upload(tenant: Tenant, lines: readonly string[], query = '') {
  const { body } = await tenant.rest('POST', `/bulk?on_duplicate=update${query}`, lines.join('\r\n'), csv)
  const { id, created, updated, unchanged, skipped, warnings } = body.data
  const codes: string[] = warnings.map(({ code, column }: { code: string; column: string }) => `${code} ${column}`)
  return { id, counts: [created, updated, unchanged, skipped], codes }
}

interface Listed {
  readonly display_name: string
  readonly phone_numbers: readonly { value: string; extension: string | null; label: string | null; is_primary: boolean }[]
  readonly email_addresses: readonly { value: string; label: string | null; is_primary: boolean }[]
  readonly external_ids: readonly { system: string; value: string }[]
  readonly custom_attributes: unknown
}

/** Every contact with its addresses, by name. The primary address has a star, and its label stands behind it. */
async function contactsOf(tenant: Tenant) {
  const { body } = await tenant.rest('GET', '?limit=100')
  const listed: readonly Listed[] = body.data
  const text = (address: { value: string; label: string | null; is_primary: boolean }) =>
    `${address.is_primary ? '*' : ''}${address.value}${address.label === null ? '' : ` ${address.label}`}`
  const all = listed.map(({ display_name: name, phone_numbers, email_addresses, external_ids, custom_attributes: attributes }) => {
    const ids = external_ids.map(({ system, value }) => `${system}:${value}`)
    return [name, { phones: phone_numbers.map(text), emails: email_addresses.map(text), ids, attributes }] as const
  })
  return Object.fromEntries(all.toReversed())
}

const hubspot = 'Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Lifecycle Stage'

test("a tool's own id finds a person of whom name, address and number have changed, and a rollback gives all of it back", async () => {
  const tenant = await gateway.organization({ defaultCountry: 'US' })
  const file = [hubspot, '501,Nia,Oak,nia@old.example,(212) 555-0187,(415) 555-2611,Lead', '502,Olu,Pine,olu@old.example,,,Lead']
  expect((await upload(tenant, file)).counts).toEqual([2, 0, 0, 0])
  const before = await contactsOf(tenant)
  expect(before['Nia Oak']).toEqual({
    phones: ['*+14155552611', '+12125550187 Phone Number'],
    emails: ['*nia@old.example'],
    ids: ['hubspot:501'],
    attributes: {},
  })
  expect((await upload(tenant, file)).counts).toEqual([0, 0, 2, 0])
  const changed = await upload(tenant, [hubspot, '501,Nia,Reed,nia@new.example,(212) 555-0188,(415) 555-2612,Customer'])
  expect(changed.counts).toEqual([0, 1, 0, 0])
  expect(await contactsOf(tenant)).toMatchObject({
    'Nia Reed': { phones: ['*+14155552612', '+12125550187 Phone Number', '+12125550188 Phone Number'], ids: ['hubspot:501'] },
  })
  const { body } = await tenant.rest('POST', `/import-jobs/${changed.id}/rollback`)
  expect(body.data.rollback).toEqual({ reversed: 1, kept: 0, failed: 0 })
  expect(await contactsOf(tenant)).toEqual(before)
})

test('an id that a file repeats in every row makes no two people one', async () => {
  const tenant = await gateway.organization()
  const file = ['id,firstname,lastname,email,points', '7,Pia,Quist,pia@list.example,1', '7,Rui,Sol,rui@list.example,1']
  const { counts, codes } = await upload(tenant, file)
  expect([counts, codes]).toEqual([[2, 0, 0, 0], ['ADDRESS_TAKEN id']])
  expect(await contactsOf(tenant)).toMatchObject({ 'Pia Quist': { ids: ['mautic:7'] }, 'Rui Sol': { ids: [], attributes: { id: '7' } } })
  expect((await upload(tenant, file)).counts).toEqual([0, 0, 2, 0])
})

test('the same address with another id of the same system is that of another person', async () => {
  const tenant = await gateway.organization()
  const header = 'Id,FirstName,LastName,Email,MobilePhone,HasOptedOutOfEmail'
  const file = [header, '003A,Tia,Umber,home@family.example,,0', '003B,Vic,Umber,home@family.example,+447911123001,0']
  expect((await upload(tenant, file)).counts).toEqual([2, 0, 0, 0])
  expect(await contactsOf(tenant)).toMatchObject({
    'Tia Umber': { emails: ['*home@family.example'], ids: ['salesforce:003A'] },
    'Vic Umber': { emails: [], phones: ['*+447911123001'], ids: ['salesforce:003B'], attributes: { Email: 'home@family.example' } },
  })
  expect((await upload(tenant, file)).counts).toEqual([0, 0, 2, 0])
})

test('a record of Salesforce is the same with 15 and with 18 characters, and another one in other capitals', async () => {
  const tenant = await gateway.organization()
  const header = 'Contact ID,First Name,Last Name,Email,Account Name,Email Opt Out'
  const report = [header, '003Ab00000Cd1eF,Ada,Ash,ada@report.example,Moor Ltd,0', '003Ab00000Cd1ef,Ben,Birk,ben@report.example,Moor Ltd,0']
  expect((await upload(tenant, report)).counts).toEqual([2, 0, 0, 0])
  const dataLoader = [
    'Id,FirstName,LastName,Email,HasOptedOutOfEmail',
    '003Ab00000Cd1eFIAR,Ada,Reed,ada@new.example,0',
    '003ab00000cd1efiab,Ben,Birk,ben@report.example,0',
  ]
  expect((await upload(tenant, dataLoader)).counts).toEqual([0, 1, 1, 0])
  const contacts = await contactsOf(tenant)
  expect(contacts).toMatchObject({
    'Ada Reed': { emails: ['*ada@new.example'], ids: ['salesforce:003Ab00000Cd1eF'] },
    'Ben Birk': { ids: ['salesforce:003Ab00000Cd1ef'] },
  })
  const byId = async (value: string) => {
    const { body } = await tenant.gql('query ($id: ExternalIdInput!) { contactBy(externalId: $id) { displayName } }', {
      id: { system: 'salesforce', value },
    })
    return body.data.contactBy?.displayName
  }
  expect([await byId('003Ab00000Cd1eF'), await byId('003Ab00000Cd1eFIAR'), await byId('003Ab00000Cd1efIAB')]).toEqual([
    'Ada Reed',
    'Ada Reed',
    'Ben Birk',
  ])
})

test('ids of Salesforce that were compared as they are written are compared by their record after the migration', async () => {
  const tenant = await gateway.organization()
  const idOf = async (value: string) => {
    const { body } = await tenant.rest('POST', '/', {
      first_name: value,
      email: `${value}@old.example`,
      external_ids: [{ system: 'salesforce', value }],
    })
    return String(body.data.id)
  }
  const [short, twice] = [await idOf('001A000010khO8J'), await idOf('a0D30000001n7Pi')]
  await gateway.db.prisma
    .$executeRaw`update contact_addresses set key = 'salesforce:' || value where kind = 'external' and contact_id in (${short}, ${twice})`
  await idOf('a0D30000001n7PiEAI')
  const sql = await readFile(join(packageRoot(), 'prisma/migrations/20261130083633_salesforce_ids/migration.sql'), 'utf8')
  await gateway.db.prisma.$executeRawUnsafe(sql)
  const keys = await gateway.db.prisma.contactAddress.findMany({
    where: { organizationId: tenant.organizationId, kind: 'external' },
    orderBy: { key: 'asc' },
  })
  expect(keys.map(({ key }) => key)).toEqual([
    'salesforce:001A000010khO8JIAU',
    'salesforce:a0D30000001n7Pi',
    'salesforce:a0D30000001n7PiEAI',
  ])
})

test('an id that belongs to one contact and an email address that belongs to another are ambiguous, unless the match is by id', async () => {
  const tenant = await gateway.organization()
  const mapping = `&columns=${encodeURIComponent(JSON.stringify({ Nr: 'external_ids.crm' }))}`
  await upload(tenant, ['Nr,Name,Email', 'A1,Wim Ash,wim@x.example', ',Xia Birk,xia@x.example'], mapping)
  const crossed = ['Nr,Name,Email,Phone', 'A1,W. A.,xia@x.example,+447911123002']
  expect((await upload(tenant, crossed, mapping)).counts).toEqual([0, 0, 0, 1])
  const forced = await upload(tenant, crossed, `${mapping}&match_by=external_id`)
  expect([forced.counts, forced.codes]).toEqual([[0, 1, 0, 0], ['ADDRESS_TAKEN Email']])
  expect(await contactsOf(tenant)).toMatchObject({
    'W. A.': { phones: ['*+447911123002'], emails: ['*wim@x.example'], ids: ['crm:A1'], attributes: { Email: 'xia@x.example' } },
    'Xia Birk': { emails: ['*xia@x.example'], ids: [] },
  })
})

test('numbers and addresses beside the primary ones are kept with what they are for, and those of others are left out', async () => {
  const tenant = await gateway.organization()
  const header = 'Name,Email,Private Email,Mobile,Home Phone,Office Phone'
  const first = await upload(tenant, [
    header,
    'Yan Cole,yan@work.example,yan@home.example,+447911123003,+441614960101,+441614960102',
    'Zia Cole,zia@work.example,,+447911123004,+441614960101,12345',
  ])
  expect([first.counts, first.codes.toSorted()]).toEqual([
    [2, 0, 0, 0],
    ['ADDRESS_TAKEN Home Phone', 'VALUE_NOT_UNDERSTOOD Office Phone'],
  ])
  expect(await contactsOf(tenant)).toEqual({
    'Yan Cole': {
      phones: ['*+447911123003', '+441614960101 Home Phone', '+441614960102 Office Phone'],
      emails: ['*yan@work.example', 'yan@home.example Private Email'],
      ids: [],
      attributes: {},
    },
    'Zia Cole': {
      phones: ['*+447911123004'],
      emails: ['*zia@work.example'],
      ids: [],
      attributes: { 'Home Phone': '+441614960101', 'Office Phone': '12345' },
    },
  })
})

test('a preview shows all addresses and ids that the contact would have', async () => {
  const tenant = await gateway.organization()
  const header = 'Record ID,Name,Email,Private Email,Mobile,Office Phone,Lifecycle Stage'
  await upload(tenant, [header, '9,Kai Lund,kai@work.example,kai@home.example,+447911123006,+441614960106,Lead'])
  const file = [
    header,
    '9,Kai Lund,kai@work.example,kai@club.example,+447911123007,,Lead',
    '10,Lea Moor,lea@work.example,,+447911123008,+441614960108 x9,Lead',
    '11,Max Noor,max@work.example,kai@home.example,+447911123009,+441614960106,Lead',
  ].join('\n')
  const { body } = await tenant.rest('POST', '/bulk/preview?on_duplicate=update', file, csv)
  const rows: { contact: Listed }[] = body.data.rows
  await tenant.rest('POST', '/bulk?on_duplicate=update', file, csv)
  const { body: list } = await tenant.rest('GET', '?limit=100')
  const imported: Listed[] = list.data
  const text = (address: { value: string; extension?: string | null; label: string | null; is_primary: boolean }) =>
    JSON.stringify([address.is_primary, address.value, address.extension ?? null, address.label])
  const shown = ({ phone_numbers, email_addresses, external_ids }: Listed) =>
    [...phone_numbers, ...email_addresses].map(text).toSorted().concat(JSON.stringify(external_ids))
  const byName = (contacts: readonly Listed[]) => Object.fromEntries(contacts.map((contact) => [contact.display_name, shown(contact)]))
  expect(byName(rows.map(({ contact }) => contact))).toEqual(byName(imported))
  expect(rows[0]?.contact).toMatchObject({
    email_addresses: [{ is_primary: true }, { value: 'kai@home.example' }, { value: 'kai@club.example' }],
  })
})

test('a row whose only number an earlier row has taken names that row', async () => {
  const tenant = await gateway.organization()
  const job = await upload(tenant, ['Phone,Name', '+52 1 55 4321 8765,Ana', '+52 55 4321 8765,Ana'])
  const skipped = await tenant.rest('GET', `/import-jobs/${job.id}/skipped.csv`)
  expect(skipped.body).toContain('2,DUPLICATE_IN_FILE,Phone,+525543218765,Row 1 of the upload is about the same contact.')
})

test('an export with several numbers, addresses and ids gives the same contacts elsewhere', async () => {
  const [one, other] = [await gateway.organization(), await gateway.organization()]
  await one.rest('POST', '/bulk', {
    contacts: [
      {
        first_name: 'Bea',
        phone_numbers: [
          { value: '+14155552613', extension: '12', label: 'desk; 2nd, "old"' },
          { value: '+447911123005', label: 'private', is_primary: true },
        ],
        email_addresses: ['bea@a.example', 'bea@b.example'],
        external_ids: [
          { system: 'crm', value: '=7' },
          { system: 'shop', value: 'a;b' },
        ],
      },
      { first_name: 'Cyd', email: 'cyd@a.example', external_ids: { crm: 8 } },
    ],
  })
  const before = await contactsOf(one)
  expect(before['Bea']).toMatchObject({ phones: ['*+447911123005 private', '+14155552613 desk; 2nd, "old"'], ids: ['crm:=7', 'shop:a;b'] })
  const exported = await one.rest('POST', '/export', { format: 'csv', delimiter: ';' })
  expect((await other.rest('POST', '/bulk', exported.body, csv)).body.data).toMatchObject({ created: 2, skipped: 0 })
  expect(await contactsOf(other)).toEqual(before)
})
