import { createServer, type Server } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { type App, createApp } from './app.ts'
import { bootstrap } from './bootstrap.ts'
import { Closing } from './closing.ts'
import { type Config, readConfig } from './config.ts'
import { type Database, openDatabase } from './data/database.ts'
import { startImportWorker } from './import-worker.ts'
import { createLog } from './log.ts'
import { startMaintenance } from './maintenance.ts'
import { mendableFault } from './mendable.ts'
import { startTracing } from './tracing.ts'

// Where a machine has much memory, Node lets the heap grow to four times of what is alive before it looks for garbage. Imports make much of
// it; a server that shares its machine with a database looks when the heap has grown by half.
setFlagsFromString('--heap-growing-percent=50')

const now = () => new Date()

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const stopTracing = await startTracing(process.env)
  const log = createLog(config.logLevel)
  const database = await openDatabase(config.database)
  const { newKey, demoKey } = await bootstrap(database, config, now, showProgress)
  const app = createApp({ database, now, log, settings: config.http, demoKey })
  const server = createServer((request, response) => app.handle(request, response))
  const closing = new Closing(server)
  await listen(server, config)
  const stopMaintenance = startMaintenance({ db: database.db, now, log })
  const stopImports = startImportWorker({ db: database.db, now, log })
  const stopWork = async () => {
    stopMaintenance()
    await stopImports()
  }
  stopOnSignal(closing, app, stopWork, stopTracing)
  process.stdout.write(welcome(config, database, newKey, demoKey))
}

function listen(server: Server, config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.port, config.host, resolve)
  })
}

/** Ends in order: not ready any more, the requests under way answered, the database closed. A second signal ends at once. */
function stopOnSignal(closing: Closing, app: App, stopWork: () => Promise<void>, stopTracing: () => Promise<void>): void {
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1)
    stopping = true
    app.drain()
    const workEnds = stopWork()
    await closing.close()
    await workEnds
    await app.close()
    await stopTracing().catch(() => {})
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
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
