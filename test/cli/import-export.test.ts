import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyTemplate } from '../support/gateway.ts'
import { runCli } from '../support/process.ts'

let env: Record<string, string>
let folder: string
let remove: () => Promise<void>
beforeAll(async () => {
  const copy = await copyTemplate()
  remove = copy.remove
  env = copy.config.url === null ? { DATA_DIR: copy.config.dataDir } : { DATABASE_URL: copy.config.url }
  folder = await mkdtemp(join(tmpdir(), 'contact-gateway-test-'))
})
afterAll(async () => {
  await remove()
  await rm(folder, { recursive: true, force: true })
})

test('contacts are imported from a file and exported to one on the command line', async () => {
  await runCli(['organizations', 'create', '--name', 'Meadow', '--country', 'US'], env)
  const file = join(folder, 'people.csv')
  await writeFile(file, 'E-mail;Phone\nana@example.com;(415) 555-2671\nbob@;\n')
  const imported = await runCli(['import', file], env)
  const skipped = join(folder, 'people.skipped.csv')
  expect(imported).toEqual({
    code: 0,
    output: expect.stringMatching(
      /^imp_\S+: 2 rows, 1 created, 0 updated, 0 unchanged, 1 skipped\.\nThe skipped rows and their reasons are in /,
    ),
  })
  expect(await readFile(skipped, 'utf8')).toBe(
    'row_number,reason_code,field,value,message,expected,E-mail,Phone\r\n' +
      '2,INVALID_EMAIL,E-mail,bob@,bob@ is not an email address.,an address such as ana@example.com,bob@,\r\n',
  )
  await writeFile(skipped, (await readFile(skipped, 'utf8')).replaceAll('bob@', 'bob@example.com'))
  expect((await runCli(['import', skipped], env)).output).toMatch(/: 1 rows, 1 created, /)
  expect(await runCli(['export', '--fields', 'email,phone'], env)).toEqual({
    code: 0,
    output: 'email,phone\r\nana@example.com,+14155552671\r\nbob@example.com,\r\n',
  })
  const exported = join(folder, 'contacts.ndjson')
  await runCli(['export', '--format', 'ndjson', '--fields', 'email', '--search', 'bob', '--output', exported], env)
  expect(await readFile(exported, 'utf8')).toBe('{"email":"bob@example.com"}\n')
  const json = join(folder, 'people.json')
  await writeFile(json, '{"contacts": [{"email": "cyd@example.com"}]}')
  expect((await runCli(['import', json, '--dry-run'], env)).output).toMatch(/^Dry run, nothing was kept: 1 rows, 1 created/)
  for (const [args, message] of [
    [['import', join(folder, 'nowhere.csv')], /^ENOENT: no such file/],
    [['import', file, '--on-duplicate', 'merge'], /^--on-duplicate merge is not known\. Use skip or update\.\n$/],
    [['export', '--format', 'xlsx'], /^There is no format xlsx\. There are: /],
  ] as const) {
    const answer = await runCli(args, env)
    expect(answer.code).toBe(1)
    expect(answer.output).toMatch(message)
  }
}, 120_000)

test('a missing database is reported in a sentence', async () => {
  expect(await runCli(['keys', 'list'], { DATABASE_URL: 'postgresql://127.0.0.1:1/contacts' })).toEqual({
    code: 1,
    output: 'connect ECONNREFUSED 127.0.0.1:1. No PostgreSQL server accepts connections there. Check DATABASE_URL.\n',
  })
})
