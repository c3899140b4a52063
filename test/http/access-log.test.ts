import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mask } from '../../src/kernel/mask.ts'
import { createLog } from '../../src/log.ts'
import { createClientOf, isAddressOrNetwork } from '../../src/http/client-address.ts'
import { type TestGateway, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

test.each([
  ['Unique constraint: (org, ana@example.com)', 'Unique constraint: (org, [email])'],
  ['called +1 (415) 555-2671 twice', 'called [number] twice'],
  ['{"phone":"+493023125017","n":3}', '{"phone":"[number]","n":3}'],
  ['line 42 of 300', 'line 42 of 300'],
])('%s is logged as %s', (text, masked) => {
  expect(mask(text)).toBe(masked)
})

test('an error is logged without the people in it', () => {
  const lines: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  const error = Object.assign(new Error('duplicate key (ana@example.com)', { cause: new Error('+14155552671 is taken') }), {
    meta: { email: 'ana@example.com' },
  })
  log.error({ err: error }, 'failed')
  expect(lines.join('')).not.toMatch(/ana@|4155552671/)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'failed', err: { message: expect.stringContaining('duplicate key ([email])') } })
})

test.each([
  ['ends by itself', ''],
  ['exits', 'process.exit(0)'],
  ['breaks', "throw new Error('broken')"],
  ['goes on', 'setInterval(() => {}, 1000)'],
])('what a process has logged is written when it %s', async (_how, ending) => {
  const script = `
    import { createLog } from './src/log.ts'
    const log = createLog('info')
    for (const line of [1, 2, 3]) log.info({ line }, 'done')
    ${ending}`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script]
  const child = spawn(process.execPath, args, { cwd: join(import.meta.dirname, '..', '..'), stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  for await (const chunk of child.stdout) {
    output += String(chunk)
    if (output.includes('"line":3')) child.kill('SIGKILL')
  }
  const lines = output.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ line: 1 }, { line: 2 }, { line: 3 }])
})

describe('the address of a client', () => {
  const clientOf = createClientOf(['10.0.0.0/8', '2001:db8::1'])
  test.each<[string, string | null, string | null, string | null]>([
    ['of a direct connection is that of the connection', '203.0.113.9', null, '203.0.113.9'],
    ['is not read from a header that the client sent itself', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['behind a trusted proxy is the last one of the header', '10.1.2.3', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['behind two trusted proxies is the one before them', '10.1.2.3', '198.51.100.1, 203.0.113.9, 10.9.9.9', '203.0.113.9'],
    ['may have a port', '10.1.2.3', '203.0.113.9:5123', '203.0.113.9'],
    ['may be IPv6', '2001:db8::1', '[2001:db8:ffff::7]:443', '2001:db8:ffff::7'],
    ['is written as IPv4 where it is mapped', '::ffff:10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['is the proxy if the header is malformed', '10.1.2.3', 'unknown', '10.1.2.3'],
    ['is null without a connection', null, '203.0.113.9', null],
  ])('%s', (_what, peer, forwardedFor, client) => {
    expect(clientOf(peer, forwardedFor)).toBe(client)
  })

  test.each([
    ['10.0.0.0/8', true],
    ['::1', true],
    ['10.0.0.0/33', false],
    ['proxy.example.com', false],
    ['', false],
  ])('%s can be configured: %s', (text, isValid) => {
    expect(isAddressOrNetwork(text)).toBe(isValid)
  })
})

test('every request is one line: what was done, how it ended, how long it took and how many statements', async () => {
  // Each uses a key that was not used yet: it is looked up.
  const tenant = await gateway.organization()
  const [second, third] = [await tenant.withScopes('contacts:read'), await tenant.withScopes('contacts:read')]
  gateway.log.length = 0
  const { body } = await tenant.rest('GET', '?search=ana@example.com')
  await second.gql('query Mine { contacts { nodes { id } } }')
  await third.rest('GET', '/abc')
  expect(gateway.log).toEqual([
    {
      level: 30,
      time: expect.any(Number),
      request_id: body.meta.request_id,
      method: 'GET',
      path: '/api/v1/contacts',
      organization_id: tenant.organizationId,
      key_id: expect.stringMatching(/^key_/),
      operation: 'GET /api/v1/contacts',
      status: 200,
      ms: expect.any(Number),
      statements: 2,
      db_ms: expect.any(Number),
    },
    expect.objectContaining({
      method: 'POST',
      path: '/graphql',
      operation: 'query Mine',
      hash: createHash('sha256').update('query Mine { contacts { nodes { id } } }').digest('hex'),
      status: 200,
      cost: 51,
      statements: 2,
    }),
    expect.objectContaining({
      path: '/api/v1/contacts/abc',
      operation: 'GET /api/v1/contacts/{id}',
      status: 400,
      code: 'VALIDATION_ERROR',
      statements: 1,
    }),
  ])
  expect(JSON.stringify(gateway.log)).not.toContain('ana@example.com')
})
