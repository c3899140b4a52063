// `npm run build && npx tsx bench/failover.ts [--rounds 3] [--requests 300] [--concurrency 4]`: see docs/production.md. Two gateways behind a proxy to
// a primary with a synchronous standby. Under a load whose writes carry Idempotency-Keys the primary is killed, the proxy leads to the standby while
// that is read-only still, and then the standby is promoted. Needs PostgreSQL's own programs on this machine.
import { loadavg } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openDatabase } from '../src/data/open-database.ts'
import { queryOn } from '../test/support/citus.ts'
import { postgresPrograms, startCluster } from '../test/support/cluster.ts'
import { startServer } from '../test/support/process.ts'
import { startProxy } from '../test/support/proxy.ts'
import { createClient } from '../test/support/soak/client.ts'
import { Figures } from '../test/support/soak/figures.ts'
import { compare } from '../test/support/soak/ledger.ts'
import { work } from '../test/support/soak/mix.ts'
import { Worker } from '../test/support/soak/worker.ts'
import { report } from './bulk/support.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    requests: { type: 'string', default: '300' },
    concurrency: { type: 'string', default: '4' },
  },
})
if (postgresPrograms === null) throw new Error('This needs initdb, pg_ctl, pg_basebackup and postgres.')
/** How long it takes until the failure is noticed, and how long the proxy leads to a standby that is not promoted yet, in milliseconds. */
const [unnoticed, readOnly] = [500, 500]
const apiKey = 'dv_live_sk_failover_failover_failover'

let isWithoutFault = true
for (let round = 1; round <= Number(values.rounds); round += 1) isWithoutFault = (await failOver(round)) && isWithoutFault
console.log(isWithoutFault ? 'PASS' : 'FAIL')
process.exitCode = isWithoutFault ? 0 : 1

async function failOver(round: number): Promise<boolean> {
  const cluster = await startCluster()
  await queryOn(cluster.primary.url, "alter system set synchronous_standby_names = '*'")
  await queryOn(cluster.primary.url, 'select pg_reload_conf()')
  const proxy = await startProxy(cluster.primary.url)
  const env = { DATABASE_URL: proxy.url, DEMO_DATA: 'false', BOOTSTRAP_API_KEY: apiKey, RATE_LIMIT: 'off', LOG_LEVEL: 'error' }
  const gateways = [await startServer(env), await startServer(env)]
  const figures = new Figures()
  const over = new AbortController()
  const count = Number(values.concurrency)
  const clients = gateways.map(({ url }) => createClient({ url, apiKey, stopping: () => null }, count, figures))
  const workers = clients.flatMap((client, gateway) =>
    Array.from({ length: count }, (_, index) => new Worker(`g${gateway}w${index}`, client, figures, gateway * 100 + index)),
  )
  let longest = 0
  const load = Promise.all(workers.map(drive))
  load.catch(() => {})
  const answered = async (more: number) => {
    const enough = figures.requests + more
    while (figures.requests < enough) await Promise.race([pause(10), load])
  }
  try {
    await answered(Number(values.requests))
    longest = 0
    await answered(Number(values.requests))
    const before = longest
    longest = 0
    await cluster.primary.stop('immediate')
    const died = performance.now()
    await pause(unnoticed)
    proxy.leadTo(cluster.replica.url)
    await pause(readOnly)
    await queryOn(cluster.replica.url, 'select pg_promote()')
    const promoted = performance.now()
    await answered(Number(values.requests))
    over.abort()
    await load
    const people = workers.flatMap((worker) => worker.people)
    const opened = await openDatabase({ url: cluster.replica.url, dataDir: '' })
    const faults = [...figures.faults, ...(await compare(opened.db, people))]
    await opened.close()
    for (const status of figures.statuses.keys()) if (status >= 500) faults.push(`There were answers with ${status}.`)
    if (longest > 5000) faults.push('A client waited longer than 5 s.')
    report([
      [`round ${round}, load`, (loadavg()[0] ?? 0).toFixed(1)],
      ['requests answered', [...figures.statuses].map(([status, number]) => `${number} × ${status}`).join(', ')],
      ['contacts written', String(people.length)],
      ['from the death of the primary to the end of the promotion', `${Math.round(promoted - died)} ms`],
      ['longest time without an answer before, and at the failover', `${Math.round(before)} ms, ${Math.round(longest)} ms`],
      ['sent again', [...figures.retries].map(([why, number]) => `${number} × ${why}`).join(', ')],
    ])
    for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`)
    return faults.length === 0
  } catch (error) {
    console.log(
      [...figures.statuses],
      [...figures.retries],
      figures.faults.slice(0, 5),
      ...gateways.map((gateway) => gateway.output().slice(-2000)),
    )
    throw error
  } finally {
    over.abort()
    for (const client of clients) client.close()
    for (const gateway of gateways) {
      gateway.process.kill('SIGKILL')
      await gateway.exit()
    }
    proxy.close()
    await cluster.close()
  }

  async function drive(worker: Worker): Promise<void> {
    while (!over.signal.aborted) {
      const began = performance.now()
      await work(worker)
      longest = Math.max(longest, performance.now() - began)
    }
  }
}
