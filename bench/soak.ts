// `npm run soak -- --requests 100000 --concurrency 16 --restarts 4 --kills 2`: see docs/production.md.
// DATABASE_URL: a PostgreSQL server, on which it makes a database of its own; unset: the embedded database in a temporary folder.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { soak, type SoakReport } from '../test/support/soak/run.ts'
import type { DatabaseConfig } from '../src/data/open-database.ts'
import { megabytes, report, withDatabase } from './bulk/support.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    concurrency: { type: 'string', default: '16' },
    restarts: { type: 'string', default: '4' },
    minutes: { type: 'string', default: '60' },
    kills: { type: 'string', default: '0' },
  },
})

/** By how much the memory at rest may be larger afterwards than before. */
const allowance = 1.5

if (process.env['DATABASE_URL'] === undefined) {
  const dataDir = await mkdtemp(join(tmpdir(), 'contact-gateway-soak-'))
  try {
    await run({ url: null, dataDir })
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
} else await withDatabase((url) => run({ url, dataDir: '' }))

async function run(database: DatabaseConfig): Promise<void> {
  const [terms, kills] = [Number(values.restarts), Number(values.kills)]
  const restarts = [...Array(terms).fill('SIGTERM'), ...Array(kills).fill('SIGKILL')]
  const done = await soak({
    database,
    requests: Number(values.requests),
    atMost: Number(values.minutes) * 60,
    concurrency: Number(values.concurrency),
    restarts,
    rests: true,
  })
  report(tableOf(done))
  const faults = [...done.faults, ...faultsOfMemory(done)]
  for (const fault of faults.slice(0, 30)) console.log(`  ${fault}`)
  console.log(faults.length === 0 ? 'PASS' : `FAIL: ${faults.length.toLocaleString('en')} faults`)
  process.exitCode = faults.length === 0 ? 0 : 1
}

function tableOf({ figures, requests, seconds, restarts, memory, people }: SoakReport): [string, string][] {
  const statuses = [...figures.statuses]
    .toSorted(([one], [other]) => one - other)
    .map(([status, count]) => `${count.toLocaleString('en')} × ${status}`)
  return [
    ['requests answered', `${requests.toLocaleString('en')}, and those to warm up (${statuses.join(', ')})`],
    ['contacts made', people.length.toLocaleString('en')],
    ['time', `${seconds.toFixed(0)} s, ${Math.round(requests / seconds)} requests/s`],
    ['p50, p99', `${figures.percentile(0.5).toFixed(0)} ms, ${figures.percentile(0.99).toFixed(0)} ms`],
    ...restarts.map(({ signal, stop, start }): [string, string] => [
      `restart by ${signal}`,
      `${(stop / 1000).toFixed(1)} s to stop, ${(start / 1000).toFixed(1)} s to start`,
    ]),
    ...[...figures.retries].map(([why, count]): [string, string] => [`asked again: ${why}`, count.toLocaleString('en')]),
    ...(memory === null
      ? []
      : [
          ['memory at rest before, at the peak, at rest after', [memory.before, memory.peak, memory.after].map(megabytes).join(', ')] as [
            string,
            string,
          ],
        ]),
  ]
}

function faultsOfMemory({ memory }: SoakReport): string[] {
  if (memory === null || !(memory.after > memory.before * allowance)) return []
  return [`The memory at rest has grown from ${megabytes(memory.before)} to ${megabytes(memory.after)}.`]
}
