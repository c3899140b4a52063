import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StreamSlots } from '../../src/data/driver/stream-slots.ts'
import { defaultRateLimits } from '../../src/http/settings.ts'
import { streamOf } from '../../src/http/rest/files.ts'
import { TooManyReaders } from '../../src/kernel/faults.ts'
import { givenContact } from '../support/factories.ts'
import { type HttpServer, startHttpServer } from '../support/http-app.ts'
import { openGateway, openOwnGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

describe('exports that are not read', () => {
  let gateway: TestGateway
  let httpServer: HttpServer
  let reader: Tenant
  let other: Tenant
  const sockets: Socket[] = []
  beforeAll(async () => {
    gateway = await openOwnGateway({}, { poolSize: 4 })
    httpServer = await startHttpServer(gateway)
    const tenant = await gateway.organization()
    reader = await tenant.withScopes('contacts:read')
    other = await gateway.organization()
    await givenContact(other)
    const contacts = Array.from({ length: 4000 }, (_, index) => ({ email: `export${index}@example.com`, note: 'x'.repeat(2000) }))
    await tenant.rest('POST', '/bulk', { contacts })
  })
  afterAll(async () => {
    for (const socket of sockets) socket.destroy()
    await httpServer.close()
    await gateway.close()
  })

  /** Connections that ask for an export of everything, and read nothing of it. */
  function openExports(count: number): Socket[] {
    const [host, port] = httpServer.host.split(':')
    const body = '{"format":"ndjson"}'
    return Array.from({ length: count }, () => {
      const socket = connect(Number(port), host)
      sockets.push(socket)
      socket.on('error', () => {})
      socket.write(
        `POST /api/v1/contacts/export HTTP/1.1\r\nHost: x\r\nX-API-Key: ${reader.key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      )
      socket.pause()
      return socket
    })
  }

  test('give everything back when their clients go while they wait for each other', async () => {
    const gone = openExports(10)
    await pause(1500)
    for (const socket of gone) socket.destroy()
    await pause(500)
    // Longer than an export waits for others: none of these may still be there.
    for (const format of ['ndjson', 'json', 'csv'] as const) expect((await reader.rest('POST', '/export', { format })).status).toBe(200)
  })

  test('leave connections for every other organization', async () => {
    openExports(10)
    await pause(2000)
    for (let times = 0; times < 5; times += 1) {
      const began = performance.now()
      expect((await other.rest('GET', '?limit=1')).status).toBe(200)
      expect((await fetch(`http://${httpServer.host}/ready`)).status).toBe(200)
      expect(performance.now() - began).toBeLessThan(2000)
    }
  })
})

test('a file that is not read for a while is given up, with what it is made from', async () => {
  let isReturned = false
  const failures: unknown[] = []
  async function* parts(): AsyncGenerator<string> {
    try {
      for (;;) yield 'x'
    } finally {
      isReturned = true
    }
  }
  const stream = streamOf(parts(), async (error) => void failures.push(error), 50)
  const file = stream.getReader()
  await file.read()
  await pause(30)
  await file.read()
  expect(isReturned).toBe(false)
  await pause(150)
  expect(isReturned).toBe(true)
  expect(failures).toEqual([expect.objectContaining({ name: 'ReaderIdle' })])
})

describe('readers of streams', () => {
  test('are let in up to half of the connections, and half of those for one organization', async () => {
    const slots = new StreamSlots(8)
    const release = [await slots.take('one'), await slots.take('one')]
    const third = slots.take('one')
    const others = [await slots.take('other'), await slots.take('another')]
    release[0]?.()
    release[0]?.()
    release.push(await third)
    for (const end of [...release, ...others]) end()
    expect(await slots.take('one')).toBeTypeOf('function')
  })

  test('are refused when the others do not end', async () => {
    const slots = new StreamSlots(1)
    await slots.take('one')
    await expect(slots.take('other')).rejects.toThrow(TooManyReaders)
  })
})

describe('work is charged whichever API it comes through', () => {
  let gateway: TestGateway
  let tenant: Tenant
  beforeAll(async () => {
    gateway = await openGateway({ rateLimits: { ...defaultRateLimits, cost: 15, rows: 10 } })
    tenant = await gateway.organization()
  })
  afterAll(() => gateway.close())

  const importing = 'mutation ($input: ImportContactsInput!) { importContacts(input: $input) { __typename } }'
  const rows = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ email: `row${from + index}@example.com` }))
  const count = () => gateway.db.prisma.contact.count({ where: { organizationId: tenant.organizationId } })

  test('rows of an import, through GraphQL and REST together', async () => {
    const caller = await tenant.withScopes('contacts:read', 'contacts:write')
    const before = await count()
    expect((await caller.rest('POST', '/bulk', { contacts: rows(0, 6) })).status).toBe(201)
    const refused = await caller.gql(importing, { input: { contacts: rows(10, 6) } })
    expect(JSON.stringify(refused.body)).toContain('RATE_LIMITED')
    expect((await caller.rest('POST', '/bulk', { contacts: rows(20, 6) })).body.error.code).toBe('RATE_LIMITED')
    expect((await count()) - before).toBe(6)
  })

  test('contacts of a bulk action and items of a batch; one request is never more than the limit', async () => {
    const caller = await tenant.withScopes('contacts:read', 'contacts:write', 'activities:write')
    expect((await caller.rest('POST', '/bulk', { contacts: rows(30, 50) })).status).toBe(201)
    const action = { action: 'add_tags', filter: {}, params: { tags: ['a'] } }
    expect((await caller.rest('POST', '/actions', action)).body.error.code).toBe('RATE_LIMITED')
    const id = await givenContact(tenant)
    expect((await caller.rest('POST', '/bulk-delete', { contact_ids: [id] })).body.error.code).toBe('RATE_LIMITED')
  })

  test('refused operations, until the next one is refused before it is read', async () => {
    const caller = await tenant.withScopes('contacts:read')
    const codes: string[] = []
    for (let times = 0; times < 17; times += 1) {
      const { body } = await caller.gql(`{ nothing${times} }`)
      codes.push(body.errors[0].extensions.code)
    }
    expect(codes.slice(0, 15)).toEqual(Array.from({ length: 15 }, () => 'VALIDATION_ERROR'))
    expect(codes.at(-1)).toBe('RATE_LIMITED')
  })
})

describe('an operation that would take long to validate is refused before', () => {
  const many = (n: number, text: (index: number) => string) => Array.from({ length: n }, (_, index) => text(index)).join(' ')
  test.each([
    ['the same object again and again', `{contacts{nodes{${many(980, () => 'block{reason}')}}}}`],
    ['the same field again and again', `{contacts{nodes{${many(3900, () => 'email')}}}}`],
    [
      'many fragments in one place',
      `{contacts{nodes{${many(300, (i) => `...F${i}`)}}}} ${many(300, (i) => `fragment F${i} on Contact{email}`)}`,
    ],
    [
      'fragments that double at each level',
      `{contacts{nodes{...A0}}} ${many(14, (i) => `fragment A${i} on Contact{a:block{contact{...A${i + 1}}} b:block{contact{...A${i + 1}}}}`)} fragment A14 on Contact{email}`,
    ],
    ['inline fragments', `{contacts{nodes{${many(440, () => '... on Contact{email company}')}}}}`],
  ])('%s', async (_kind, query) => {
    const gateway = await openGateway()
    const tenant = await gateway.organization()
    const began = performance.now()
    const { body } = await tenant.gql(query)
    expect(body.errors[0].message).toMatch(/^This operation selects the same fields too often/)
    expect(performance.now() - began).toBeLessThan(1000)
    await gateway.close()
  })
})
