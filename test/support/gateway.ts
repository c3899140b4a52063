import { cpSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { inject } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import type { Db } from '../../src/data/database.ts'
import { type Database, type DatabaseConfig, openDatabase } from '../../src/data/open-database.ts'
import { countStatements } from '../../src/data/driver/query-stats.ts'
import { createApiKey } from '../../src/domain/api-keys/commands.ts'
import { type Context, type Scope, scopes } from '../../src/domain/context.ts'
import { createOrganization } from '../../src/domain/organizations/commands.ts'
import { defaultHttpSettings, type HttpSettings } from '../../src/http/settings.ts'
import { queryOn } from './citus.ts'
import { createDatabase, databaseUrl, type TemplateOnServer } from './global-setup.ts'
import { secretKeys } from './secret-keys.ts'
import { asTest } from './tenancy/as-test.ts'

/** The time at which the clock of the tests stands until a test moves it. */
export const noon = new Date('2026-03-01T12:00:00.000Z')

/** The real app on a real database, with a clock that stands still and an eye on the SQL. */
export interface TestGateway {
  readonly app: App
  /** The database as tests look at it. What the app does with it is in `tenant.context`. */
  readonly db: Db
  /** What time the app believes it is. */
  readonly clock: { now: Date }
  /** What the app has logged. */
  readonly log: Record<string, unknown>[]
  /** A new organization with a key of full scope. Tests share a database, so each has an organization of its own. */
  organization(options?: { name?: string; defaultCountry?: string | null }): Promise<Tenant>
  close(): Promise<void>
}

export interface Answer<Data> {
  readonly status: number
  readonly headers: Headers
  // Tests look at answers whose shape they state in the comparison.
  // oxlint-disable-next-line no-explicit-any
  readonly body: Data extends undefined ? any : Data
  /** What GraphQL reports beside the answer, such as its cost; the body is without it. */
  readonly extensions?: unknown
  /** The SQL statements that answering took, without those that looked at the key and began and ended transactions. */
  readonly statements: readonly string[]
}

/** One organization's view of the gateway, through both APIs. */
export interface Tenant {
  readonly organizationId: string
  readonly key: string
  /** What the domain is given, for tests that call it directly. */
  readonly context: Context
  rest(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<undefined>>
  gql(query: string, variables?: Record<string, unknown>): Promise<Answer<undefined>>
  /** The same organization with a key of these scopes. */
  withScopes(...scopes: Scope[]): Promise<Tenant>
}

/** The database that the test files of this process share: opening one takes a second, and organizations see only themselves. */
let shared: Promise<Database> | undefined

/** Opens a gateway on the database that test files share: what tests give it belongs to organizations of their own. Close it after the tests. */
export async function openGateway(settings: Partial<HttpSettings> = {}): Promise<TestGateway> {
  shared ??= copyTemplate().then(({ config }) => openDatabase(config))
  return gatewayOn({ ...(await shared), close: async () => {} }, settings)
}

/**
 * Opens a gateway on a database of its own, for tests that change it, look at all of it, or do what is done for every organization, such as maintenance.
 * Close it after the tests.
 */
export async function openOwnGateway(
  settings: Partial<HttpSettings> = {},
  connections: Partial<DatabaseConfig> = {},
): Promise<TestGateway> {
  const { config, remove } = await copyTemplate()
  const database = await openDatabase({ ...config, ...connections })
  const close = () => database.close().then(remove)
  return gatewayOn({ ...database, close }, settings)
}

function gatewayOn(database: Database, settings: Partial<HttpSettings>): TestGateway {
  const clock = { now: noon }
  const now = () => clock.now
  const log: Record<string, unknown>[] = []
  const logger = pino({ base: null }, { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) })
  const app = createApp({ database, now, log: logger, secretKeys, settings: { ...defaultHttpSettings, rateLimits: null, ...settings } })
  return {
    app,
    db: asTest(database.db),
    clock,
    log,
    async organization(options = {}) {
      const organizationId = await createOrganization(
        { db: database.db, now },
        { name: options.name ?? 'Test organization', defaultCountry: options.defaultCountry ?? null },
      )
      return tenant(app, database, now, organizationId, scopes)
    },
    close: () => app.close(),
  }
}

/** A copy of the migrated database for one test file. */
export async function copyTemplate(): Promise<{ config: DatabaseConfig; remove: () => Promise<void> }> {
  const template = inject('template')
  if (template.server !== null) return databaseOnServer(template.server, template.server.database)
  const dataDir = await newDataFolder()
  return { config: { url: null, dataDir }, remove: () => rm(dataDir, { recursive: true, force: true }) }
}

/** An empty database on the server of the tests, and on every node if that is a coordinator of Citus. */
export async function emptyDatabase(): ReturnType<typeof copyTemplate> {
  const { server } = inject('template')
  if (server === null) throw new Error('This needs a server: set DATABASE_URL.')
  return databaseOnServer(server, null)
}

async function databaseOnServer(server: TemplateOnServer, copyOf: string | null): ReturnType<typeof copyTemplate> {
  const name = `${server.database}_${Math.random().toString(36).slice(2)}`
  await createDatabase(server, name, copyOf)
  return { config: { url: databaseUrl(server.url, name), dataDir: '' }, remove: () => dropDatabase(server.nodes, name) }
}

/** A folder for the embedded database: migrated already if the suite runs on that database, which saves ten seconds; else empty. */
export async function newDataFolder(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'contact-gateway-test-'))
  const { folder } = inject('template')
  // A thousand small files: one at a time, and waiting for each, takes five times as long.
  if (folder !== null) cpSync(folder, dataDir, { recursive: true })
  return dataDir
}

/**
 * Connections that were closed are gone only a little later, and forcing them out would look like a failure of the server. The nodes of
 * Citus keep connections to each other, which only force ends.
 */
async function dropDatabase(nodes: readonly string[], name: string): Promise<void> {
  const force = nodes.length > 1 ? 'with (force)' : ''
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const dropped = await Promise.all(nodes.map((node) => queryOn(node, `drop database if exists ${name} ${force}`))).then(
      () => true,
      () => new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 50)),
    )
    if (dropped) return
  }
  throw new Error(`A session is still connected to ${name}.`)
}

async function tenant(app: App, database: Database, now: () => Date, organizationId: string, granted: readonly Scope[]): Promise<Tenant> {
  const { id, key } = await createApiKey({ db: database.db, now, organizationId }, { name: 'Test key', scopes: granted })
  const send = async (path: string, init: RequestInit): Promise<Answer<undefined>> => {
    const statements: string[] = []
    const count = { statements: 0, milliseconds: 0, onStatement: (sql: string) => void statements.push(sql) }
    const request = new Request(`http://localhost:4000${path}`, init)
    const response = await countStatements(count, () => app.fetch(request))
    const type = response.headers.get('content-type') ?? ''
    // Tests of subscriptions take events one by one: see watching.ts.
    if (type.startsWith('text/event-stream')) await response.body?.cancel()
    const text = response.bodyUsed ? '' : await countStatements(count, () => response.text())
    const json = /^application\/(?:[\w.-]+\+)?json\b/.test(type) && text !== ''
    return {
      status: response.status,
      headers: response.headers,
      body: json ? JSON.parse(text) : text,
      statements: statements.filter(isOfInterest),
    }
  }
  return {
    organizationId,
    key,
    context: { actor: { organizationId, keyId: id, name: 'Test key', scopes: granted }, requestId: null, db: database.db, now, secretKeys },
    rest(method, path, body, headers = {}) {
      const content =
        body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) }
      const type = body === undefined ? {} : { 'Content-Type': 'application/json' }
      return send(`/api/v1/contacts${path}`, { method, headers: { 'X-API-Key': key, ...type, ...headers }, ...content })
    },
    async gql(query, variables = {}) {
      const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
      const answer = await send('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
      const { extensions, ...body } = answer.body
      return { ...answer, body, extensions }
    },
    withScopes: (...other) => tenant(app, database, now, organizationId, other),
  }
}

function isOfInterest(sql: string): boolean {
  return !/^(?:BEGIN|COMMIT|ROLLBACK)$/i.test(sql) && !isKeyLookup(sql)
}

/** Whether a statement is the one that looks at a caller's key. */
function isKeyLookup(sql: string): boolean {
  return sql.includes('from api_keys')
}

/** What some work asked of the database: how often to look up keys, and how many statements beside that. */
export async function countingLookups<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; lookups: number; statements: number }> {
  let lookups = 0
  const count = { statements: 0, milliseconds: 0, onStatement: (sql: string) => void (lookups += isKeyLookup(sql) ? 1 : 0) }
  const result = await countStatements(count, work)
  return { result, lookups, statements: count.statements - lookups }
}
