import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact } from '../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization()
})
afterAll(() => gateway.close())

test('reading, creating and changing a contact answer with its revision as ETag', async () => {
  const created = await tenant.rest('POST', '', { email: 'ana@example.com' })
  expect([created.headers.get('etag'), created.body.data.revision]).toEqual(['"1"', 1])
  const path = `/${created.body.data.id}`
  const changed = await tenant.rest('PATCH', path, { first_name: 'Ana' })
  expect([changed.headers.get('etag'), changed.body.data.revision]).toEqual(['"2"', 2])
  const read = await tenant.rest('GET', path)
  expect([read.headers.get('etag'), read.body.data]).toEqual(['"2"', changed.body.data])
})

test('a repeated request with an Idempotency-Key answers with the same ETag', async () => {
  const id = await givenContact(tenant)
  const change = () => tenant.rest('PATCH', `/${id}`, { first_name: 'Ana' }, { 'Idempotency-Key': 'one' })
  expect([(await change()).headers.get('etag'), (await change()).headers.get('etag')]).toEqual(['"2"', '"2"'])
})

describe('If-None-Match', () => {
  test.each(['"1"', 'W/"1"', '"1-gzip"', '"1;br"', 'W/"1--gzip"', '"7", "1"', '*'])('%s is answered with 304', async (tag) => {
    const id = await givenContact(tenant)
    const { status, headers, body } = await tenant.rest('GET', `/${id}`, undefined, { 'If-None-Match': tag })
    expect([status, headers.get('etag'), body]).toEqual([304, '"1"', ''])
  })

  test.each(['"2"', '"11"', '1', '"x"', ''])('%j is answered with the contact', async (tag) => {
    const id = await givenContact(tenant)
    const { status, body } = await tenant.rest('GET', `/${id}`, undefined, { 'If-None-Match': tag })
    expect([status, body.data.id]).toEqual([200, id])
  })

  test('a contact that has changed is answered', async () => {
    const id = await givenContact(tenant)
    await tenant.rest('PATCH', `/${id}`, { first_name: 'Ana' })
    expect((await tenant.rest('GET', `/${id}`, undefined, { 'If-None-Match': '"1"' })).status).toBe(200)
  })

  test('a contact of another organization is not found', async () => {
    const id = await givenContact(await gateway.organization())
    expect((await tenant.rest('GET', `/${id}`, undefined, { 'If-None-Match': '*' })).status).toBe(404)
  })
})

describe('If-Match', () => {
  test.each(['"1"', 'W/"1"', '"1-gzip"', '"7", "1"', '*'])('%s lets the change and the deletion pass', async (tag) => {
    const id = await givenContact(tenant)
    expect((await tenant.rest('PATCH', `/${id}`, { first_name: 'Ana' }, { 'If-Match': tag })).status).toBe(200)
    const next = tag.replace('1', '2')
    expect((await tenant.rest('DELETE', `/${id}`, undefined, { 'If-Match': next })).status).toBe(204)
  })

  test.each(['"2"', '"0", "7"', '"x"', '1'])('%s refuses the change and the deletion with 412', async (tag) => {
    const id = await givenContact(tenant)
    for (const answer of [
      await tenant.rest('PATCH', `/${id}`, { first_name: 'Lost' }, { 'If-Match': tag }),
      await tenant.rest('DELETE', `/${id}`, undefined, { 'If-Match': tag }),
    ]) {
      expect(answer.status).toBe(412)
      expect(answer.body.error).toMatchObject({
        code: 'REVISION_CONFLICT',
        status: 412,
        message: 'The contact has changed: its revision is 1 now. Read it again, and repeat the change on what it is now.',
        details: { field: 'If-Match', expected: '1' },
      })
    }
    expect((await tenant.rest('GET', `/${id}`)).body.data).toMatchObject({ revision: 1, first_name: null })
  })

  test('a contact that does not exist is not found', async () => {
    const unknown = '/con_00000000000000000000000000'
    expect((await tenant.rest('PATCH', unknown, { first_name: 'Lost' }, { 'If-Match': '"1"' })).status).toBe(404)
    expect((await tenant.rest('DELETE', unknown, undefined, { 'If-Match': '"1"' })).status).toBe(404)
  })
})

describe('a change that carries what the caller has read', () => {
  test('is made if the revision and the time are those of the contact', async () => {
    const id = await givenContact(tenant)
    const { revision, updated_at } = (await tenant.rest('GET', `/${id}`)).body.data
    const { status, body } = await tenant.rest('PATCH', `/${id}`, { first_name: 'Ana', revision, updated_at })
    expect([status, body.data.first_name]).toEqual([200, 'Ana'])
  })

  test.each([
    ['revision', { revision: 2 }, '1'],
    ['updated_at', { updated_at: '2026-02-28T12:00:00.000Z' }, '2026-03-01T12:00:00.000Z'],
  ])('is refused with 409 if the %s is another', async (field, stale, expected) => {
    const id = await givenContact(tenant)
    const { status, body } = await tenant.rest('PATCH', `/${id}`, { first_name: 'Lost', ...stale })
    expect(status).toBe(409)
    expect(body.error).toMatchObject({ code: 'REVISION_CONFLICT', status: 409, details: { field, expected } })
    expect((await tenant.rest('GET', `/${id}`)).body.data).toMatchObject({ revision: 1, first_name: null })
  })
})
