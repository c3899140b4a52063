import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const csv = { 'Content-Type': 'text/csv' }

/** The organization's living contacts, by what distinguishes them. */
async function contactsOf(tenant: Tenant) {
  return gateway.db.prisma.contact.findMany({
    where: { organizationId: tenant.organizationId, deletedAt: null },
    orderBy: { id: 'asc' },
    select: { phone: true, email: true, firstName: true, tags: true, customAttributes: true },
  })
}

describe('an import of CSV', () => {
  test('creates, changes and leaves out, and says how many of each', async () => {
    const tenant = await gateway.organization({ defaultCountry: 'US' })
    const known = await givenContact(tenant, { email: 'ana@example.com', firstName: 'Ana', company: 'Northwind' })
    await givenContact(tenant, { email: 'same@example.com', firstName: 'Same' })
    const file = [
      'First Name,E-mail,Mobile,Tags,Shoe Size',
      'Anna,ANA@example.com,(415) 555-2671,"vip;beta",42',
      'Bob,,(415) 555-2672,,',
      'Bobby,,+1 415 555 2672,,',
      'Cyd,cyd@,,,',
      'Same,same@example.com,,,',
      '',
    ].join('\r\n')
    const answer = await tenant.rest('POST', '/bulk?on_duplicate=update', file, csv)
    const { id } = answer.body.data
    const job = {
      id: expect.stringMatching(/^imp_[0-9a-z]{26}$/),
      status: 'completed',
      total_rows: 5,
      processed_rows: 5,
      created: 1,
      updated: 1,
      unchanged: 1,
      skipped: 2,
      dry_run: false,
      on_duplicate: 'update',
      default_country: null,
      match_by: null,
      tags: 'add',
      add_tags: [],
      layout: null,
      columns: [
        { name: 'First Name', becomes: 'first_name', samples: ['Anna', 'Bob', 'Bobby'] },
        { name: 'E-mail', becomes: 'email', samples: ['ANA@example.com', 'cyd@', 'same@example.com'] },
        { name: 'Mobile', becomes: 'phone', samples: ['(415) 555-2671', '(415) 555-2672', '+1 415 555 2672'] },
        { name: 'Tags', becomes: 'tags', samples: ['vip;beta'] },
        { name: 'Shoe Size', becomes: 'custom_attributes.Shoe Size', samples: ['42'] },
      ],
      reasons: [
        { code: 'DUPLICATE_IN_FILE', count: 1 },
        { code: 'INVALID_EMAIL', count: 1 },
      ],
      warnings: [
        {
          code: 'UNMAPPED_COLUMN',
          column: 'Shoe Size',
          field: null,
          message:
            'The column Shoe Size is not recognized and is kept as a custom attribute. Map it with columns, or to null to leave it out.',
          count: null,
          rows: [],
        },
      ],
      created_at: noon.toISOString(),
      completed_at: noon.toISOString(),
      rollback_expires_at: '2026-03-02T12:00:00.000Z',
      rollback: null,
      links: {
        self: `/api/v1/contacts/import-jobs/${id}`,
        skipped_csv: `/api/v1/contacts/import-jobs/${id}/skipped.csv`,
        kept_csv: null,
        rollback: `/api/v1/contacts/import-jobs/${id}/rollback`,
      },
    }
    expect([answer.status, answer.body.data]).toEqual([201, { import_job_id: id, ...job }])
    expect((await tenant.rest('GET', `/import-jobs/${id}`)).body.data).toEqual(job)
    expect(await contactsOf(tenant)).toEqual([
      {
        phone: '+14155552671',
        email: 'ANA@example.com',
        firstName: 'Anna',
        tags: ['vip', 'beta'],
        customAttributes: { 'Shoe Size': '42' },
      },
      { phone: null, email: 'same@example.com', firstName: 'Same', tags: [], customAttributes: {} },
      { phone: '+14155552672', email: null, firstName: 'Bob', tags: [], customAttributes: {} },
    ])
    expect((await gateway.db.prisma.contact.findFirst({ where: { id: known } }))?.company).toBe('Northwind')
    const skipped = await tenant.rest('GET', `/import-jobs/${id}/skipped.csv`)
    expect([skipped.headers.get('content-type'), skipped.headers.get('content-disposition')]).toEqual([
      'text/csv; charset=utf-8',
      `attachment; filename="skipped-${id}.csv"`,
    ])
    expect(skipped.body).toBe(
      [
        'row_number,reason_code,field,value,message,expected,First Name,E-mail,Mobile,Tags,Shoe Size',
        "3,DUPLICATE_IN_FILE,Mobile,+14155552672,Row 2 of the upload is about the same contact.,each contact in one row,Bobby,,'+1 415 555 2672,,",
        '4,INVALID_EMAIL,E-mail,cyd@,cyd@ is not an email address.,an address such as ana@example.com,Cyd,cyd@,,,',
        '',
      ].join('\r\n'),
    )
    const corrected = skipped.body.replaceAll('cyd@', 'cyd@example.com').replaceAll('2672', '2673')
    expect((await tenant.rest('POST', '/bulk', corrected, csv)).body.data).toMatchObject({ total_rows: 2, created: 2, skipped: 0 })
  })

  test.each([
    ['a byte order mark and semicolons', '\uFEFFemail;first_name\nana@example.com;Ana\n', 'Ana'],
    ['tabs', 'email\tfirst_name\nana@example.com\tAna', 'Ana'],
    ['line ends of old', 'email,first_name\rana@example.com,Ana\r', 'Ana'],
    ['quotes within', 'email,first_name\nana@example.com,"Ana ""the"" Great"\n', 'Ana "the" Great'],
    ['empty lines and fewer cells', 'email,first_name,company\n\nana@example.com,Ana\n\n', 'Ana'],
  ])('reads %s', async (_what, file, firstName) => {
    const tenant = await gateway.organization()
    expect((await tenant.rest('POST', '/bulk', file, csv)).body.data).toMatchObject({ total_rows: 1, created: 1 })
    expect(await contactsOf(tenant)).toMatchObject([{ email: 'ana@example.com', firstName }])
  })
})

describe('an import of JSON', () => {
  test('reads what creating a contact reads, and more', async () => {
    const tenant = await gateway.organization()
    const answer = await tenant.rest('POST', '/bulk', {
      contacts: [
        { email: 'ana@example.com', first_name: 'Ana', tags: ['a,b', 'c'], metadata: { plan: 'pro' }, seats: 12 },
        { phone: '(020) 7946-0018', firstName: 'Bob', lifecycle_stage: 'Customer' },
        'nobody',
        { email: 'broken\u0000@example.com', note: 'x' },
        {},
      ],
      default_country: 'gb',
    })
    expect([answer.status, answer.body.data]).toMatchObject([201, { total_rows: 5, created: 2, skipped: 3 }])
    expect(await contactsOf(tenant)).toEqual([
      { phone: null, email: 'ana@example.com', firstName: 'Ana', tags: ['a,b', 'c'], customAttributes: { plan: 'pro', seats: 12 } },
      { phone: '+442079460018', email: null, firstName: 'Bob', tags: [], customAttributes: {} },
    ])
    const skipped = await tenant.rest('GET', `/import-jobs/${answer.body.data.id}/skipped.csv`)
    expect(skipped.body.split('\r\n').map((line: string) => line.split(',').slice(0, 3))).toMatchObject([
      ['row_number', 'reason_code', 'field'],
      ['3', 'UNREADABLE_ROW', ''],
      ['4', 'UNREADABLE_ROW', ''],
      ['5', 'MISSING_REQUIRED_FIELD', 'phone'],
      [''],
    ])
  })
})

describe('a row', () => {
  const skippedRow = async (tenant: Tenant, contact: object, options: object = {}) => {
    const { body } = await tenant.rest('POST', '/bulk', { contacts: [contact], ...options })
    expect(body.data).toMatchObject({ total_rows: 1, skipped: 1 })
    return gateway.db.prisma.importRow.findFirst({
      where: { importJobId: body.data.id },
      select: { outcome: true, reasonCode: true, field: true, value: true },
    })
  }

  test.each([
    [{ phone: 'N/A' }, 'MISSING_REQUIRED_FIELD', 'phone', null],
    [{ phone: 'nobody' }, 'INVALID_PHONE_NUMBER', 'phone', 'nobody'],
    [{ phone: '1.41556E+10' }, 'INVALID_PHONE_NUMBER', 'phone', '1.41556E+10'],
    [{ email: 'ana@example.com', diary: 'x'.repeat(1024 * 1024) }, 'VALIDATION_ERROR', 'custom_attributes', null],
  ])('%.60j is skipped as %s', async (contact, reasonCode, field, value) => {
    const tenant = await gateway.organization()
    expect(await skippedRow(tenant, contact)).toEqual({ outcome: 'skipped', reasonCode, field, value })
    expect(await contactsOf(tenant)).toEqual([])
  })

  test('that points at two contacts is skipped', async () => {
    const tenant = await gateway.organization()
    await givenContact(tenant, { phone: '+14155552671' })
    await givenContact(tenant, { email: 'ana@example.com' })
    const contact = { phone: '+14155552671', email: 'ana@example.com' }
    expect(await skippedRow(tenant, contact, { on_duplicate: 'update' })).toMatchObject({ reasonCode: 'AMBIGUOUS_MATCH' })
  })

  test('whose contact is known is skipped, unless the contact is to be changed', async () => {
    const tenant = await gateway.organization()
    await givenContact(tenant, { email: 'ana@example.com' })
    expect(await skippedRow(tenant, { email: 'ANA@example.com', first_name: 'Ana' })).toMatchObject({
      reasonCode: 'CONTACT_ALREADY_EXISTS',
    })
    expect(await contactsOf(tenant)).toMatchObject([{ firstName: null }])
  })

  test('can take what a row before it has given up', async () => {
    const tenant = await gateway.organization()
    await givenContact(tenant, { phone: '+14155552671', email: 'one@example.com' })
    await givenContact(tenant, { phone: '+14155552672', email: 'two@example.com' })
    const contacts = [
      { phone: '+14155552671', email: 'free@example.com' },
      { phone: '+14155552672', email: 'one@example.com' },
      { email: 'two@example.com' },
    ]
    const { body } = await tenant.rest('POST', '/bulk', { contacts, on_duplicate: 'update', match_by: ['phone'] })
    expect(body.data).toMatchObject({ updated: 2, created: 1 })
    expect(await contactsOf(tenant)).toMatchObject([
      { email: 'free@example.com' },
      { email: 'one@example.com' },
      { email: 'two@example.com', phone: null },
    ])
    const undone = await tenant.rest('POST', `/import-jobs/${body.data.id}/rollback`)
    expect(undone.body.data.rollback).toEqual({ reversed: 3, kept: 0, failed: 0 })
    expect(await contactsOf(tenant)).toMatchObject([
      { phone: '+14155552671', email: 'one@example.com' },
      { phone: '+14155552672', email: 'two@example.com' },
    ])
  })
})

test.each([
  ['a list', { contacts: [] }],
  ['a file', 'email,phone\n'],
])('%s without rows is a completed import of none', async (_what, upload) => {
  const tenant = await gateway.organization()
  const { status, body } = await tenant.rest('POST', '/bulk', upload, typeof upload === 'string' ? csv : {})
  const counts = { total_rows: 0, processed_rows: 0, created: 0, updated: 0, unchanged: 0, skipped: 0 }
  expect([status, body.data]).toMatchObject([201, { status: 'completed', ...counts, warnings: [], reasons: [] }])
})

describe('an upload is refused whole', () => {
  test.each([
    ['an empty file', '', 422, 'VALIDATION_ERROR', 'The file is empty.'],
    ['a picture', 'PK\u0003\u0004', 422, 'VALIDATION_ERROR', /spreadsheet or an archive/],
    ['no column to reach a contact by', 'name\nAna', 422, 'VALIDATION_ERROR', /no column for a phone number or an email/],
    ['a quote that stays open', 'email,name\na@b.com,"Ana\n', 422, 'VALIDATION_ERROR', /never closed/],
    ['too many rows', `email\n${'a@example.com\n'.repeat(100_001)}`, 413, 'PAYLOAD_TOO_LARGE', /more than 100,000 rows/],
    ['26 MB', `email\n${'x'.repeat(26 * 1024 * 1024)}`, 413, 'PAYLOAD_TOO_LARGE', /25,600 KiB/],
  ])('%s', async (_what, file, status, code, message) => {
    const tenant = await gateway.organization()
    const answer = await tenant.rest('POST', '/bulk', file, csv)
    expect([answer.status, answer.body.error.code]).toEqual([status, code])
    expect(answer.body.error.message).toMatch(message)
    expect(await gateway.db.prisma.importRow.count({ where: { organizationId: tenant.organizationId } })).toBe(0)
    expect(await gateway.db.prisma.importJob.count({ where: { organizationId: tenant.organizationId } })).toBe(0)
  })

  test.each([
    [{ contacts: 'ana' }, 422, 'contacts'],
    [{}, 422, 'contacts'],
    [{ contacts: [{}], on_duplicate: 'merge' }, 422, 'on_duplicate'],
    [{ contacts: [{}], default_country: 'XX' }, 422, 'default_country'],
    [{ contacts: [{}], colour: 'red' }, 422, 'colour'],
  ])('%.60j', async (body, status, field) => {
    const tenant = await gateway.organization()
    const answer = await tenant.rest('POST', '/bulk', body)
    expect([answer.status, answer.body.error.details.field]).toEqual([status, field])
  })

  test('text that is not UTF-8', async () => {
    const tenant = await gateway.organization()
    const response = await gateway.app.fetch(
      new Request('http://localhost:4000/api/v1/contacts/bulk', {
        method: 'POST',
        headers: { 'X-API-Key': tenant.key, ...csv },
        body: Buffer.from('email,name\na@b.com,M\u00fcller\n', 'latin1'),
      }),
    )
    expect([response.status, await response.json()]).toMatchObject([
      422,
      {
        error: {
          message:
            'The file is not in UTF-8 (behind line 1). Save it as "CSV UTF-8", or declare its charset: Content-Type: text/csv; charset=windows-1252.',
        },
      },
    ])
  })
})
