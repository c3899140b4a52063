import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { type DatabaseConfig, openDatabase } from '../../../src/data/open-database.ts'
import { type Running, startServer } from '../process.ts'
import { createClient } from './client.ts'
import { Figures } from './figures.ts'
import { compare, type Person } from './ledger.ts'
import { asTest } from '../tenancy/as-test.ts'
import { work } from './mix.ts'
import { Worker } from './worker.ts'

export interface SoakOptions {
  /** An empty database, or one that has nothing but its tables. */
  readonly database: DatabaseConfig
  readonly requests: number
  /** When to stop even if the requests have not all been sent, in seconds. */
  readonly atMost?: number
  /** How many workers there are, each with one request under way. */
  readonly concurrency: number
  /** How the server is stopped and started again, spread over the requests. */
  readonly restarts: readonly ('SIGTERM' | 'SIGKILL')[]
  /** Whether to let the server rest before and after, and to look at its memory. */
  readonly rests: boolean
}

export interface SoakReport {
  /** Everything that must not happen, as sentences; none if all is well. */
  readonly faults: readonly string[]
  readonly figures: Figures
  /** How many requests were answered, those before the clock started not counted, and in how many seconds. */
  readonly requests: number
  readonly seconds: number
  /** How long each stop took and how long the start after it, in milliseconds. */
  readonly restarts: readonly { readonly signal: string; readonly stop: number; readonly start: number }[]
  /** Resident memory in bytes; null where it was not measured. */
  readonly memory: { readonly before: number; readonly peak: number; readonly after: number } | null
  /** The contacts that were made, with everything that was acknowledged about them. */
  readonly people: readonly Person[]
}

const apiKey = 'dv_live_sk_soak_soak_soak_soak'

/**
 * Drives the built server with a mix of reads and writes while it is stopped and started again, and compares what it has acknowledged
 * with what stands in its database.
 */
export async function soak({ database, requests, atMost = Infinity, concurrency, restarts, rests }: SoakOptions): Promise<SoakReport> {
  const env = {
    ...(database.url === null ? { DATA_DIR: database.dataDir } : { DATABASE_URL: database.url }),
    DEMO_DATA: 'false',
    BOOTSTRAP_API_KEY: apiKey,
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'error',
  }
  const figures = new Figures()
  let server = await start(env)
  let stopping: 'SIGTERM' | 'SIGKILL' | null = null
  let peak = 0
  let began = performance.now()
  const client = createClient({ url: server.url, apiKey, stopping: () => stopping }, concurrency, figures)
  const workers = Array.from({ length: concurrency }, (_, index) => new Worker(`w${index}`, client, figures, index))
  // As much as it takes for everything to be loaded that is loaded on its first use.
  if (rests) await drive(20 * concurrency)
  const before = rests ? await memoryAtRest(server) : 0
  const warmed = figures.requests
  began = performance.now()
  const done: { signal: string; stop: number; start: number }[] = []
  const [, seconds] = await Promise.all([restartOnTheWay(warmed), drive(requests).then(() => (performance.now() - began) / 1000)])
  const answered = figures.requests - warmed
  peak = Math.max(peak, await memoryOf(server, 'VmHWM'))
  const after = rests ? await memoryAtRest(server) : 0
  client.close()
  await stop('SIGTERM')
  const people = workers.flatMap((worker) => worker.people)
  const opened = await openDatabase(database)
  const faults = [...figures.faults, ...(await compare(asTest(opened.db), people))]
  await opened.close()
  for (const status of [...figures.statuses.keys()].filter((status) => status >= 500)) faults.push(`There were answers with ${status}.`)
  return {
    faults,
    figures,
    requests: answered,
    seconds,
    restarts: done,
    memory: rests ? { before, peak, after } : null,
    people,
  }

  async function drive(more: number): Promise<void> {
    const enough = figures.requests + more
    await Promise.all(
      workers.map(async (worker) => {
        while (figures.requests < enough && performance.now() - began < atMost * 1000) await work(worker)
      }),
    )
  }

  async function restartOnTheWay(from: number): Promise<void> {
    for (const [index, signal] of restarts.entries()) {
      const share = (index + 1) / (restarts.length + 1)
      while (Math.max((figures.requests - from) / requests, (performance.now() - began) / 1000 / atMost) < share) await pause(10)
      peak = Math.max(peak, await memoryOf(server, 'VmHWM'))
      const asked = performance.now()
      await stop(signal)
      const ended = performance.now()
      server = await start({ ...env, PORT: new URL(server.url).port })
      stopping = null
      done.push({ signal, stop: ended - asked, start: performance.now() - ended })
    }
  }

  async function stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    stopping = signal
    server.process.kill(signal)
    const code = await server.exit()
    if (signal === 'SIGTERM' && code !== 0)
      figures.broken(`SIGTERM ended the process with the code ${code}: ${server.output().slice(-400)}`)
    const errors = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
    for (const line of errors) figures.broken(`The server has logged ${line}`)
  }
}

async function start(env: Readonly<Record<string, string>>): Promise<Running> {
  const server = await startServer(env)
  if (!server.output().includes('GraphiQL')) throw new Error(`The server did not start: ${server.output()}`)
  return server
}

/** Resident memory once it has stopped falling. */
async function memoryAtRest(server: Running): Promise<number> {
  let lowest = Infinity
  for (let quiet = 0; quiet < 10; quiet += 1) {
    await pause(1000)
    const now = await memoryOf(server, 'VmRSS')
    if (now < lowest * 0.99) quiet = 0
    lowest = Math.min(lowest, now)
  }
  return lowest
}

/** Bytes, as Linux reports them; NaN elsewhere. */
async function memoryOf(server: Running, what: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${server.process.pid}/status`, 'utf8').catch(() => '')
  return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)?.[1]) * 1024
}
