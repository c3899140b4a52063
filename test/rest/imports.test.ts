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
