import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, noon, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const meta = { request_id: expect.stringMatching(/^req_[0-9a-z]{26}$/), timestamp: noon.toISOString() }

describe('a malformed request', () => {
  test.each([
    ['GET', '?limit=0', 400, 'VALIDATION_ERROR', 'limit', 'A page has 1 to 200 items.'],
    ['GET', '?limit=201', 400, 'VALIDATION_ERROR', 'limit', 'A page has 1 to 200 items.'],
    ['GET', '?limit=ten', 400, 'VALIDATION_ERROR', 'limit', 'The parameter limit is not an integer.'],
    ['GET', '?limit=', 400, 'VALIDATION_ERROR', 'limit', 'The parameter limit is not an integer.'],
    ['GET', '?limit=1&limit=2', 400, 'VALIDATION_ERROR', 'limit', 'The parameter limit is given twice.'],
    ['GET', '?page=2', 400, 'VALIDATION_ERROR', 'page', /^There is no parameter page. There are: cursor, limit, search/],
    ['GET', '?has_phone=perhaps', 400, 'VALIDATION_ERROR', 'has_phone', 'The parameter has_phone is not true or false.'],
    [
      'GET',
      '?lifecycle_stage=lead,vip',
      400,
      'VALIDATION_ERROR',
      'lifecycle_stage',
      /^The parameter lifecycle_stage is not one of subscriber, lead/,
    ],
    [
      'GET',
      '?country_code=XX',
      400,
      'VALIDATION_ERROR',
      'country_code',
      'There is no such country code. Send an ISO 3166-1 code or the name of a country, such as US, DEU or Germany.',
    ],
    [
      'GET',
      '?created_after=yesterday',
      400,
      'VALIDATION_ERROR',
      'created_after',
      'This is neither a date nor a date-time. Send ISO 8601, such as 2026-03-01 or 2026-03-01T09:30:00Z.',
    ],
    [
      'GET',
      '?created_after=2026-02-30',
      400,
      'VALIDATION_ERROR',
      'created_after',
      'This is neither a date nor a date-time. Send ISO 8601, such as 2026-03-01 or 2026-03-01T09:30:00Z.',
    ],
    [
      'GET',
      '?created_after=2026-03-02&created_before=2026-03-01',
      400,
      'VALIDATION_ERROR',
      'created_before',
      'No time is at or after 2026-03-02T00:00:00.000Z and before 2026-03-01T00:00:00.000Z.',
    ],
    ['GET', '?search=%00', 400, 'VALIDATION_ERROR', 'search', 'The search has control characters in it.'],
    ['GET', '?cursor=abc', 400, 'INVALID_CURSOR', 'cursor', /^The cursor is not one that this list handed out/],
    ['GET', '/abc', 400, 'VALIDATION_ERROR', 'id', /^This is not the id of a contact/],
    ['GET', '/con_00000000000000000000000000', 404, 'NOT_FOUND', 'id', 'There is no contact with the id con_00000000000000000000000000.'],
    [
      'DELETE',
      '/con_00000000000000000000000000',
      404,
      'NOT_FOUND',
      'id',
      'There is no contact with the id con_00000000000000000000000000.',
    ],
    ['GET', '/con_00000000000000000000000000/nonsense', 404, 'ROUTE_NOT_FOUND', undefined, /^There is no path/],
    ['PUT', '', 405, 'METHOD_NOT_ALLOWED', undefined, 'Method PUT is not allowed. Use GET, HEAD, POST or OPTIONS.'],
  ])('%s %s: %i %s', async (method, path, status, code, field, message) => {
    const tenant = await gateway.organization()
    const answer = await tenant.rest(method, path)
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({
      error: {
        code,
        message: expect.stringMatching(message),
        status,
        details: expect.objectContaining(field === undefined ? {} : { field }),
      },
      meta: { ...meta, docs_url: `http://localhost:4000/docs/errors#${code}` },
    })
    if (status === 405) expect(answer.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS')
  })

  const json = { 'Content-Type': 'application/json' }
  test.each([
    ['', json, 422, 'MISSING_REQUIRED_FIELD', 'body', 'This needs a body: a JSON object.'],
    ['{"email":', json, 400, 'INVALID_JSON', undefined, /^The body is not JSON: /],
    [
      'email=ana@example.com',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      undefined,
      /^The body is application\/x-www-form-urlencoded. Send JSON/,
    ],
    ['{}', { 'Content-Type': '' }, 415, 'UNSUPPORTED_MEDIA_TYPE', undefined, /^The body is of no stated type/],
    ['[]', json, 422, 'VALIDATION_ERROR', 'body', 'The body is not a JSON object.'],
    ['null', json, 422, 'VALIDATION_ERROR', 'body', 'The body is not a JSON object.'],
    ['"text"', json, 422, 'VALIDATION_ERROR', 'body', 'The body is not a JSON object.'],
    ['{}', json, 422, 'MISSING_REQUIRED_FIELD', 'phone', 'A contact needs a phone number or an email address.'],
    [
      '{"email":"a@example.com","shoe_size":43}',
      json,
      422,
      'VALIDATION_ERROR',
      'shoe_size',
      /^There is no field shoe_size. There are: phone, phone_extension, email/,
    ],
    ['{"email":42}', json, 422, 'VALIDATION_ERROR', 'email', 'The field email is not a string.'],
    ['{"email":"a@example.com","tags":"vip"}', json, 422, 'VALIDATION_ERROR', 'tags', 'The field tags is not an array.'],
    ['{"email":"a@example.com","tags":[1]}', json, 422, 'VALIDATION_ERROR', 'tags.0', 'The field tags.0 is not a string.'],
    [
      '{"email":"a@example.com","lifecycle_stage":"vip"}',
      json,
      422,
      'VALIDATION_ERROR',
      'lifecycle_stage',
      'There is no such lifecycle stage.',
    ],
    [
      '{"email":"a@example.com","custom_attributes":[]}',
      json,
      422,
      'VALIDATION_ERROR',
      'custom_attributes',
      'The field custom_attributes is not an object.',
    ],
    [
      '{"email":"a@example.com","metadata":{},"custom_attributes":{}}',
      json,
      422,
      'VALIDATION_ERROR',
      'metadata',
      'custom_attributes and metadata are two names for one field.',
    ],
    ['{"phone":"12"}', json, 422, 'INVALID_PHONE_NUMBER', 'phone', '12 is not a phone number.'],
    ['{"phone":"555-1234"}', json, 422, 'INVALID_PHONE_NUMBER', 'phone', /^555-1234 has no country prefix/],
    ['{"email":"ana@"}', json, 422, 'INVALID_EMAIL', 'email', 'ana@ is not an email address.'],
    [
      '{"email":"a@example.com","country_code":"XX"}',
      json,
      422,
      'VALIDATION_ERROR',
      'country_code',
      'There is no such country code. Send an ISO 3166-1 code or the name of a country, such as US, DEU or Germany.',
    ],
    [
      '{"email":"a@example.com","first_name":"a\\u0000b"}',
      json,
      422,
      'VALIDATION_ERROR',
      'first_name',
      'The first name has control characters in it.',
    ],
    ['{"email":"a@example.com","company":"\\ud800"}', json, 422, 'VALIDATION_ERROR', 'company', 'The company is not well-formed Unicode.'],
    [
      `{"email":"a@example.com","company":"${'x'.repeat(500_000)}"}`,
      json,
      422,
      'VALIDATION_ERROR',
      'company',
      'The company is 500,000 characters long.',
    ],
    [
      `{"email":"a@example.com","company":"${'x'.repeat(10_000_000)}"}`,
      json,
      413,
      'PAYLOAD_TOO_LARGE',
      undefined,
      'The body is larger than the 1,024 KiB that this path accepts.',
    ],
  ])('POST %.60s: %o %i %s', async (body, headers, status, code, field, message) => {
    const tenant = await gateway.organization()
    const answer = await tenant.rest('POST', '', body, headers)
    expect(answer.body).toEqual({
      error: {
        code,
        message: expect.stringMatching(message),
        status,
        details: expect.objectContaining(field === undefined ? {} : { field }),
      },
      meta: { ...meta, docs_url: expect.any(String) },
    })
    expect(JSON.stringify(answer.body).length).toBeLessThan(2000)
    expect(answer.status).toBe(status)
    expect(await gateway.db.prisma.contact.count({ where: { organizationId: tenant.organizationId } })).toBe(0)
  })

  test('a taken phone or email names the contact that has it', async () => {
    const tenant = await gateway.organization()
    const existing = await givenContact(tenant, { phone: '+14155552671 x1', email: 'ana@example.com' })
    const answer = await tenant.rest('POST', '', { email: 'ANA@example.com' })
    expect(answer).toMatchObject({
      status: 409,
      body: { error: { code: 'CONTACT_ALREADY_EXISTS', details: { field: 'email', existing_id: existing } } },
    })
    expect((await tenant.rest('POST', '', { phone: '+14155552671', phone_extension: '1' })).status).toBe(409)
    expect((await tenant.rest('POST', '', { phone: '+14155552671', phone_extension: '2' })).status).toBe(201)
  })
})

describe('a credential', () => {
  test.each([
    ['none', { 'X-API-Key': '' }, 'UNAUTHORIZED'],
    ['unknown', { 'X-API-Key': 'dv_test_sk_0123456789abcdef01234567' }, 'INVALID_API_KEY'],
    ['malformed', { 'X-API-Key': "' or 1=1 --" }, 'INVALID_API_KEY'],
  ])('that is %s: 401', async (_what, headers, code) => {
    const tenant = await gateway.organization()
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['GET', '/abc'],
      ['DELETE', '/con_00000000000000000000000000'],
    ] as const) {
      const answer = await tenant.rest(method, path, undefined, headers)
      expect(answer).toMatchObject({ status: 401, body: { error: { code, status: 401 } } })
    }
  })

  test('without the scope: 403, and nothing is done', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant)
    const reader = await tenant.withScopes('contacts:read')
    const writer = await tenant.withScopes('contacts:write')
    const answers = await Promise.all([
      reader.rest('POST', '', { email: 'a@example.com' }),
      reader.rest('PATCH', `/${id}`, { first_name: 'X' }),
      reader.rest('DELETE', `/${id}`),
      writer.rest('GET', ''),
      writer.rest('GET', `/${id}`),
    ])
    for (const answer of answers) expect(answer).toMatchObject({ status: 403, body: { error: { code: 'INSUFFICIENT_PERMISSIONS' } } })
    expect(
      await gateway.db.prisma.contact.findMany({
        where: { organizationId: tenant.organizationId },
        select: { id: true, firstName: true, deletedAt: true },
      }),
    ).toEqual([{ id, firstName: null, deletedAt: null }])
    expect((await writer.rest('POST', '', { email: 'b@example.com' })).status).toBe(201)
  })
})
