import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { keyLease } from '../../src/domain/api-keys/key-cache.ts'
import { deleteExpiredAnswers } from '../../src/domain/idempotency/commands.ts'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, noon, openOwnGateway, type Tenant } from '../support/gateway.ts'
import { databaseUrl } from '../support/global-setup.ts'
import { runAsTest } from '../support/tenancy/as-test.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openOwnGateway()
})
afterAll(() => gateway.close())
afterEach(() => {
  gateway.clock.now = noon
})

const once = (key: string) => ({ 'Idempotency-Key': key })
const contacts = (tenant: Tenant) => gateway.db.prisma.contact.count({ where: { organizationId: tenant.organizationId } })

test('a repeated request gets the first answer byte for byte, and its work is done once', async () => {
  const tenant = await gateway.organization()
  const first = await tenant.rest('POST', '', { email: 'ana@example.com' }, once('a'))
  gateway.clock.now = new Date('2026-03-02T11:59:59Z')
  const again = await tenant.rest('POST', '', { email: 'ana@example.com' }, once('a'))
  expect(first.status).toBe(201)
  expect([again.status, again.body, again.headers.get('location')]).toEqual([201, first.body, first.headers.get('location')])
  expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([null, 'true'])
  expect(await contacts(tenant)).toBe(1)
})

test('so does one that was refused, and one that answers with nothing', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const refused = await tenant.rest('POST', '', { phone: 'N/A' }, once('a'))
  expect((await tenant.rest('POST', '', { phone: 'N/A' }, once('a'))).body).toEqual(refused.body)
  expect((await tenant.rest('DELETE', `/${id}`, undefined, once('b'))).status).toBe(204)
  const again = await tenant.rest('DELETE', `/${id}`, undefined, once('b'))
  expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([204, '', 'true'])
  expect((await tenant.rest('DELETE', `/${id}`)).status).toBe(404)
})

describe('a key', () => {
  test('belongs to one request: another body, path, method or API key is refused', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant)
    await tenant.rest('PATCH', `/${id}`, { first_name: 'Ana' }, once('a'))
    const otherKey = await tenant.withScopes('contacts:write')
    const others = [
      await tenant.rest('PATCH', `/${id}`, { first_name: 'Bob' }, once('a')),
      await tenant.rest('POST', '', { first_name: 'Ana' }, once('a')),
      await tenant.rest('DELETE', `/${id}`, undefined, once('a')),
      await otherKey.rest('PATCH', `/${id}`, { first_name: 'Ana' }, once('a')),
    ]
    for (const answer of others) expect(answer).toMatchObject({ status: 422, body: { error: { code: 'IDEMPOTENCY_KEY_REUSED' } } })
    expect(await gateway.db.prisma.contact.findFirst({ where: { id }, select: { firstName: true, deletedAt: true } })).toEqual({
      firstName: 'Ana',
      deletedAt: null,
    })
  })

  test('belongs to one organization: another may use the same', async () => {
    const [one, other] = [await gateway.organization(), await gateway.organization()]
    await one.rest('POST', '', { email: 'ana@example.com' }, once('a'))
    const answer = await other.rest('POST', '', { email: 'ana@example.com' }, once('a'))
    expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([201, null])
  })

  test('is forgotten after 24 hours', async () => {
    const tenant = await gateway.organization()
    await tenant.rest('POST', '', { email: 'ana@example.com' }, once('a'))
    gateway.clock.now = new Date(noon.getTime() + 24 * 60 * 60 * 1000)
    expect((await tenant.rest('POST', '', { email: 'ana@example.com' }, once('a'))).status).toBe(409)
    expect(await deleteExpiredAnswers(gateway.db, new Date(noon.getTime() + 49 * 60 * 60 * 1000))).toBeGreaterThanOrEqual(1)
    expect(await gateway.db.prisma.idempotencyRecord.count({ where: { organizationId: tenant.organizationId } })).toBe(0)
  })

  test.each(['', 'a b', 'x'.repeat(256), '\u00e4'])('%.5j is refused', async (key) => {
    const tenant = await gateway.organization()
    const answer = await tenant.rest('POST', '', { email: 'ana@example.com' }, once(key))
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'VALIDATION_ERROR', details: { field: 'idempotency_key' } } } })
    expect(await contacts(tenant)).toBe(0)
  })

  test('on a read is let pass', async () => {
    const tenant = await gateway.organization()
    await tenant.rest('GET', '', undefined, once('a'))
    expect(await gateway.db.prisma.idempotencyRecord.count({ where: { organizationId: tenant.organizationId } })).toBe(0)
  })
})

test('twins that come at once get one answer, and the work is done once', async () => {
  const tenant = await gateway.organization()
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => tenant.rest('POST', '', { first_name: 'Ana', email: 'twin@example.com' }, once('a'))),
  )
  expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1)
  expect(answers.map(({ headers }) => headers.get('idempotency-replayed')).filter((replayed) => replayed === null)).toHaveLength(1)
  expect(await contacts(tenant)).toBe(1)
})

test('what was done is undone if it cannot be remembered, and a repetition does it', async () => {
  const tenant = await gateway.organization()
  await gateway.db.prisma.$executeRaw`create function fail() returns trigger language plpgsql as 'begin raise exception ''crash''; end'`
  await gateway.db.prisma.$executeRaw`create trigger crash before update on idempotency_records for each row execute function fail()`
  const crashed = await tenant.rest('POST', '', { email: 'ana@example.com' }, once('a'))
  await gateway.db.prisma.$executeRaw`drop trigger crash on idempotency_records`
  expect(crashed.status).toBe(500)
  expect(await contacts(tenant)).toBe(0)
  expect((await tenant.rest('POST', '', { email: 'ana@example.com' }, once('a'))).status).toBe(201)
  expect(await contacts(tenant)).toBe(1)
})

describe('a GraphQL mutation', () => {
  const send = async (tenant: Tenant, key: string, query: string) => {
    const response = await gateway.app.fetch(
      new Request('http://localhost:4000/graphql', {
        method: 'POST',
        headers: { 'X-API-Key': tenant.key, 'Content-Type': 'application/json', ...once(key) },
        body: JSON.stringify({ query }),
      }),
    )
    return { status: response.status, text: await response.text(), replayed: response.headers.get('idempotency-replayed') }
  }

  test('is repeated like any request; a query is not remembered', async () => {
    const tenant = await gateway.organization()
    const mutation =
      'mutation { createContact(input: { email: "ana@example.com" }) { ... on CreateContactPayload { contact { id createdAt notes { totalCount } } } } }'
    const first = await send(tenant, 'a', mutation)
    const again = await send(tenant, 'a', mutation)
    expect(JSON.parse(first.text).data.createContact.contact.id).toMatch(/^con_/)
    expect(again).toEqual({ status: 200, text: first.text, replayed: 'true' })
    expect(JSON.parse((await send(tenant, 'a', `${mutation} #`)).text).errors[0].extensions.code).toBe('IDEMPOTENCY_KEY_REUSED')
    await send(tenant, 'b', '{ viewer { scopes } }')
    expect(await gateway.db.prisma.idempotencyRecord.count({ where: { organizationId: tenant.organizationId } })).toBe(1)
  })

  test('is not replayed to a key whose scope was taken away since', async () => {
    const tenant = await gateway.organization()
    const mutation = 'mutation { createContact(input: { email: "ana@example.com" }) { ... on CreateContactPayload { contact { email } } } }'
    const first = await send(tenant, 'a', mutation)
    expect(await send(tenant, 'a', mutation)).toEqual({ ...first, replayed: 'true' })
    await gateway.db.prisma.apiKey.updateMany({ where: { organizationId: tenant.organizationId }, data: { scopes: ['contacts:read'] } })
    // What is cached of a key is as old as this at most.
    await setTimeout(keyLease + 100)
    const refused = await send(tenant, 'a', mutation)
    expect(refused.text).toContain('"code":"INSUFFICIENT_PERMISSIONS"')
    expect(refused.text).not.toContain('ana@example.com')
    expect(refused.replayed).toBeNull()
  })

  test('keeps what went well beside what was refused', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant, { email: 'taken@example.com' })
    const { text } = await send(
      tenant,
      'a',
      `mutation {
        taken: createContact(input: { email: "taken@example.com" }) { __typename }
        update: updateContact(input: { id: "${id}", phone: "N/A" }) { __typename }
        note: createNote(input: { contactId: "${id}", body: "Kept" }) { ... on CreateNotePayload { note { contact { a: notes { totalCount } b: notes(first: 1) { totalCount } c: notes(last: 1) { totalCount } } } } }
        fresh: createContact(input: { email: "fresh@example.com" }) { __typename }
      }`,
    )
    const one = { totalCount: 1 }
    expect(JSON.parse(text).data).toEqual({
      taken: { __typename: 'ContactAlreadyExists' },
      update: { __typename: 'InvalidPhoneNumber' },
      note: { note: { contact: { a: one, b: one, c: one } } },
      fresh: { __typename: 'CreateContactPayload' },
    })
    expect([await contacts(tenant), await gateway.db.prisma.note.count({ where: { contactId: id } })]).toEqual([2, 1])
  })

  test('that breaks in the middle leaves nothing, and may be repeated', async () => {
    const tenant = await gateway.organization()
    const mutation =
      'mutation { createContact(input: { email: "ana@example.com" }) { ... on CreateContactPayload { contact { notes { totalCount } } } } }'
    await gateway.db.prisma.$executeRaw`alter table notes rename to notes_gone`
    const broken = await send(tenant, 'a', mutation)
    await gateway.db.prisma.$executeRaw`alter table notes_gone rename to notes`
    expect([broken.status, JSON.parse(broken.text).errors[0].extensions.code]).toEqual([500, 'INTERNAL_ERROR'])
    expect(await contacts(tenant)).toBe(0)
    expect(JSON.parse((await send(tenant, 'a', mutation)).text)).toMatchObject({
      data: { createContact: { contact: { notes: { totalCount: 0 } } } },
    })
  })
})

test.runIf(inject('template').server !== null)('a refusal for now is not remembered, and the repetition does the work', async () => {
  const impatient = await openOwnGateway({}, { statementTimeout: 300 })
  const tenant = await impatient.organization()
  const id = await givenContact(tenant)
  const [found] = await impatient.db.sql<{ name: string }[]>`select current_database()::text as name`
  const holder = new pg.Client({ connectionString: databaseUrl(inject('template').server?.url ?? '', found?.name ?? '') })
  await holder.connect()
  const rename = `mutation ($id: ID!) {
    createContact(input: { email: "beside@example.com" }) { __typename }
    updateContact(input: { id: $id, lastName: "Lee" }) { ... on UpdateContactPayload { contact { lastName } } }
  }`
  const send = (method: string, path: string, key: string, body: unknown) => {
    const headers = { 'X-API-Key': tenant.key, 'Content-Type': 'application/json', ...once(key) }
    return impatient.app.fetch(new Request(`http://localhost:4000${path}`, { method, headers, body: JSON.stringify(body) }))
  }
  const ask = async () => [
    await send('PATCH', `/api/v1/contacts/${id}`, 'a', { first_name: 'Ana' }),
    await send('POST', '/graphql', 'b', { query: rename, variables: { id } }),
  ]
  try {
    await runAsTest(() => holder.query('begin'))
    await runAsTest(() =>
      holder.query('select from contacts where organization_id = $1 and id = $2 for update', [tenant.organizationId, id]),
    )
    const refusals = await Promise.all((await ask()).map((response) => response.text()))
    expect(refusals.map((text) => text.includes('"code":"TIMEOUT"'))).toEqual([true, true])
    // What was done beside it is undone, and not reported as done.
    expect(JSON.parse(refusals[1] ?? '')).toMatchObject({ data: null })
    await runAsTest(() => holder.query('rollback'))
    const answers = await ask()
    expect(answers.map(({ status, headers }) => [status, headers.get('idempotency-replayed')])).toEqual([
      [200, null],
      [200, null],
    ])
    expect(await answers[1]?.json()).toMatchObject({ data: { updateContact: { contact: { lastName: 'Lee' } } } })
  } finally {
    await holder.end()
    await impatient.close()
  }
})
