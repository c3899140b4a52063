import cluster from 'node:cluster'
import { setFlagsFromString } from 'node:v8'
import { bootstrap } from './bootstrap.ts'
import { type Config, readConfig } from '../config.ts'
import { type Database, openDatabase } from '../data/database.ts'
import { createLog } from '../log.ts'
import { mendableFault } from './startup-errors.ts'
import { serve } from './serve.ts'
import { openSecretKeys } from './secret-keys.ts'
import { startTracing } from './tracing.ts'
import { tellFigures } from './cluster-metrics.ts'
import { onRetirement, startWorkers, workerNumber } from './cluster.ts'

// Where a machine has much memory, Node lets the heap grow to four times of what is alive before it looks for garbage. Imports make much of
// it; a server that shares its machine with a database looks when the heap has grown by half.
setFlagsFromString('--heap-growing-percent=50')

const now = () => new Date()

async function main(): Promise<void> {
  const config = readConfig(process.env)
  if (config.workers === 1) await serveAlone(config)
  else if (cluster.isPrimary) await lead(config)
  else await serveWithOthers(config, workerNumber(process.env))
}

async function serveAlone(config: Config): Promise<void> {
  const stopTracing = await startTracing(process.env)
  const database = await openDatabase(config.database)
  const secretKeys = await openSecretKeys(config)
  const { newKey, demoKey } = await bootstrap(database, config, now, showProgress)
  const serving = await serve(config, { database, now, log: createLog(config.logLevel), settings: config.http, secretKeys, demoKey })
  let isStopping = false
  const stop = async (): Promise<void> => {
    // A second signal ends at once.
    if (isStopping) process.exit(1)
    isStopping = true
    await serving.stop()
    await stopTracing().catch(() => {})
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
  process.stdout.write(welcome(config, database, newKey, demoKey))
}

/** Prepares the database, and looks after the processes that serve. */
async function lead(config: Config): Promise<void> {
  // A missing secret key is found before anything is written, and reported once.
  await openSecretKeys(config)
  const database = await openDatabase(config.database)
  const { newKey } = await bootstrap(database, config, now, showProgress)
  await database.close()
  await startWorkers(config.workers, createLog(config.logLevel))
  process.stdout.write(welcome(config, database, newKey, null))
}

/** Serves as one of several. */
async function serveWithOthers(config: Config, number: string): Promise<void> {
  // What a terminal says to all processes at once is for the one that leads them.
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => {})
  const stopTracing = await startTracing(process.env)
  const database = await openDatabase(config.database)
  const log = createLog(config.logLevel).child({ worker: number })
  const colleagues = { name: number, figuresOfAll: tellFigures }
  const secretKeys = await openSecretKeys(config)
  const serving = await serve(config, { database, now, log, settings: config.http, secretKeys, colleagues })
  let isStopping = false
  const stop = async (end: () => Promise<void>): Promise<void> => {
    if (isStopping) return
    isStopping = true
    await end()
    await stopTracing().catch(() => {})
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop(() => serving.stop()))
  onRetirement(() => void stop(() => serving.leaveToOthers()))
}

function showProgress(done: number, total: number, what: string): void {
  if (done === 0) process.stdout.write(`Filling the demo organization: ${total.toLocaleString('en')} rows\n`)
  if (process.stdout.isTTY)
    process.stdout.write(`\r  ${String(Math.round((100 * done) / total)).padStart(3)} %  ${what.padEnd(20)}${done === total ? '\n' : ''}`)
}

function welcome(config: Config, database: Database, newKey: string | null, demoKey: string | null): string {
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`
  const where =
    database.kind === 'server'
      ? 'a PostgreSQL server'
      : config.database.dataDir === 'memory:'
        ? 'an embedded PostgreSQL in memory'
        : `an embedded PostgreSQL in ${config.database.dataDir}`
  const key = newKey ?? demoKey
  return [
    '',
    `Contact gateway on ${where}`,
    '',
    `  Start here   ${url}/`,
    `  GraphiQL     ${url}/graphql`,
    `  REST         ${url}/api/v1/contacts   (reference: ${url}/docs)`,
    ...(key === null ? [] : [`  API key      ${key}${demoKey === null ? '   (shown this once)' : ''}`]),
    ...(key === null
      ? ['', 'Make an API key with: npm run cli -- keys create --name "My app"']
      : ['', `curl '${url}/api/v1/contacts?limit=3' -H 'X-API-Key: ${key}'`]),
    '',
    '',
  ].join('\n')
}

main().catch((error: unknown) => {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${mendableFault(error) ?? `The gateway could not start: ${stack}`}\n`)
  process.exit(1)
})
