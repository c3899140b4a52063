// `npm run build && npx tsx bench/start.ts`: from the start of the built server to its first answer to a GraphQL query, on a database that is there.
// With DATABASE_URL on a database of its own beside that one, otherwise on the embedded database. `--times` says how often, `--node` with which Node.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { freePort } from '../test/support/process.ts'
import { cpuOf, median, megabytes, memoryOf, report, withDatabase } from './bulk/support.ts'

const { values: options } = parseArgs({
  options: { times: { type: 'string', default: '9' }, node: { type: 'string', default: process.execPath } },
})
const key = 'dv_live_sk_benchmark_benchmark'

interface Start {
  /** Milliseconds from the start of the process to the first answer. */
  readonly answered: number
  /** Milliseconds of CPU that it took until then. */
  readonly cpu: number
  /** Bytes. */
  readonly memory: number
}

async function start(database: Readonly<Record<string, string>>): Promise<Start> {
  const port = String(await freePort())
  const SECRET_KEYS = 'the secret key of the benchmarks and of no other use'
  const env = { ...process.env, ...database, PORT: port, DEMO_DATA: 'false', BOOTSTRAP_API_KEY: key, SECRET_KEYS }
  const began = performance.now()
  const child = spawn(options.node, [join(import.meta.dirname, '../dist/main.js')], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error('The server ended before it answered.')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const started = { answered: performance.now() - began, cpu: await cpuOf(child), memory: (await memoryOf(child)).now }
  child.kill('SIGTERM')
  await new Promise((resolve) => child.once('exit', resolve))
  return started
}

async function answers(port: string): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
      body: '{"query":"{ contacts(first: 1) { nodes { id displayName } } }"}',
    })
    return response.ok && (await response.text()).includes('"nodes"')
  } catch {
    return false
  }
}

async function measure(where: string, database: Readonly<Record<string, string>>): Promise<void> {
  await start(database)
  const starts: Start[] = []
  for (let time = 0; time < Number(options.times); time += 1) starts.push(await start(database))
  const middle = (read: (one: Start) => number) => median(starts.map(read))
  report([
    [`${where}: to the first answer`, `${middle((one) => one.answered).toFixed(0)} ms`],
    [`${where}: CPU until then`, `${middle((one) => one.cpu).toFixed(0)} ms`],
    [`${where}: memory then`, megabytes(middle((one) => one.memory))],
  ])
}

if (process.env['DATABASE_URL'] === undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'contact-gateway-start-'))
  await measure('embedded', { DATA_DIR: folder })
  await rm(folder, { recursive: true, force: true })
} else {
  await withDatabase((url) => measure('server', { DATABASE_URL: url }))
}
