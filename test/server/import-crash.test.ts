import { fork } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseConfig, openDatabase } from '../../src/data/open-database.ts'
import { deleteOldImports } from '../../src/domain/imports/job/delete-old.ts'
import { createOrganization } from '../../src/domain/organizations/commands.ts'
import { copyTemplate } from '../support/gateway.ts'
import { type Running, startServer } from '../support/process.ts'
import { asTest } from '../support/tenancy/as-test.ts'

const key = 'dv_live_sk_chosen_by_operator'
const rows = 8000
const kills = 3

let config: DatabaseConfig
let env: Record<string, string>
let remove: () => Promise<void>
beforeAll(async () => {
  const copy = await copyTemplate()
  ;({ config, remove } = copy)
  const database = await openDatabase(config)
  await createOrganization({ db: database.db, now: () => new Date() }, { name: 'Crashing' })
  await database.close()
  env = {
    ...(config.url === null ? { DATA_DIR: config.dataDir } : { DATABASE_URL: config.url }),
    DEMO_DATA: 'false',
    BOOTSTRAP_API_KEY: key,
    RATE_LIMIT: 'off',
  }
})
afterAll(() => remove())

async function ask(server: Running, path: string, init: RequestInit = {}, type = 'application/json') {
  const headers = { 'X-API-Key': key, 'Content-Type': type }
  const response = await fetch(`${server.url}/api/v1/contacts${path}`, { ...init, headers })
  const { data, meta } = (await response.json()) as { data: Record<string, unknown>; meta: { pagination?: { total?: number } } }
  return { data, total: meta.pagination?.total }
}

async function until(server: Running, path: string, condition: (job: Record<string, unknown>) => boolean) {
  for (;;) {
    const { data } = await ask(server, path)
    if (condition(data)) return data
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test('an import goes on after kill -9, at whatever time, and applies every row once', async () => {
  const file = [
    'email,tags',
    ...Array.from({ length: rows }, (_, index) => `person${index % (rows - 100)}@example.com,number-${index}`),
  ].join('\n')
  let server = await startServer(env)
  const { data } = await ask(server, '/bulk', { method: 'POST', body: file }, 'text/csv')
  const path = `/import-jobs/${String(data['import_job_id'])}`
  for (let kill = 1; kill <= kills; kill += 1) {
    const goal = Math.floor((rows * kill) / (kills + 1))
    await until(server, path, (job) => Number(job['processed_rows']) >= goal)
    // Somewhere within the next batch.
    await new Promise((resolve) => setTimeout(resolve, 7 * kill))
    server.process.kill('SIGKILL')
    await server.exit()
    server = await startServer(env)
  }
  const done = await until(server, path, (job) => job['status'] !== 'processing')
  expect(done).toMatchObject({ status: 'completed', total_rows: rows, processed_rows: rows, created: rows - 100, skipped: 100 })
  expect((await ask(server, '?tags=number-0&limit=1')).total).toBe(1)
  server.process.kill('SIGTERM')
  expect(await server.exit()).toBe(0)
}, 180_000)

/** What there is of imports, seen from below. */
async function below() {
  const database = await openDatabase(config)
  const [jobs, staged, contacts] = await Promise.all([
    asTest(database.db).prisma.importJob.findMany({ where: { stagedAt: null }, select: { id: true } }),
    asTest(database.db).prisma.importRow.count({ where: { importJob: { stagedAt: null } } }),
    asTest(database.db).prisma.contact.count({ where: { source: 'import', email: { endsWith: '@staged.example.com' } } }),
  ])
  return { database, jobs: jobs.length, staged, contacts }
}

test('an upload that kill -9 cut off is no import: it is not listed, none of it is applied, and it can be sent again', async () => {
  const uploader = fork(join(import.meta.dirname, '..', 'support', 'stage-until-killed.ts'), [config.url ?? '', config.dataDir], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise((resolve) => uploader.once('exit', resolve))
  const message = await Promise.race([new Promise((resolve) => uploader.once('message', resolve)), ended])
  expect(message).toBe('staging')
  uploader.kill('SIGKILL')
  await ended
  const cut = await below()
  expect([cut.jobs, cut.staged >= 500, cut.contacts]).toEqual([1, true, 0])
  await cut.database.close()

  const server = await startServer(env)
  const jobs = async () => (await ask(server, '/import-jobs?limit=200')).total
  const before = await jobs()
  const file = ['email', ...Array.from({ length: 1000 }, (_, index) => `person${index}@staged.example.com`)].join('\n')
  const { data } = await ask(server, '/bulk', { method: 'POST', body: file }, 'text/csv')
  expect(data).toMatchObject({ status: 'completed', created: 1000, skipped: 0 })
  expect(await jobs()).toBe((before ?? 0) + 1)
  server.process.kill('SIGTERM')
  expect(await server.exit()).toBe(0)

  const after = await below()
  expect([after.jobs, after.staged, after.contacts]).toEqual([1, cut.staged, 1000])
  await deleteOldImports(after.database.db, new Date(Date.now() + 2 * 60 * 60 * 1000))
  await after.database.close()
  const cleared = await below()
  expect([cleared.jobs, cleared.staged, cleared.contacts]).toEqual([0, 0, 1000])
  await cleared.database.close()
}, 180_000)
