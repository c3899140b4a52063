import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenContact, givenNote } from '../support/factories.ts'
import { type TestGateway, noon, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

test('a note is written, listed, changed and removed', async () => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant)
  const written = await tenant.rest('POST', `/${contactId}/notes`, { body: 'Called.', pinned: true })
  const { id } = written.body.data
  const note = {
    id,
    contact_id: contactId,
    body: 'Called.',
    pinned: true,
    author: 'Test key',
    created_at: noon.toISOString(),
    updated_at: noon.toISOString(),
  }
  expect(written).toMatchObject({ status: 201, body: { data: note } })
  const listed = await tenant.rest('GET', `/${contactId}/notes`)
  expect(listed.body).toMatchObject({ data: [note], meta: { pagination: { cursor: null, has_more: false, total: 1 } } })
  const changed = await tenant.rest('PATCH', `/${contactId}/notes/${id}`, { pinned: false })
  expect(changed).toMatchObject({ status: 200, body: { data: { ...note, pinned: false } } })
  // Some clients send an empty JSON object with every request.
  expect((await tenant.rest('DELETE', `/${contactId}/notes/${id}`, {})).status).toBe(204)
  expect((await tenant.rest('DELETE', `/${contactId}/notes/${id}`, {})).status).toBe(404)
  expect((await tenant.rest('GET', `/${contactId}/notes`)).body.data).toEqual([])
})

test('notes page newest first, and cost two statements', async () => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant)
  for (let index = 1; index <= 3; index += 1) await givenNote(tenant, contactId, `Note ${index}`)
  const first = await tenant.rest('GET', `/${contactId}/notes?limit=2`)
  const second = await tenant.rest('GET', `/${contactId}/notes?limit=2&cursor=${first.body.meta.pagination.cursor}`)
  expect([...first.body.data, ...second.body.data].map((note: { body: string }) => note.body)).toEqual(['Note 3', 'Note 2', 'Note 1'])
  expect(first.statements).toHaveLength(2)
})

test('a note answers only under its own contact', async () => {
  const tenant = await gateway.organization()
  const [one, other] = [await givenContact(tenant), await givenContact(tenant)]
  const id = await givenNote(tenant, one, 'Mine')
  expect((await tenant.rest('PATCH', `/${other}/notes/${id}`, { body: 'Changed' })).status).toBe(404)
  expect((await tenant.rest('DELETE', `/${other}/notes/${id}`)).status).toBe(404)
  expect(await gateway.db.prisma.note.findMany({ where: { id }, select: { body: true } })).toEqual([{ body: 'Mine' }])
  const cursor = (await tenant.rest('GET', `?limit=1`)).body.meta.pagination.cursor
  expect((await tenant.rest('GET', `/${one}/notes?cursor=${cursor}`)).body.error.code).toBe('INVALID_CURSOR')
})

test.each([
  [{}, 422, 'MISSING_REQUIRED_FIELD', 'body'],
  [{ body: '  ' }, 422, 'MISSING_REQUIRED_FIELD', 'body'],
  [{ body: 'x'.repeat(10_001) }, 422, 'VALIDATION_ERROR', 'body'],
  [{ body: 'x', pinned: 'yes' }, 422, 'VALIDATION_ERROR', 'pinned'],
  [{ body: 'x', author: 'me' }, 422, 'VALIDATION_ERROR', 'author'],
  [{ text: 'x' }, 422, 'MISSING_REQUIRED_FIELD', 'body'],
])('a note of %.40j: %i %s', async (body, status, code, field) => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant)
  const answer = await tenant.rest('POST', `/${contactId}/notes`, body)
  expect(answer).toMatchObject({ status, body: { error: { code, details: { field } } } })
  expect(await gateway.db.prisma.note.count({ where: { contactId } })).toBe(0)
})

test('malformed and unknown ids in the path', async () => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant)
  expect(await tenant.rest('GET', '/abc/notes')).toMatchObject({
    status: 400,
    body: { error: { code: 'VALIDATION_ERROR', details: { field: 'id' } } },
  })
  expect(await tenant.rest('PATCH', `/${contactId}/notes/abc`, { body: 'x' })).toMatchObject({
    status: 400,
    body: { error: { code: 'VALIDATION_ERROR', details: { field: 'note_id' } } },
  })
  expect(await tenant.rest('GET', '/con_00000000000000000000000000/notes')).toMatchObject({
    status: 404,
    body: { error: { code: 'NOT_FOUND' } },
  })
  expect(await tenant.rest('POST', '/con_00000000000000000000000000/notes', { body: 'x' })).toMatchObject({
    status: 404,
    body: { error: { code: 'NOT_FOUND' } },
  })
})
