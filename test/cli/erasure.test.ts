import { execFile } from 'node:child_process'
import { cpSync, existsSync, rmSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseConfig, openDatabase } from '../../src/data/open-database.ts'
import { dumpOf, linesWith } from '../support/dump.ts'
import { copyTemplate } from '../support/gateway.ts'
import { asTest } from '../support/tenancy/as-test.ts'
import { databaseUrl } from '../support/global-setup.ts'
import { runCli } from '../support/process.ts'

const run = promisify(execFile)
const maxBuffer = 256 * 1024 * 1024
const hasPgDump = (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'pg_dump')))

let config: DatabaseConfig
let folder: string
let remove: () => Promise<void>
beforeAll(async () => {
  ;({ config, remove } = await copyTemplate())
  folder = await mkdtemp(join(tmpdir(), 'contact-gateway-test-'))
})
afterAll(async () => {
  await remove()
  await rm(folder, { recursive: true, force: true })
})

/** The database as an operator backs it up: a file of pg_dump, or a copy of the folder of the embedded database. */
async function backUp(name: string): Promise<string> {
  const target = join(folder, name)
  if (config.url === null) cpSync(config.dataDir, target, { recursive: true })
  else await run('pg_dump', ['--file', target, config.url])
  return target
}

/** Puts a backup where the database was, or beside it on a server. @returns where it is now */
async function restore(backup: string): Promise<DatabaseConfig> {
  if (config.url === null) {
    rmSync(config.dataDir, { recursive: true })
    cpSync(backup, config.dataDir, { recursive: true })
    return config
  }
  const restored = databaseUrl(config.url, `${new URL(config.url).pathname.slice(1)}_restored`)
  await run('psql', [config.url, '--command', `create database ${new URL(restored).pathname.slice(1)}`])
  await run('psql', [restored, '--quiet', '--set', 'ON_ERROR_STOP=1', '--file', backup], { maxBuffer })
  return { ...config, url: restored }
}

/** Everything that is in a database: what pg_dump writes, and every row of every table of the embedded one. */
async function contentOf(given: DatabaseConfig): Promise<string> {
  if (given.url !== null) return (await run('pg_dump', [given.url], { maxBuffer })).stdout
  const database = await openDatabase(given)
  try {
    return await dumpOf(asTest(database.db))
  } finally {
    await database.close()
  }
}

const envOf = ({ url, dataDir }: DatabaseConfig): Record<string, string> => (url === null ? { DATA_DIR: dataDir } : { DATABASE_URL: url })

const values = ['zebulina', 'quarkworth', '4155552671', 'ballonfabrik', 'zq-tag', 'zq-attribute', 'zq-note']

// On a server the backups are those of pg_dump.
test.skipIf((process.env['DATABASE_URL'] ?? '') !== '' && !hasPgDump)(
  'after erase nothing of the person is in a dump and in an export, and after the restore of a backup reerase does the same',
  { timeout: 120_000 },
  async () => {
    const env = envOf(config)
    await runCli(['organizations', 'create', '--name', 'Meadow', '--country', 'US'], env)
    const file = join(folder, 'people.csv')
    const head = 'First name,Last name,Phone,Email,Company,Tags,Shoe size,Has Opted Out Of Email'
    const person = 'Zebulina,Quarkworth,(415) 555-2671,zebulina@distinct.example,Ballonfabrik,zq-tag,zq-attribute,yes'
    await writeFile(file, `${head}\n${person}\nSomebody,,,fine@example.com,,,,\n`)
    await runCli(['import', file], env)
    const listed = join(folder, 'suppressed.csv')
    await writeFile(listed, 'address,note\n+14155552671,zq-note\n')
    expect((await runCli(['suppressions', 'import', listed], env)).output).toBe('1 rows: 1 entries are new, 0 rows failed.\n')
    const exported = await runCli(['export', '--fields', 'id,email', '--search', 'zebulina'], env)
    const [id = ''] = /con_\w+/.exec(exported.output) ?? []
    const backup = await backUp('backup')
    const before = await contentOf(config)
    expect(values.filter((value) => linesWith(before, [value]).length === 0)).toEqual([])

    const list = join(folder, 'erasures.jsonl')
    const erased = await runCli(['erase', id, '--reason', 'Request of 12 May, case 4711', '--list', list], env)
    expect(erased).toEqual({ code: 0, output: `${id} is erased.\n` })
    expect(linesWith(await contentOf(config), values)).toEqual([])
    expect(linesWith(`${(await runCli(['export'], env)).output}${await readFile(list, 'utf8')}`, values)).toEqual([])
    const proof = (await runCli(['suppressions', 'list', '--json'], env)).output.trim().split('\n')
    const entries = proof.map((line): { address: string; reason: string } => JSON.parse(line))
    expect(entries.every(({ address }) => address.startsWith('hash:'))).toBe(true)
    expect(entries.map(({ reason }) => reason).toSorted()).toEqual(['erasure', 'erasure', 'imported', 'opt_out'])

    const restored = await restore(backup)
    const again = await runCli(['reerase', list], envOf(restored))
    expect(again).toEqual({
      code: 0,
      output: `${id} is erased.\nPersons on the list: 1. Contacts erased again: 1. Erasures that were on record: 0.\n`,
    })
    expect(linesWith(await contentOf(restored), values)).toEqual([])
  },
)
