import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { workOnNextImport } from '../../src/domain/imports/work.ts'
import { givenContact } from '../support/factories.ts'
import { type House, noon, openHouse, type Tenant } from '../support/house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())
afterEach(() => {
  house.clock.now = noon
})

const csv = { 'Content-Type': 'text/csv' }

/** The organization's living contacts, by what tells them apart. */
async function contactsOf(tenant: Tenant) {
  return house.db.contact.findMany({
    where: { organizationId: tenant.organizationId, deletedAt: null },
    orderBy: { id: 'asc' },
    select: { phone: true, email: true, firstName: true, tags: true, customAttributes: true },
  })
}

describe('an import of CSV', () => {
  test('creates, changes and leaves out, and says how many of each', async () => {
    const tenant = await house.organization({ defaultCountry: 'US' })
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
      created_at: noon.toISOString(),
      completed_at: noon.toISOString(),
      rollback_expires_at: '2026-03-02T12:00:00.000Z',
      rollback: null,
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
    expect((await house.db.contact.findFirst({ where: { id: known } }))?.company).toBe('Northwind')
    const skipped = await tenant.rest('GET', `/import-jobs/${id}/skipped.csv`)
    expect([skipped.headers.get('content-type'), skipped.headers.get('content-disposition')]).toEqual([
      'text/csv; charset=utf-8',
      `attachment; filename="skipped-${id}.csv"`,
    ])
    expect(skipped.body).toBe(
      [
        'row_number,reason_code,field,value,message,First Name,E-mail,Mobile,Tags,Shoe Size',
        "3,DUPLICATE_IN_FILE,phone,+14155552672,An earlier row of the upload is about the same contact.,Bobby,,'+1 415 555 2672,,",
        '4,INVALID_EMAIL,email,cyd@,cyd@ is not an email address.,Cyd,cyd@,,,',
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
    const tenant = await house.organization()
    expect((await tenant.rest('POST', '/bulk', file, csv)).body.data).toMatchObject({ total_rows: 1, created: 1 })
    expect(await contactsOf(tenant)).toMatchObject([{ email: 'ana@example.com', firstName }])
  })
})

describe('an import of JSON', () => {
  test('reads what creating a contact reads, and more', async () => {
    const tenant = await house.organization()
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
    return house.db.importRow.findFirst({
      where: { importJobId: body.data.id },
      select: { outcome: true, reasonCode: true, field: true, value: true },
    })
  }

  test.each([
    [{ phone: 'N/A' }, 'INVALID_PHONE_NUMBER', 'phone', 'N/A'],
    [{ phone: '1.41556E+10' }, 'INVALID_PHONE_NUMBER', 'phone', '1.41556E+10'],
    [{ email: 'ana@example.com', lifecycle_stage: 'friend' }, 'VALIDATION_ERROR', 'lifecycle_stage', 'friend'],
    [{ email: 'ana@example.com', first_name: ['Ana'] }, 'VALIDATION_ERROR', 'first_name', '["Ana"]'],
    [{ email: 'ana@example.com', diary: 'x'.repeat(1024 * 1024) }, 'VALIDATION_ERROR', 'custom_attributes', null],
  ])('%.60j is skipped as %s', async (contact, reasonCode, field, value) => {
    const tenant = await house.organization()
    expect(await skippedRow(tenant, contact)).toEqual({ outcome: 'skipped', reasonCode, field, value })
    expect(await contactsOf(tenant)).toEqual([])
  })

  test('that points at two contacts is skipped', async () => {
    const tenant = await house.organization()
    await givenContact(tenant, { phone: '+14155552671' })
    await givenContact(tenant, { email: 'ana@example.com' })
    const contact = { phone: '+14155552671', email: 'ana@example.com' }
    expect(await skippedRow(tenant, contact, { on_duplicate: 'update' })).toMatchObject({ reasonCode: 'AMBIGUOUS_MATCH' })
  })

  test('whose contact is known is skipped, unless the contact is to be changed', async () => {
    const tenant = await house.organization()
    await givenContact(tenant, { email: 'ana@example.com' })
    expect(await skippedRow(tenant, { email: 'ANA@example.com', first_name: 'Ana' })).toMatchObject({
      reasonCode: 'CONTACT_ALREADY_EXISTS',
    })
    expect(await contactsOf(tenant)).toMatchObject([{ firstName: null }])
  })

  test('can take what a row before it has given up', async () => {
    const tenant = await house.organization()
    await givenContact(tenant, { phone: '+14155552671', email: 'one@example.com' })
    await givenContact(tenant, { phone: '+14155552672', email: 'two@example.com' })
    const contacts = [
      { phone: '+14155552671', email: 'free@example.com' },
      { phone: '+14155552672', email: 'one@example.com' },
      { email: 'two@example.com' },
    ]
    const { body } = await tenant.rest('POST', '/bulk', { contacts, on_duplicate: 'update' })
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

describe('an upload is refused whole', () => {
  test.each([
    ['an empty file', '', 422, 'VALIDATION_ERROR', 'The file is empty.'],
    ['a header alone', 'email,phone\n', 422, 'VALIDATION_ERROR', 'The file has a header and nothing below it.'],
    ['a picture', 'PK\u0003\u0004', 422, 'VALIDATION_ERROR', /spreadsheet or an archive/],
    ['one column twice', 'Email,e_mail\na@b.com,', 422, 'VALIDATION_ERROR', /two columns of one name/],
    ['nobody to reach', 'name\nAna', 422, 'VALIDATION_ERROR', /no column for a phone number or an email/],
    ['a quote that stays open', 'email,name\na@b.com,"Ana\n', 422, 'VALIDATION_ERROR', /never closed/],
    ['too many rows', `email\n${'a@example.com\n'.repeat(100_001)}`, 413, 'PAYLOAD_TOO_LARGE', /more than 100,000 rows/],
    ['26 MB', `email\n${'x'.repeat(26 * 1024 * 1024)}`, 413, 'PAYLOAD_TOO_LARGE', /25,600 KiB/],
  ])('%s', async (_what, file, status, code, message) => {
    const tenant = await house.organization()
    const answer = await tenant.rest('POST', '/bulk', file, csv)
    expect([answer.status, answer.body.error.code]).toEqual([status, code])
    expect(answer.body.error.message).toMatch(message)
    expect(await house.db.importRow.count({ where: { organizationId: tenant.organizationId } })).toBe(0)
    expect(await house.db.importJob.count({ where: { organizationId: tenant.organizationId } })).toBe(0)
  })

  test.each([
    [{ contacts: 'ana' }, 422, 'contacts'],
    [{ contacts: [] }, 422, 'contacts'],
    [{}, 422, 'contacts'],
    [{ contacts: [{}], on_duplicate: 'merge' }, 422, 'on_duplicate'],
    [{ contacts: [{}], default_country: 'XX' }, 422, 'default_country'],
    [{ contacts: [{}], colour: 'red' }, 422, 'colour'],
  ])('%.60j', async (body, status, field) => {
    const tenant = await house.organization()
    const answer = await tenant.rest('POST', '/bulk', body)
    expect([answer.status, answer.body.error.details.field]).toEqual([status, field])
  })

  test('text that is not UTF-8', async () => {
    const tenant = await house.organization()
    const response = await house.app.fetch(
      new Request('http://localhost:4000/api/v1/contacts/bulk', {
        method: 'POST',
        headers: { 'X-API-Key': tenant.key, ...csv },
        body: Buffer.from('email,name\na@b.com,M\u00fcller\n', 'latin1'),
      }),
    )
    expect([response.status, await response.json()]).toMatchObject([
      422,
      { error: { message: 'The file is not in UTF-8 (behind line 1). Save it as "CSV UTF-8" and upload it again.' } },
    ])
  })
})

test('a dry run does everything but keep it', async () => {
  const tenant = await house.organization()
  await givenContact(tenant, { email: 'ana@example.com' })
  const contacts = [
    { email: 'ana@example.com', phone: '+14155552671' },
    { phone: '+14155552671', first_name: 'Ana' },
    { email: 'bob@example.com' },
    { email: 'bob@example.com', first_name: 'Bob' },
  ]
  const before = await contactsOf(tenant)
  const dry = await tenant.rest('POST', '/bulk', { contacts, on_duplicate: 'update', dry_run: true })
  expect(await contactsOf(tenant)).toEqual(before)
  const wet = await tenant.rest('POST', '/bulk', { contacts, on_duplicate: 'update' })
  const counts = { total_rows: 4, created: 1, updated: 1, unchanged: 0, skipped: 2 }
  expect([dry.body.data, wet.body.data]).toMatchObject([{ ...counts, dry_run: true, rollback_expires_at: null }, counts])
  const skipped = await Promise.all(
    [dry, wet].map(({ body }) => tenant.rest('GET', `/import-jobs/${body.data.id}/skipped.csv`).then((answer) => answer.body)),
  )
  expect(skipped[0]).toBe(skipped[1])
  expect((await tenant.rest('POST', `/import-jobs/${dry.body.data.id}/rollback`)).body.error.code).toBe('IMPORT_NOT_REVERSIBLE')
})

describe('a rollback', () => {
  test('brings back what was, and keeps whoever was changed since', async () => {
    const tenant = await house.organization()
    const ana = await givenContact(tenant, { email: 'ana@example.com', firstName: 'Ana', tags: ['a'], customAttributes: { plan: 'pro' } })
    const bob = await givenContact(tenant, { email: 'bob@example.com', firstName: 'Bob' })
    const cyd = await givenContact(tenant, { email: 'cyd@example.com', phone: '+14155552673' })
    const before = await house.db.contact.findFirstOrThrow({ where: { id: ana } })
    const contacts = [
      { email: 'ana@example.com', first_name: 'Anna', tags: ['b'], lifecycle_stage: 'customer', plan: 'basic', seats: 3 },
      { email: 'bob@example.com', first_name: 'Bobby' },
      { email: 'new@example.com' },
      { email: 'newer@example.com' },
      { phone: '+14155552673', email: 'cydney@example.com' },
    ]
    const { body } = await tenant.rest('POST', '/bulk', { contacts, on_duplicate: 'update' })
    expect(body.data).toMatchObject({ created: 2, updated: 3 })
    await tenant.rest('PATCH', `/${bob}`, { company: 'Northwind' })
    const taker = await givenContact(tenant, { email: 'cyd@example.com' })
    house.clock.now = new Date(noon.getTime() + 23 * 60 * 60 * 1000)
    const answer = await tenant.rest('POST', `/import-jobs/${body.data.id}/rollback`)
    expect([answer.status, answer.body.data]).toMatchObject([200, { status: 'rolled_back', rollback: { reversed: 3, kept: 1, failed: 1 } }])
    const after = await house.db.contact.findFirstOrThrow({ where: { id: ana } })
    expect(after).toEqual({ ...before, revision: 3, updatedAt: house.clock.now })
    const stages = await house.db.lifecycleTransition.findMany({ where: { contactId: ana }, orderBy: { id: 'asc' } })
    expect(stages.map(({ fromStage, toStage }) => [fromStage, toStage])).toEqual([
      ['lead', 'customer'],
      ['customer', 'lead'],
    ])
    const living = await house.db.contact.findMany({
      where: { organizationId: tenant.organizationId, deletedAt: null },
      select: { id: true, email: true, firstName: true },
    })
    expect(new Map(living.map(({ id, ...contact }) => [id, contact]))).toEqual(
      new Map([
        [ana, { email: 'ana@example.com', firstName: 'Ana' }],
        [bob, { email: 'bob@example.com', firstName: 'Bobby' }],
        [cyd, { email: 'cydney@example.com', firstName: null }],
        [taker, { email: 'cyd@example.com', firstName: null }],
      ]),
    )
    const again = await tenant.rest('POST', `/import-jobs/${body.data.id}/rollback`)
    expect([again.status, again.body.error.code]).toEqual([409, 'IMPORT_NOT_REVERSIBLE'])
  })

  test('is possible for 24 hours, and needs the scope', async () => {
    const tenant = await house.organization()
    const { body } = await tenant.rest('POST', '/bulk', { contacts: [{ email: 'ana@example.com' }] })
    const path = `/import-jobs/${body.data.id}/rollback`
    expect((await (await tenant.withScopes('contacts:read')).rest('POST', path)).status).toBe(403)
    house.clock.now = new Date(noon.getTime() + 24 * 60 * 60 * 1000)
    const answer = await tenant.rest('POST', path)
    expect([answer.status, answer.body.error.code]).toEqual([409, 'ROLLBACK_WINDOW_EXPIRED'])
    expect(await contactsOf(tenant)).toHaveLength(1)
  })
})

test('more than 5,000 rows go on in the background, and show how far they are', async () => {
  const tenant = await house.organization()
  const rows = Array.from({ length: 5001 }, (_, index) => `person${index}@example.com,Person ${index}`)
  const { status, body } = await tenant.rest('POST', '/bulk', ['email,first_name', ...rows].join('\n'), csv)
  const { id } = body.data
  expect([status, body.data]).toMatchObject([202, { status: 'pending', total_rows: 5001, processed_rows: 0 }])
  expect((await tenant.rest('POST', `/import-jobs/${id}/rollback`)).body.error.code).toBe('IMPORT_NOT_REVERSIBLE')
  const work = () => workOnNextImport({ db: house.db, now: () => house.clock.now })
  await work()
  expect((await tenant.rest('GET', `/import-jobs/${id}`)).body.data).toMatchObject({
    status: 'processing',
    processed_rows: 500,
    created: 500,
  })
  while ((await work()) !== null);
  expect((await tenant.rest('GET', `/import-jobs/${id}`)).body.data).toMatchObject({
    status: 'completed',
    processed_rows: 5001,
    created: 5001,
  })
  const undo = await tenant.rest('POST', `/import-jobs/${id}/rollback`)
  expect([undo.status, undo.body.data]).toMatchObject([202, { status: 'processing', rollback: { reversed: 0, kept: 0, failed: 0 } }])
  while ((await work()) !== null);
  expect((await tenant.rest('GET', `/import-jobs/${id}`)).body.data).toMatchObject({ status: 'rolled_back', rollback: { reversed: 5001 } })
  expect(await contactsOf(tenant)).toHaveLength(0)
}, 60_000)

test('imports are listed newest first, and belong to their organization', async () => {
  const [tenant, stranger] = [await house.organization(), await house.organization()]
  const ids: string[] = []
  for (const email of ['a@example.com', 'b@example.com', 'c@example.com'])
    ids.unshift((await tenant.rest('POST', '/bulk', { contacts: [{ email }] })).body.data.id)
  const first = await tenant.rest('GET', '/import-jobs?limit=2')
  const { cursor } = first.body.meta.pagination
  expect(first.body.meta.pagination).toEqual({ cursor, has_more: true, total: 3 })
  const second = await tenant.rest('GET', `/import-jobs?limit=2&cursor=${cursor}`)
  expect([...first.body.data, ...second.body.data].map((job: { id: string }) => job.id)).toEqual(ids)
  expect(first.statements).toHaveLength(1)
  for (const path of ['', '/skipped.csv']) expect((await stranger.rest('GET', `/import-jobs/${ids[0]}${path}`)).status).toBe(404)
  expect((await stranger.rest('POST', `/import-jobs/${ids[0]}/rollback`)).status).toBe(404)
  expect((await stranger.rest('GET', '/import-jobs')).body.data).toEqual([])
})

test('an upload with an Idempotency-Key is imported once', async () => {
  const tenant = await house.organization()
  const once = { 'Idempotency-Key': 'a' }
  const file = 'email,first_name\nana@example.com,Ana\n'
  const first = await tenant.rest('POST', '/bulk', file, { ...csv, ...once })
  const again = await tenant.rest('POST', '/bulk', file, { ...csv, ...once })
  expect(again.body).toEqual(first.body)
  expect(await house.db.importJob.count({ where: { organizationId: tenant.organizationId } })).toBe(1)
})
