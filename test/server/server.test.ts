import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { copyTemplate, emptyDatabase } from '../support/gateway.ts'
import { version } from '../../src/kernel/version.ts'
import { runCli, runProgram, startServer } from '../support/process.ts'

/** Addresses of this machine by which another one would call it. */
const addresses = Object.values(networkInterfaces()).flatMap((list) =>
  (list ?? []).filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-gateway-server-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

// A run on a server has nothing to add: this is the demo on the embedded database.
describe.runIf(inject('template').server === null)('on an empty machine', () => {
  const env = () => ({ DATA_DIR: join(folder, 'demo') })

  test('the server fills the demo, says where everything is, and the curl line that it prints works', async () => {
    const server = await startServer({ ...env(), HOST: '0.0.0.0' })
    const output = server.output().replaceAll('0.0.0.0', '127.0.0.1')
    expect(output).toContain(`GraphQL        ${server.url}/graphql   (GraphiQL in a browser)`)
    const curl = /^curl '(\S+)' -H "X-API-Key: (\S+)"$/m.exec(output)
    const list = await fetch(curl?.[1] ?? '', { headers: { 'X-API-Key': curl?.[2] ?? '' } })
    expect(await list.json()).toMatchObject({ data: [{ display_name: 'Emily Chen' }, {}, {}], meta: { pagination: { total: 206 } } })
    expect(await (await fetch(`${server.url}/ready`)).json()).toEqual({ status: 'ready' })
    expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ status: 'ok', version })
    // The start page shows the key to this machine only.
    const shownTo = async (headers: Record<string, string>, url = server.url) => {
      const page = await text(
        await new Promise<IncomingMessage>((resolve, reject) => void get(url, { headers }, resolve).on('error', reject)),
      )
      return page.includes(curl?.[2] ?? '')
    }
    expect(await shownTo({})).toBe(true)
    for (const name of ['Forwarded', 'X-Forwarded-For', 'X-Real-IP', 'Via']) expect(await shownTo({ [name]: '203.0.113.9' })).toBe(false)
    expect(await shownTo({ Host: 'evil.example' })).toBe(false)
    for (const address of addresses) expect(await shownTo({ Host: 'localhost' }, server.url.replace('127.0.0.1', address))).toBe(false)
    server.process.kill('SIGTERM')
    expect(await server.exit()).toBe(0)
  })

  test('a second start finds everything as it was, with the same key', async () => {
    const key = await readFile(join(folder, 'demo', 'demo-api-key'), 'utf8')
    expect((await stat(join(folder, 'demo', 'demo-api-key'))).mode & 0o777).toBe(0o600)
    const server = await startServer(env())
    expect(server.output()).not.toContain('Filling')
    expect(server.output()).toContain(key)
    const { data } = (await (await fetch(`${server.url}/api/v1/contacts?search=okafor`, { headers: { 'X-API-Key': key } })).json()) as {
      data: unknown[]
    }
    expect(data).toMatchObject([{ display_name: 'Maya Okafor', lifecycle_stage: 'advocate' }])
    // Another process on the same folder reports what to do, and does no harm.
    for (const { code, output } of [
      await runCli(['keys', 'list'], env()),
      await startServer(env()).then(async (second) => ({ code: await second.exit(), output: second.output() })),
    ]) {
      expect(code).toBe(1)
      expect(output).toMatch(
        /^The embedded database in \S+ is in use by process \d+ on \S+, and only one process can open it at a time\. Stop that process first/,
      )
    }
    expect((await fetch(`${server.url}/ready`)).status).toBe(200)
    server.process.kill('SIGKILL')
    await server.exit()
    const { code, output } = await runCli(['keys', 'list'], env())
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/^ID .* LAST USED .*\nkey_\S+ {2}dv_live_sk_…\S{4} {2}Bootstrap {2}active {2}.*contacts:read,/),
    ])
  })
})

test('a wrong configuration ends the start with one message', async () => {
  const server = await startServer({ PORT: 'http', DEMO_DATA: 'maybe' })
  expect(await server.exit()).toBe(1)
  expect(server.output()).toBe(
    'The gateway cannot start:\n  PORT is not a whole number from 0 to 65,535.\n  DEMO_DATA is maybe. Use true or false.\n',
  )
})

describe('with a database', () => {
  let env: Record<string, string>
  let remove: () => Promise<void>
  beforeAll(async () => {
    const copy = await copyTemplate()
    remove = copy.remove
    env = { ...(copy.config.url === null ? { DATA_DIR: copy.config.dataDir } : { DATABASE_URL: copy.config.url }), DEMO_DATA: 'false' }
  })
  afterAll(() => remove())

  test('keys are made, shown without their secrets, and revoked on the command line', async () => {
    expect((await runCli(['keys', 'create', '--name', 'Nobody'], env)).output).toBe(
      'There is no organization yet. Create one with: organizations create --name "My company".\n',
    )
    const organization = (await runCli(['organizations', 'create', '--name', 'Meadow', '--country', 'de'], env)).output.trim()
    expect((await runCli(['organizations', 'list'], env)).output).toMatch(
      new RegExp(`^ID +NAME +COUNTRY +CREATED\\n${organization}  Meadow  DE {7}2\\S+Z\\n$`),
    )
    expect(JSON.parse((await runCli(['organizations', 'list', '--json'], env)).output)).toMatchObject([
      { id: organization, name: 'Meadow' },
    ])
    const [id = '', key = ''] = (
      await runCli(['keys', 'create', '--name', 'Website', '--scopes', 'contacts:read', '--test', '--expires', '2099-01-01'], env)
    ).output
      .trim()
      .split('\n')
    expect(key).toMatch(/^dv_test_sk_[\w-]{32}$/)
    const [listed, ...others] = JSON.parse((await runCli(['keys', 'list', '--json'], env)).output) as { createdAt: string }[]
    expect([listed, others]).toEqual([
      {
        id,
        hint: `dv_test_sk_…${key.slice(-4)}`,
        name: 'Website',
        scopes: ['contacts:read'],
        createdAt: expect.any(String),
        lastUsedAt: null,
        expiresAt: '2099-01-01T00:00:00.000Z',
        revokedAt: null,
      },
      [],
    ])
    expect((await runCli(['keys', 'list'], env)).output).toMatch(
      new RegExp(
        '^ID +KEY +NAME +STATE +CREATED +LAST USED +EXPIRES +SCOPES\\n' +
          `${id}  dv_test_sk_…${key.slice(-4)}  Website  active  ${listed?.createdAt}  never {6}2099-01-01T00:00:00.000Z  contacts:read\\n$`,
      ),
    )
    const rotated = await runCli(['keys', 'rotate', id, '--grace', '0'], env)
    expect([rotated.code, rotated.output]).toEqual([
      0,
      expect.stringMatching(/^key_\S+\ndv_test_sk_\S{32}\nkey_\S+ works until 2\d{3}-\S+\.\n$/),
    ])
    expect((await runCli(['keys', 'list'], env)).output).toMatch(/ {2}expired {2}.* {2}contacts:read\n$/)
    expect(await runCli(['keys', 'rotate', id], env)).toMatchObject({ code: 1 })
    expect((await runCli(['organizations', 'rename', organization, 'Meadow & Co.'], env)).output).toBe(
      `${organization} is now called "Meadow & Co.".\n`,
    )
    await runCli(['organizations', 'create', '--name', 'Another'], env)
    expect(await runCli(['keys', 'revoke', id], env)).toEqual({ code: 0, output: `${id} is revoked.\n` })
    expect((await runCli(['keys', 'list', '--organization', organization], env)).output).toMatch(/ {2}revoked {2}/)
    const refusals = [
      [
        ['keys', 'create', '--name', 'X', '--scopes', 'everything', '--organization', organization],
        expect.stringMatching(/^There is no scope everything\. The scopes are: contacts:read, /),
      ],
      [['keys', 'create', '--name', ' ', '--organization', organization], 'A key needs a name that says what it is for.\n'],
      [
        ['keys', 'create', '--name', 'X', '--expires', '2020-01-01', '--organization', organization],
        'The expiry of the key is in the past.\n',
      ],
      [['keys', 'revoke', 'key_00000000000000000000000000'], 'There is no API key with the id key_00000000000000000000000000.\n'],
      [
        ['keys', 'create', '--name', 'X', '--organization', 'org_x'],
        expect.stringMatching(
          /^There is no organization org_x\. Add --organization with one of these ids:\n  org_\S+ {2}Meadow & Co\.\n  org_\S+ {2}Another\n$/,
        ),
      ],
      [['seed'], 'The database is not empty. The demo organization can only be added to an empty database.\n'],
    ] as const
    // On the embedded database each program takes seconds to open it, and these do the same on both.
    for (const [args, message] of inject('template').server === null ? refusals.slice(0, 2) : refusals) {
      expect(await runCli(args, env)).toEqual({ code: 1, output: message })
    }
  })

  test('the key that the environment names is made when there is none, and no request is cut off by SIGTERM', async () => {
    const fresh = await copyTemplate()
    const key = 'dv_live_sk_chosen_by_operator'
    const server = await startServer({
      ...(fresh.config.url === null ? { DATA_DIR: fresh.config.dataDir } : { DATABASE_URL: fresh.config.url }),
      DEMO_DATA: 'false',
      BOOTSTRAP_API_KEY: key,
    })
    expect(server.output()).toContain('API key        dv_live_sk_…   (BOOTSTRAP_API_KEY)')
    expect(server.output()).not.toContain(key)
    const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
    const answers: Promise<number>[] = []
    for (let index = 0; index < 40; index += 1) {
      const body = JSON.stringify({ email: `person${index}@example.com`, custom_attributes: { text: 'x'.repeat(10_000) } })
      answers.push(
        fetch(`${server.url}/api/v1/contacts`, { method: 'POST', headers, body }).then((response) =>
          response.text().then(() => response.status),
        ),
      )
    }
    // Some are answered and the rest are under way.
    await answers[0]
    server.process.kill('SIGTERM')
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 40 }, () => 201))
    expect(await server.exit()).toBe(0)
    await expect(fetch(`${server.url}/health`)).rejects.toThrow('fetch failed')
    const env: Record<string, string> = fresh.config.url === null ? { DATA_DIR: fresh.config.dataDir } : { DATABASE_URL: fresh.config.url }
    const [used] = JSON.parse((await runCli(['keys', 'list', '--json'], env)).output) as { lastUsedAt: string | null }[]
    expect(used?.lastUsedAt).toMatch(/^2\S+Z$/)
    await fresh.remove()
  })
})

test.runIf(inject('template').server !== null)('a server that cannot be reached ends the start with its reason', async () => {
  const server = await startServer({ DATABASE_URL: 'postgresql://127.0.0.1:1/contacts', DATABASE_WAIT: '1' })
  expect(await server.exit()).toBe(1)
  expect(server.output()).toMatch(/"code":"ECONNREFUSED","msg":"waiting for the database"/)
  expect(server.output()).toMatch(
    /connect ECONNREFUSED 127\.0\.0\.1:1\. No PostgreSQL server accepts connections there\. Check DATABASE_URL\.\n$/,
  )
})

test.runIf(inject('template').server !== null)('a database of something else is refused, and left as it was', async () => {
  const { config, remove } = await emptyDatabase()
  const client = new pg.Client({ connectionString: config.url ?? '' })
  await client.connect()
  try {
    await client.query('create table invoices (id int)')
    const env = { DATABASE_URL: config.url ?? '' }
    const message =
      'The database has tables that are not of a contact gateway, such as invoices. Give the gateway a database of its own in DATABASE_URL.\n'
    expect(await runCli(['migrate'], env)).toEqual({ code: 1, output: message })
    const server = await startServer(env)
    expect([await server.exit(), server.output()]).toEqual([1, message])
    const { rows } = await client.query("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'")
    expect(rows).toEqual([{ relname: 'invoices' }])
  } finally {
    await client.end()
    await remove()
  }
})

test('both programs print their version, and help starts nothing', async () => {
  for (const argument of ['--version', '--help', '--port']) {
    const { code, output } = await runProgram(['dist/main.js', argument], {})
    expect([code, output]).toEqual(
      {
        '--version': [0, `${version}\n`],
        '--help': [0, expect.stringContaining('Usage: node dist/main.js')],
        '--port': [2, expect.stringMatching(/^There is no option --port\.\n\nUsage/)],
      }[argument],
    )
  }
  expect(await runCli(['--version'], {})).toEqual({ code: 0, output: `${version}\n` })
})
