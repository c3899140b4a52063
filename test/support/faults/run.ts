import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { openDatabase } from '../../../src/data/open-database.ts'
import { startCluster } from '../cluster.ts'
import { type Running, startServer } from '../process.ts'
import { createClient } from '../soak/client.ts'
import { Figures } from '../soak/figures.ts'
import { compare } from '../soak/ledger.ts'
import { work } from '../soak/mix.ts'
import { Worker } from '../soak/worker.ts'
import { asTest } from '../tenancy/as-test.ts'
import { startNginx } from './nginx.ts'

export interface FaultReport {
  /** Everything that must not happen, as sentences; none if all is well. */
  readonly faults: readonly string[]
  readonly figures: Figures
  /** What was done, how long that took, and for how long after it requests still failed, in milliseconds. */
  readonly done: readonly { readonly what: string; readonly took: number; readonly refusedAfter: number }[]
  readonly contacts: number
  /** How many transactions the replica has seen: reads, that is. */
  readonly readsOfReplica: number
}

const apiKey = 'dv_live_sk_faults_faults_faults'

/**
 * Runs a primary with a streaming replica, two gateways and nginx in front of them, kills each of them in turn under a mixed load, and compares
 * what was acknowledged with what stands in the database.
 * @param requests how many are answered between two faults
 */
export async function endure({ concurrency, requests }: { readonly concurrency: number; readonly requests: number }): Promise<FaultReport> {
  const cluster = await startCluster()
  const env = {
    DATABASE_URL: cluster.primary.url,
    DATABASE_REPLICA_URLS: cluster.replica.url,
    DEMO_DATA: 'false',
    BOOTSTRAP_API_KEY: apiKey,
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'error',
  }
  const gateways: [Running, Running] = [await start(env), await start(env)]
  const nginx = await startNginx([gateways[0].url, gateways[1].url])
  const figures = new Figures()
  let fault: string | null = null
  const over = new AbortController()
  const client = createClient({ url: nginx.url, apiKey, stopping: () => fault }, concurrency, figures)
  const workers = Array.from({ length: concurrency }, (_, index) => new Worker(`w${index}`, client, figures, index))
  const done: { what: string; took: number; refusedAfter: number }[] = []
  const faults: readonly [what: string, act: () => Promise<void>][] = [
    ['SIGTERM of a gateway', () => restart(0, 'SIGTERM')],
    ['SIGKILL of a gateway', () => restart(1, 'SIGKILL')],
    ['death of the replica', () => cluster.replica.stop('immediate')],
    ['return of the replica', returnOfReplica],
    ['reload of nginx', async () => nginx.reload()],
    ['restart of the primary', restartPrimary],
  ]
  try {
    const load = Promise.all(
      workers.map(async (worker) => {
        while (!over.signal.aborted) await work(worker)
      }),
    )
    // A failure is reported where it is awaited.
    load.catch(() => {})
    const answered = async (more: number) => {
      const enough = figures.requests + more
      while (figures.requests < enough) await Promise.race([pause(10), load])
    }
    await answered(requests)
    for (const [what, act] of faults) {
      fault = what
      const began = performance.now()
      await act()
      const acted = performance.now()
      await answered(requests)
      done.push({ what, took: acted - began, refusedAfter: Math.max(0, figures.lastRetry - acted) })
      fault = null
      await answered(requests)
    }
    over.abort()
    await load
    const people = workers.flatMap((worker) => worker.people)
    const opened = await openDatabase({ url: cluster.primary.url, dataDir: '' })
    figures.faults.push(...(await compare(asTest(opened.db), people)))
    await opened.close()
    for (const status of figures.statuses.keys()) if (status >= 500) figures.broken(`There were answers with ${status}.`)
    const readsOfReplica = await transactionsOn(cluster.replica.url)
    return { faults: figures.faults, figures, done, contacts: people.length, readsOfReplica }
  } finally {
    over.abort()
    client.close()
    await nginx.stop()
    for (const gateway of gateways) {
      gateway.process.kill('SIGKILL')
      await gateway.exit()
    }
    await cluster.close()
  }

  async function restart(which: 0 | 1, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const gateway = gateways[which]
    gateway.process.kill(signal)
    await gateway.exit()
    gateways[which] = await start({ ...env, PORT: new URL(gateway.url).port })
  }

  /** A gateway looks at what was away from time to time. What is done next is done to gateways that read from the replica again. */
  async function returnOfReplica(): Promise<void> {
    await cluster.replica.start()
    for (const { url } of gateways) while (!(await readsFromReplica(url))) await pause(50)
  }

  async function restartPrimary(): Promise<void> {
    await cluster.primary.stop('fast')
    // Long enough for everybody to be refused at least once.
    await pause(1000)
    await cluster.primary.start()
  }
}

async function readsFromReplica(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/metrics`, { headers: { 'X-API-Key': apiKey } })
  return /^gateway_replica_in_use\{[^}]*\} 1$/m.test(await answer.text())
}

async function transactionsOn(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ count: number }>(
    'select xact_commit::int as count from pg_stat_database where datname = current_database()',
  )
  await client.end()
  return rows[0]?.count ?? 0
}

async function start(env: Readonly<Record<string, string>>): Promise<Running> {
  const server = await startServer(env)
  if (!server.output().includes('GraphiQL')) throw new Error(`The server did not start: ${server.output()}`)
  return server
}
