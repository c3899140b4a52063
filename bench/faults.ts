// `npm run faults -- --requests 200 --concurrency 8`: see docs/production.md. Needs PostgreSQL's and nginx's own programs on this machine.
import { parseArgs } from 'node:util'
import { postgresPrograms } from '../test/support/cluster.ts'
import { nginxProgram } from '../test/support/faults/nginx.ts'
import { endure } from '../test/support/faults/run.ts'
import { report, seconds } from './bulk/support.ts'

const { values } = parseArgs({ options: { requests: { type: 'string', default: '200' }, concurrency: { type: 'string', default: '8' } } })
if (postgresPrograms === null || nginxProgram === null) throw new Error('This needs initdb, pg_ctl, pg_basebackup, postgres and nginx.')

const { faults, figures, done, contacts, readsOfReplica } = await endure({
  requests: Number(values.requests),
  concurrency: Number(values.concurrency),
})
report([
  ['requests answered', figures.requests.toLocaleString('en')],
  ['contacts made', contacts.toLocaleString('en')],
  ['transactions that the replica has seen', readsOfReplica.toLocaleString('en')],
  ['p50, p99', `${figures.percentile(0.5).toFixed(0)} ms, ${figures.percentile(0.99).toFixed(0)} ms`],
  ...done.map(({ what, took, refusedAfter }): [string, string] => [
    what,
    `${seconds(took)}; refusals for ${seconds(refusedAfter)} after it`,
  ]),
  ...[...figures.retries].map(([why, count]): [string, string] => [why, count.toLocaleString('en')]),
])
for (const fault of faults.slice(0, 30)) console.log(`  ${fault}`)
console.log(faults.length === 0 ? 'PASS' : `FAIL: ${faults.length.toLocaleString('en')} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
