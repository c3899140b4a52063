import { request } from 'node:http'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { unguarded } from '../../src/kernel/csv.ts'
import { startHttpServer } from '../support/http-app.ts'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, openOwnGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openOwnGateway()
})
afterAll(() => gateway.close())

async function withPeople(): Promise<Tenant> {
  const tenant = await gateway.organization()
  await givenContact(tenant, {
    phone: '+1 415 555 2671 x12',
    email: '+Ana@example.com',
    firstName: 'Ana "the" Great',
    lastName: '=SUM(A1)',
    company: 'Meadow, Lane & Co.',
    timezone: 'America/New_York',
    tags: ['vip', 'a,b'],
    customAttributes: { plan: 'pro', seats: [1, 2], note: 'x\n"y"' },
  })
  await givenContact(tenant, { email: 'bob@example.com', displayName: "'-Bob", tags: ['one', 'two'], lifecycleStage: 'customer' })
  return tenant
}

test('CSV has what an import reads, and no cell that a spreadsheet would run', async () => {
  const tenant = await withPeople()
  const answer = await tenant.rest('POST', '/export', {}, { Accept: 'text/csv' })
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
    200,
    'text/csv; charset=utf-8',
    'attachment; filename="contacts-2026-03-01.csv"',
  ])
  expect(answer.body).toBe(
    [
      'phone,phone_extension,email,first_name,last_name,display_name,company,country_code,timezone,language,lifecycle_stage,tags,custom_attributes,phone_numbers,email_addresses,external_ids,preferences',
      `+14155552671,12,'+Ana@example.com,"Ana ""the"" Great",'=SUM(A1),,"Meadow, Lane & Co.",US,America/New_York,,lead,` +
        `"[""vip"",""a,b""]","{""note"": ""x\\n\\""y\\"""", ""plan"": ""pro"", ""seats"": [1, 2]}",,,,`,
      `,,bob@example.com,,,''-Bob,,,,,customer,"one,two",,,,,`,
      '',
    ].join('\r\n'),
  )
})

test('what is exported can be imported elsewhere, and is the same when it is exported there', async () => {
  const tenant = await withPeople()
  const file = (await tenant.rest('POST', '/export', { format: 'csv' })).body
  const other = await gateway.organization()
  const { body } = await other.rest('POST', '/bulk', file, { 'Content-Type': 'text/csv' })
  expect(body.data).toMatchObject({ created: 2, skipped: 0 })
  expect((await other.rest('POST', '/export', { format: 'csv' })).body).toBe(file)
  const again = await tenant.rest('POST', '/bulk?on_duplicate=update', file, { 'Content-Type': 'text/csv' })
  expect(again.body.data).toMatchObject({ unchanged: 2, updated: 0 })
})

test('JSON and NDJSON have the fields that are wanted, in that order', async () => {
  const tenant = await withPeople()
  const fields = ['email', 'is_blocked', 'tags', 'custom_attributes', 'created_at', 'id']
  const bob = {
    email: 'bob@example.com',
    is_blocked: false,
    tags: ['one', 'two'],
    custom_attributes: {},
    created_at: '2026-03-01T12:00:00.000Z',
    id: expect.stringMatching(/^con_/),
  }
  const json = await tenant.rest('POST', '/export', { format: 'json', fields, filter: { lifecycle_stage: ['lead', 'customer'] } })
  expect(json.body.data).toHaveLength(2)
  expect(json.body.data[1]).toEqual(bob)
  expect(Object.keys(json.body.data[1])).toEqual(fields)
  expect(json.body.meta).toEqual({ request_id: expect.stringMatching(/^req_/), timestamp: '2026-03-01T12:00:00.000Z' })
  expect((await tenant.rest('POST', '/export', { fields })).body.data).toEqual(json.body.data)
  const lines = await tenant.rest('POST', '/export', { format: 'ndjson', fields, filter: { tags: 'TWO' } })
  const text = typeof lines.body === 'string' ? lines.body : JSON.stringify(lines.body)
  expect(JSON.parse(text)).toEqual(bob)
  const noContact = { lifecycle_stage: 'churned' as const }
  expect((await tenant.rest('POST', '/export', { format: 'json', filter: noContact })).body.data).toEqual([])
  expect((await tenant.rest('POST', '/export', { format: 'csv', fields: ['phone'] })).body).toBe('phone\r\n+14155552671\r\n""\r\n')
  expect((await tenant.rest('POST', '/export', { format: 'csv', fields: ['phone'], filter: noContact })).body).toBe('phone\r\n')
})

test('CSV has single custom attributes, another delimiter and a byte order mark, and no cell of it is a formula', async () => {
  const tenant = await gateway.organization()
  const texts = ['=1+1', '\t=1', '\r-1', "'=x", '＝cmd', '@x', '-', 'a;b "c"', 'two\nlines', '+49 30', '+14155552671', ' =1', '']
  for (const text of texts) await givenContact(tenant, { lastName: 'x;y', customAttributes: { 'to do': text, n: 1 } })
  const fields = ['last_name', 'custom_attributes.to do', 'custom_attributes.n', 'custom_attributes.none']
  const { body } = await tenant.rest('POST', '/export', { format: 'csv', fields, delimiter: ';', bom: true })
  const rows: string[][] = parse(body, { delimiter: ';', bom: true })
  expect(rows[0]).toEqual(fields)
  const cells = rows.slice(1).map((row) => row[1] ?? '')
  expect(cells.filter((cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell))).toEqual(['+14155552671'])
  expect(cells.map(unguarded)).toEqual(texts)
  expect(rows.slice(1).every(([name, , n, none]) => name === 'x;y' && n === '1' && none === '')).toBe(true)
  const json = await tenant.rest('POST', '/export', { fields: fields.slice(1, 3) })
  expect(json.body.data[0]).toEqual({ 'custom_attributes.to do': '=1+1', 'custom_attributes.n': 1 })
})

test('it is sorted, and a format is chosen by Accept', async () => {
  const tenant = await withPeople()
  const names = async (sort: string) => {
    const { body } = await tenant.rest('POST', '/export', { fields: ['email'], sort })
    return body.data.map(({ email }: { email: string }) => email[0])
  }
  expect(await Promise.all(['created_at', '-created_at', 'email', '-email', '-company', 'name'].map(names))).toEqual([
    ['+', 'b'],
    ['b', '+'],
    ['+', 'b'],
    ['b', '+'],
    ['+', 'b'],
    ['b', '+'],
  ])
  const typeFor = async (Accept: string) => (await tenant.rest('POST', '/export', {}, { Accept })).headers.get('content-type')
  expect(await Promise.all(['*/*', 'text/csv;q=0.5, text/vcard', 'text/html, application/x-ndjson', 'text/csv;q=0'].map(typeFor))).toEqual([
    'application/json; charset=utf-8',
    'text/vcard; charset=utf-8',
    'application/x-ndjson; charset=utf-8',
    'application/json; charset=utf-8',
  ])
})

describe('vCards', () => {
  const kim = {
    phone: '+49 30 901820 x7',
    email: 'kim@example.com',
    firstName: 'Kim',
    lastName: 'Öztürk; der \\ "Ältere", genannt Kim von und zu Überlingen am schönen See',
    company: 'Meadow, Lane & Co.',
    timezone: 'Europe/Berlin',
    language: 'de',
    tags: ['vip', 'a,b'],
    lifecycleStage: 'customer' as const,
  }

  test('of version 4 have what address books have', async () => {
    const tenant = await gateway.organization()
    await givenContact(tenant, { ...kim, lastName: 'Öz' })
    await givenContact(tenant, { email: 'bob@example.com' })
    const answer = await tenant.rest('POST', '/export', { format: 'vcard' })
    expect([answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
      'text/vcard; charset=utf-8',
      'attachment; filename="contacts-2026-03-01.vcf"',
    ])
    const kimsCard = [
      'BEGIN:VCARD',
      'VERSION:4.0',
      'FN:Kim Öz',
      'N:Öz;Kim;;;',
      'ORG:Meadow\\, Lane & Co.',
      'TEL;VALUE=uri;PREF=1:tel:+4930901820;ext=7',
      'EMAIL;PREF=1:kim@example.com',
      'ADR:;;;;;;DE',
      'TZ:Europe/Berlin',
      'LANG:de',
      'CATEGORIES:vip,a\\,b',
      'X-LIFECYCLE-STAGE:customer',
      'REV:20260301T120000Z',
      'END:VCARD',
    ]
    const bobsCard = [
      'BEGIN:VCARD',
      'VERSION:4.0',
      'FN:bob@example.com',
      'EMAIL;PREF=1:bob@example.com',
      'X-LIFECYCLE-STAGE:lead',
      'REV:20260301T120000Z',
      'END:VCARD',
    ]
    expect(answer.body).toBe(`${[kimsCard, bobsCard].flat().join('\r\n')}\r\n`)
  })

  test.each(['4.0', '3.0'])('of version %s are the same contacts when they are imported, in lines of at most 75 bytes', async (version) => {
    const tenant = await gateway.organization()
    await givenContact(tenant, kim)
    const { body } = await tenant.rest('POST', '/export', { format: 'vcard', vcard_version: version })
    expect(Math.max(...body.split('\r\n').map((line: string) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
    const other = await gateway.organization()
    await other.rest('POST', '/bulk', body, { 'Content-Type': 'text/vcard' })
    const fields = [
      'phone',
      'phone_extension',
      'email',
      'first_name',
      'last_name',
      'company',
      'country_code',
      'timezone',
      'tags',
      'lifecycle_stage',
    ]
    const [same, first] = await Promise.all([other, tenant].map(async (one) => (await one.rest('POST', '/export', { fields })).body.data))
    expect(same).toEqual(first)
  })
})

describe('it is refused', () => {
  test.each([
    [{ format: 'xlsx' }, 'format'],
    [{ fields: ['email', 'shoe_size'] }, 'fields'],
    [{ fields: ['email', 'email'] }, 'fields'],
    [{ fields: [] }, 'fields'],
    [{ fields: ['custom_attributes.'] }, 'fields'],
    [{ fields: ['preferences.pigeon'] }, 'fields'],
    [{ sort: 'shoe_size' }, 'sort'],
    [{ format: 'vcard', vcard_version: '2.1' }, 'vcard_version'],
    [{ format: 'csv', delimiter: '|' }, 'delimiter'],
    [{ filter: { colour: 'red' } }, 'filter.colour'],
    [{ filter: { created_after: 'yesterday' } }, 'created_after'],
  ])('%j', async (body, field) => {
    const answer = await (await gateway.organization()).rest('POST', '/export', body)
    expect([answer.status, answer.body.error.details.field]).toEqual([422, field])
  })

  test('without the scope', async () => {
    const writer = await (await gateway.organization()).withScopes('contacts:write')
    expect((await writer.rest('POST', '/export')).status).toBe(403)
  })
})

test('a client that disconnects ends the query', async () => {
  const tenant = await gateway.organization()
  const contacts = Array.from({ length: 3000 }, (_, index) => ({ email: `person${index}@example.com` }))
  await tenant.rest('POST', '/bulk', { contacts })
  const ask = () =>
    gateway.app.fetch(new Request('http://localhost:4000/api/v1/contacts/export', { method: 'POST', headers: { 'X-API-Key': tenant.key } }))
  // More than there are connections: each gives its own back.
  for (let round = 0; round < 12; round += 1) {
    const reader = (await ask()).body?.getReader()
    await reader?.read()
    await reader?.cancel()
  }
  expect((await tenant.rest('POST', '/export')).body.data).toHaveLength(3000)
})

test.runIf(inject('template').server !== null)(
  'an export that breaks off is no whole file, and what broke it is only in the log',
  async () => {
    const tenant = await gateway.organization()
    await gateway.db.prisma.$executeRaw`
    insert into contacts (organization_id, id, email, email_key, search_text, name_key, source, custom_attributes, created_at, updated_at)
    select ${tenant.organizationId}, 'con_' || lpad(n::text, 26, '0'), n || '@example.com', n || '@example.com', '', '', 'api',
      jsonb_build_object('text', repeat('x', 2000)), now(), now()
    from generate_series(1, 20000) n`
    const printed = vi.spyOn(console, 'error')
    const httpServer = await startHttpServer(gateway)
    const [hostname, port] = httpServer.host.split(':')
    const headers = { 'X-API-Key': tenant.key }
    const ending = await new Promise<{ error: unknown; text: string }>((resolve, reject) => {
      const sent = request({ hostname, port, method: 'POST', path: '/api/v1/contacts/export', headers }, (response) => {
        let text = ''
        let isBroken = false
        response.on('data', (chunk: Buffer) => {
          text = text.slice(-1000) + chunk.toString()
          // The rows have started, and most of them are still to be read.
          if (isBroken || !text.includes('xxx')) return
          isBroken = true
          response.pause()
          gateway.db.sql`
          select pg_terminate_backend(pid)::text from pg_stat_activity
          where datname = current_database() and query like 'fetch % from lines'`.then(() => response.resume(), reject)
        })
        response.on('error', (error) => resolve({ error, text }))
        response.on('end', () => resolve({ error: null, text }))
      })
      sent.on('error', reject).end()
    })
    await httpServer.close()

    expect(ending.error).toMatchObject({ code: 'ECONNRESET' })
    expect(ending.text).toMatch(/x+/)
    expect(ending.text).not.toContain('Error')
    expect(gateway.log.filter(({ msg }) => msg === 'a file broke off')).toHaveLength(1)
    expect(printed).not.toHaveBeenCalled()
  },
)
