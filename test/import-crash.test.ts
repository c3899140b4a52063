import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyTemplate } from './support/house.ts'
import { type Running, startServer } from './support/process.ts'

const key = 'dv_live_sk_chosen_by_somebody'
const rows = 8000
const kills = 3

let env: Record<string, string>
let remove: () => Promise<void>
beforeAll(async () => {
  const copy = await copyTemplate()
  remove = copy.remove
  env = {
    ...(copy.config.url === null ? { DATA_DIR: copy.config.dataDir } : { DATABASE_URL: copy.config.url }),
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

test('an import goes on after kill -9, at whatever moment, and applies every row once', async () => {
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
