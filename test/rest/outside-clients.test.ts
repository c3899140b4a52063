import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact, givenNote } from '../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization({ defaultCountry: 'US' })
})
afterAll(() => gateway.close())

describe('several faults of one request', () => {
  test('are listed together, types and values alike, and the first is the error', async () => {
    const sent = {
      email: 'ana@',
      phone: '12',
      country_code: 'Atlantis',
      first_name: 42,
      emial: 'a@example.com',
      lifecycle_stage: 'custmer',
    }
    const { status, body } = await tenant.rest('POST', '', sent)
    const { code, details } = body.error
    expect([status, code, details.field]).toEqual([422, 'VALIDATION_ERROR', 'first_name'])
    expect(details.errors.map((fault: { code: string; field: string }) => [fault.field, fault.code])).toEqual([
      ['first_name', 'VALIDATION_ERROR'],
      ['emial', 'VALIDATION_ERROR'],
      ['country_code', 'VALIDATION_ERROR'],
      ['phone', 'INVALID_PHONE_NUMBER'],
      ['email', 'INVALID_EMAIL'],
      ['lifecycle_stage', 'VALIDATION_ERROR'],
    ])
    expect(details).toMatchObject({ field: 'first_name', value: 42, expected: 'a string' })
  })

  test('of a query are listed together with status 400', async () => {
    const { status, body } = await tenant.rest('GET', '?colour=red&has_phone=perhaps&lifecycle_stage=led,custmer')
    expect(status).toBe(400)
    expect(body.error.details.errors.map(({ field }: { field: string }) => field).toSorted()).toEqual([
      'colour',
      'has_phone',
      'lifecycle_stage',
    ])
  })

  test('of a change are listed together, and nothing is changed', async () => {
    const id = await givenContact(tenant)
    const { status, body } = await tenant.rest('PATCH', `/${id}`, { timezone: 'Mars/Base', language: 'klingon!', company: 'x'.repeat(201) })
    expect([status, body.error.details.errors.length]).toEqual([422, 3])
    expect((await tenant.rest('GET', `/${id}`)).body.data.revision).toBe(1)
  })

  test('are one error without a list where only one thing is wrong', async () => {
    const { body } = await tenant.rest('POST', '', { email: 'ana@' })
    expect(body.error.details).toEqual({ field: 'email', value: 'ana@', expected: expect.any(String) })
  })
})

describe('a mistyped name is answered with the closest known one', () => {
  test.each([
    ['GET', '?lifecyclestage=lead', undefined, 'Did you mean lifecycle_stage?'],
    ['GET', '?limt=5', undefined, 'Did you mean limit?'],
    ['POST', '', { frist_name: 'Ana' }, 'Did you mean first_name?'],
    ['POST', '', { firstName: 'Ana' }, 'Did you mean first_name?'],
    ['GET', '?lifecycle_stage=custmer', undefined, 'Did you mean customer?'],
    ['POST', '/actions', { action: 'add_tag', contact_ids: [] }, 'Did you mean add_tags?'],
    ['POST', '/export', { filter: { serach: 'x' } }, 'Did you mean search?'],
    ['POST', '/export', { format: 'cvs' }, 'Did you mean csv?'],
    ['POST', '/export', { fields: ['first-name', 'emial'] }, 'Did you mean first_name?'],
  ])('%s %s %j', async (method, path, body, message) => {
    expect((await tenant.rest(method, path, body)).body.error.message).toContain(message)
  })

  test('a name like no other gets the list alone', async () => {
    const { message } = (await tenant.rest('POST', '', { shoe_size: 43 })).body.error
    expect(message).toMatch(/^There is no field shoe_size. There are: phone/)
  })
})

describe('query parameters as languages write them', () => {
  const idsOf = async (query: string) => {
    const { status, body } = await tenant.rest('GET', query)
    return status === 200 ? body.data.map(({ id }: { id: string }) => id) : body.error
  }

  test.each(['true', 'True', 'TRUE', '1', 'yes', 'on', ' true '])('has_email=%s and its opposite', async (text) => {
    tenant = await gateway.organization()
    const id = await givenContact(tenant, { email: 'ana@example.com' })
    expect(await idsOf(`?has_email=${encodeURIComponent(text)}`)).toEqual([id])
    const opposite = { true: 'false', True: 'False', TRUE: 'FALSE', '1': '0', yes: 'no', on: 'off', ' true ': ' False' }[text] ?? ''
    expect(await idsOf(`?has_email=${encodeURIComponent(opposite)}`)).toEqual([])
  })

  test.each([
    '2026-03-01T12:00:00+00:00',
    '2026-03-01T12:00:00%2B00:00',
    '2026-03-01T12:00:00.000000%2B00:00',
    '2026-03-01%2012:00:00',
    '2026-03-01+12:00:00',
    '2026-03-01 12:00:00Z',
    '2026-03-01T12:00:00',
    '2026-03-01T12:00',
    '2026-03-01T13:00:00+01:00',
    '2026-03-01T13:00:00%2B0100',
    '2026-03-01T07:00:00-0500',
  ])('created_after=%s is noon', async (text) => {
    tenant = await gateway.organization()
    const id = await givenContact(tenant)
    expect(await idsOf(`?created_after=${text}`)).toEqual([id])
    expect(await idsOf(`?created_before=${text}`)).toEqual([])
  })

  test('a date is the start of its day', async () => {
    tenant = await gateway.organization()
    const id = await givenContact(tenant)
    expect([await idsOf('?created_after=2026-03-01'), await idsOf('?created_after=2026-03-02')]).toEqual([[id], []])
  })
})

describe('a contact that is read, changed and written back as a whole', () => {
  const readAll = async (id: string) => (await tenant.rest('GET', `/${id}`)).body.data

  test('takes the change; read-only fields are ignored and derived ones stay derived', async () => {
    const id = await givenContact(tenant, {
      phone: '+14155552671',
      firstName: 'Ana',
      lastName: 'Costa',
      customAttributes: { plan: 'pro', then_what: 1 },
    })
    const first = await readAll(id)
    const renamed = await tenant.rest('PATCH', `/${id}`, { ...first, first_name: 'Anna' })
    expect([renamed.status, renamed.body.data]).toMatchObject([200, { display_name: 'Anna Costa', country_code: 'US', revision: 2 }])
    const moved = await tenant.rest('PATCH', `/${id}`, { ...renamed.body.data, phone: '+493023125017' })
    expect([moved.status, moved.body.data]).toMatchObject([200, { country_code: 'DE', custom_attributes: { plan: 'pro', then_what: 1 } }])
    const same = await tenant.rest('PATCH', `/${id}`, moved.body.data)
    expect([same.status, same.body.data]).toEqual([200, moved.body.data])
  })

  test('is accepted with stored values that today’s rules would refuse', async () => {
    const id = await givenContact(tenant, { email: 'ana@example.org' })
    const { organizationId } = tenant
    const old = { email: 'old@m.example/x', emailKey: 'old@m.example/x', timezone: 'Mars/Base', phone: '+14155' }
    await gateway.db.prisma.contact.update({ where: { organizationId_id: { organizationId, id } }, data: old, select: { id: true } })
    const changed = await tenant.rest('PATCH', `/${id}`, { ...(await readAll(id)), company: 'Acme' })
    expect([changed.status, changed.body.data]).toMatchObject([200, { company: 'Acme', email: 'old@m.example/x', timezone: 'Mars/Base' }])
  })

  test.each([
    ['revision', { revision: 7 }],
    ['updated_at', { updated_at: '2026-02-28T12:00:00.000Z' }],
  ])('is refused with REVISION_CONFLICT if its %s is stale, whatever else has changed since', async (field, stale) => {
    const id = await givenContact(tenant)
    const { status, body } = await tenant.rest('PATCH', `/${id}`, { ...(await readAll(id)), ...stale, is_blocked: true, company: 'Lost' })
    expect([status, body.error.code, body.error.details.field]).toEqual([409, 'REVISION_CONFLICT', field])
  })

  test.each([
    ['id', { id: 'con_00000000000000000000000000' }],
    ['is_blocked', { is_blocked: true }],
    ['source', { source: 'crm' }],
    ['created_at', { created_at: '2020-01-01' }],
  ])('is refused if the read-only %s is another', async (field, change) => {
    const id = await givenContact(tenant)
    const { status, body } = await tenant.rest('PATCH', `/${id}`, { company: 'Lost', ...change })
    expect([status, body.error.code, body.error.details.field]).toEqual([422, 'VALIDATION_ERROR', field])
    expect((await readAll(id)).company).toBeNull()
  })

  test('is accepted with times as Python writes them', async () => {
    const id = await givenContact(tenant)
    const read = await readAll(id)
    const python = (text: string) => text.replace('Z', '000+00:00')
    const sent = { ...read, company: 'Acme', created_at: python(read.created_at), updated_at: python(read.updated_at) }
    expect((await tenant.rest('PATCH', `/${id}`, sent)).status).toBe(200)
  })
})

describe('deleting a note', () => {
  test.each([
    ['application/json', 200],
    ['application/json, text/plain, */*', 200],
    ['application/json; charset=utf-8', 200],
    ['*/*', 204],
    ['application/json;q=0', 204],
    [undefined, 204],
  ])('with Accept: %s answers %i', async (accept, status) => {
    const contactId = await givenContact(tenant)
    const id = await givenNote(tenant, contactId)
    const answer = await tenant.rest('DELETE', `/${contactId}/notes/${id}`, {}, accept === undefined ? {} : { Accept: accept })
    expect([answer.status, answer.body]).toEqual([status, status === 204 ? '' : { data: { id, deleted: true }, meta: expect.any(Object) }])
  })
})

describe('uploading a file', () => {
  const csv = 'email,first_name\nana@example.com,Ana\n'
  const upload = async (body: BodyInit, headers: Record<string, string> = {}) => {
    tenant = await gateway.organization()
    const request = new Request('http://localhost:4000/api/v1/contacts/bulk', {
      method: 'POST',
      headers: { 'X-API-Key': tenant.key, ...headers },
      body,
    })
    const response = await gateway.app.fetch(request)
    return { status: response.status, body: await response.json() }
  }

  test.each([
    'text/csv',
    'text/csv; charset=utf-8; header=present',
    'application/csv',
    'text/x-csv',
    'application/vnd.ms-excel',
    'text/plain',
    'text/comma-separated-values',
  ])('as %s', async (type) => {
    expect(await upload(csv, { 'Content-Type': type })).toMatchObject({ status: 201, body: { data: { created: 1 } } })
  })

  test('as tab-separated values', async () => {
    const answer = await upload(csv.replaceAll(',', '\t'), { 'Content-Type': 'text/tab-separated-values' })
    expect(answer).toMatchObject({ status: 201, body: { data: { created: 1 } } })
  })

  test.each([
    ['contacts.csv', 'text/csv', csv],
    ['contacts.csv', 'application/vnd.ms-excel', csv],
    ['contacts.csv', 'application/octet-stream', csv],
    ['contacts.json', 'application/json', '{"contacts":[{"email":"ana@example.com","first_name":"Ana"}]}'],
    ['contacts.vcf', 'text/vcard', 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEMAIL:ana@example.com\r\nEND:VCARD\r\n'],
  ])('in the field file of a form: %s as %s, with options beside it', async (name, type, content) => {
    const form = new FormData()
    form.append('file', new Blob([content], { type }), name)
    form.append('dry_run', 'True')
    form.append('default_country', 'US')
    expect(await upload(form)).toMatchObject({ status: 201, body: { data: { created: 1, dry_run: true, default_country: 'US' } } })
    expect(await gateway.db.prisma.contact.count({ where: { organizationId: tenant.organizationId } })).toBe(0)
  })

  test('a form without the field file is refused', async () => {
    const form = new FormData()
    form.append('upload', new Blob([csv]), 'contacts.csv')
    expect(await upload(form)).toMatchObject({ status: 422, body: { error: { code: 'VALIDATION_ERROR', details: { field: 'file' } } } })
  })
})

describe('preferences', () => {
  test('the answer of GET, with one state changed, can be put back; topics are shown', async () => {
    tenant = await gateway.organization()
    const topic = await tenant.gql(
      'mutation { upsertTopic(input: {key: "news", name: "News"}) { __typename ... on UpsertTopicPayload { topic { id } } } }',
    )
    const topicId = topic.body.data.upsertTopic.topic.id
    const id = await givenContact(tenant, { email: 'ana@example.com' })
    await tenant.rest('PUT', `/${id}/preferences`, {
      changes: [{ channel: 'email', state: 'opted_in', topic: 'news', source: 'web_form' }],
    })
    const read = (await tenant.rest('GET', `/${id}/preferences`)).body.data
    const news = { id: topicId, key: 'news', name: 'News' }
    expect(read.topics).toEqual([
      { ...news, preferences: [{ channel: 'email', state: 'opted_in', recorded_at: expect.any(String), valid_until: null }] },
    ])
    const sent = { ...read, preferences: { ...read.preferences, voice: 'opted_out' } }
    const { status, body } = await tenant.rest('PUT', `/${id}/preferences`, sent)
    expect([status, body.data.preferences]).toEqual([200, sent.preferences])
    expect(body.data.records).toHaveLength(2)
    const again = await tenant.rest('PUT', `/${id}/preferences`, body.data)
    expect([again.status, again.body.data]).toEqual([200, body.data])
  })
})
