import cluster from 'node:cluster'
import { setFlagsFromString } from 'node:v8'
import { bootstrap } from './bootstrap.ts'
import { type Config, readConfig, variables } from '../config.ts'
import type { Database } from '../data/open-database.ts'
import type { Logger } from 'pino'
import { createLog } from '../log.ts'
import { version } from '../kernel/version.ts'
import { mistypedVariables } from './mistyped-variables.ts'
import { startupError } from './startup-errors.ts'
import { type Serving, serve } from './serve.ts'
import { openSecretKeys } from './secret-keys.ts'
import { startTracing } from './tracing.ts'
import { shareMetrics } from './cluster-metrics.ts'
import { openDatabaseWhenReady } from './wait-for-database.ts'
import { onRetirement, startWorkers, workerNumber } from './cluster.ts'

// On a machine with much memory, Node lets the heap grow to four times its live size before it collects garbage. Imports produce much
// garbage, so a server that shares its machine with a database collects when the heap has grown by half.
setFlagsFromString('--heap-growing-percent=50')

const now = () => new Date()

const usage = `Usage: node dist/main.js [--help] [--version]

Serves the contact gateway. It is configured by environment variables: see docs/configuration.md.
Without DATABASE_URL it uses an embedded PostgreSQL in DATA_DIR (.data).
`

async function main(): Promise<void> {
  const [argument] = process.argv.slice(2)
  if (argument === '--help' || argument === '-h') return void process.stdout.write(usage)
  if (argument === '--version' || argument === '-V') return void process.stdout.write(`${version}\n`)
  if (argument !== undefined) {
    process.stderr.write(`There is no option ${argument}.\n\n${usage}`)
    process.exit(2)
  }
  const config = readConfig(process.env)
  if (config.workers === 1) await serveAlone(config)
  else if (cluster.isPrimary) await lead(config)
  else await serveAsWorker(config, workerNumber(process.env))
}

/** Serves as the only process. */
async function serveAlone(config: Config): Promise<void> {
  const stopTracing = await startTracing(process.env)
  const log = createLog(config.logLevel)
  const database = await openDatabaseWhenReady(config, reportWait(log))
  const secretKeys = await openSecretKeys(config)
  const { newKey, demoKey } = await bootstrap(database, config, now, showProgress)
  const serving = await serve(config, { database, now, log, settings: config.http, secretKeys, demoKey })
  const stop = stopper(log, serving, stopTracing)
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
  // Of a terminal that is closed. A single process has no workers to replace.
  process.on('SIGHUP', () => void stop('SIGHUP'))
  reportStart(log, config, database)
  process.stderr.write(welcome(config, database, newKey, demoKey))
}

/** Prepares the database, and supervises the processes that serve. */
async function lead(config: Config): Promise<void> {
  // There is nothing to replace until the workers serve.
  process.on('SIGHUP', () => {})
  // A missing secret key is found before anything is written, and reported once.
  await openSecretKeys(config)
  const log = createLog(config.logLevel)
  const database = await openDatabaseWhenReady(config, reportWait(log))
  const { newKey } = await bootstrap(database, config, now, showProgress)
  await database.close()
  await startWorkers(config.workers, log)
  reportStart(log, config, database)
  process.stderr.write(welcome(config, database, newKey, null))
}

/** Serves as one of several processes. */
async function serveAsWorker(config: Config, number: string): Promise<void> {
  // A terminal sends these to all processes at once; the primary process handles them.
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => {})
  const stopTracing = await startTracing(process.env)
  const log = createLog(config.logLevel).child({ worker: number })
  const database = await openDatabaseWhenReady(config, reportWait(log))
  const worker = { name: number, clusterMetrics: shareMetrics }
  const secretKeys = await openSecretKeys(config)
  const serving = await serve(config, { database, now, log, settings: config.http, secretKeys, worker })
  const stop = stopper(log, serving, stopTracing, { isWorker: true })
  process.on('SIGTERM', () => void stop('SIGTERM'))
  onRetirement(() => void stop('replaced'))
}

/** How the process stops, once, whatever the reason. A second signal ends a process that serves alone at once. */
function stopper(log: Logger, serving: Serving, stopTracing: () => Promise<void>, { isWorker = false } = {}) {
  let isStopping = false
  return async (reason: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'replaced'): Promise<void> => {
    if (isStopping && !isWorker) process.exit(1)
    if (isStopping) return
    isStopping = true
    log.info({ reason }, 'stopping')
    await (reason === 'replaced' ? serving.leaveToOthers() : serving.stop())
    await stopTracing().catch(() => {})
    log.info('stopped')
    process.exit(0)
  }
}

function reportWait(log: Logger): (code: string) => void {
  return (code) => log.warn({ code }, 'waiting for the database')
}

function reportStart(log: Logger, { host, port, workers }: Config, { kind, warnings }: Database): void {
  for (const warning of [...warnings, ...mistypedVariables(process.env, variables)]) log.warn(warning)
  log.info({ version, host, port, workers, database: kind }, 'listening')
}

function showProgress(done: number, total: number, what: string): void {
  if (done === 0) process.stderr.write(`Filling the demo organization: ${total.toLocaleString('en')} rows\n`)
  if (process.stderr.isTTY)
    process.stderr.write(`\r  ${String(Math.round((100 * done) / total)).padStart(3)} %  ${what.padEnd(20)}${done === total ? '\n' : ''}`)
}

function welcome(config: Config, database: Database, newKey: string | null, demoKey: string | null): string {
  // All addresses of the machine are no address that a browser can open.
  const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[config.host] ?? config.host
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${config.port}`
  const where =
    database.kind === 'server'
      ? 'a PostgreSQL server'
      : config.database.dataDir === 'memory:'
        ? 'an embedded PostgreSQL in memory'
        : `an embedded PostgreSQL in ${config.database.dataDir}`
  const key = newKey ?? demoKey
  // Its owner has it already: a log is no place for it.
  const isChosen = key !== null && key === config.bootstrapApiKey
  return [
    '',
    `Contact gateway ${version} on ${where}`,
    '',
    `  Start here     ${url}/`,
    `  GraphQL        ${url}/graphql${config.http.graphiql ? '   (GraphiQL in a browser)' : ''}`,
    `  REST           ${url}/api/v1/contacts${config.http.docs ? `   (reference: ${url}/docs/rest)` : ''}`,
    ...(config.http.docs ? [`  Documentation  ${url}/docs`] : []),
    ...(key === null
      ? []
      : [
          `  API key        ${isChosen ? `${key.slice(0, 11)}…   (BOOTSTRAP_API_KEY)` : key}${demoKey === null && !isChosen ? '   (shown only once)' : ''}`,
        ]),
    ...(key === null
      ? ['', 'Create an API key with: node dist/cli.js keys create --name "My app"']
      : ['', `curl '${url}/api/v1/contacts?limit=3' -H "X-API-Key: ${isChosen ? '$BOOTSTRAP_API_KEY' : key}"`]),
    '',
    '',
  ].join('\n')
}

main().catch((error: unknown) => {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${startupError(error) ?? `The gateway could not start: ${stack}`}\n`)
  for (const hint of mistypedVariables(process.env, variables)) process.stderr.write(`${hint}\n`)
  process.exit(1)
})
