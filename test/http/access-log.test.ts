import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mask } from '../../src/kernel/mask.ts'
import { createLog } from '../../src/log.ts'
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

test('every request is one line: what was done, how it ended, how long it took and how many statements', async () => {
  // Each asks with a key that nobody has asked with yet: it is looked up.
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
