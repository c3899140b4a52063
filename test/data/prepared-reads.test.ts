import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedDemo } from '../../prisma/seed.ts'
import { type App, createApp } from '../../src/app.ts'
import type { Db } from '../../src/data/database.ts'
import { type Database, openDatabase } from '../../src/data/open-database.ts'
import { transaction } from '../../src/data/transaction.ts'
import { createApiKey } from '../../src/domain/api-keys/commands.ts'
import { scopes } from '../../src/domain/context.ts'
import { defaultHttpSettings } from '../../src/http/settings.ts'
import { basePath, routes } from '../../src/http/rest/routes.ts'
import { createLog } from '../../src/log.ts'
import { operationOf, roots } from '../support/generate-operations.ts'
import { copyTemplate, noon } from '../support/gateway.ts'
import { secretKeys } from '../support/secret-keys.ts'
import { asTest } from '../support/tenancy/as-test.ts'

// Hand-written reads are sent by the driver itself (src/data/driver/prepared-statements.ts). Whatever is asked, the answer is the one that is read through Prisma's
// client, which is how they are sent within a transaction: two apps on the demo's database, one of which reads everything in transactions.
let direct: App
let throughClient: App
let key: string
let pool: string[]
let close: () => Promise<void>

beforeAll(async () => {
  const { config, remove } = await copyTemplate()
  const database = await openDatabase(config)
  const now = () => noon
  const organizationId = await seedDemo(database.db, { now: noon, crowd: 40 })
  const created = await createApiKey({ db: database.db, now, organizationId }, { name: 'Reader', scopes })
  key = created.key
  const open = (database: Database) =>
    createApp({ database, now, log: createLog('silent'), secretKeys, settings: { ...defaultHttpSettings, rateLimits: null } })
  direct = open(database)
  throughClient = open({ ...database, db: readingInTransactions(database.db) })
  pool = await idsOf(database.db, organizationId)
  close = async () => {
    // And with it the database of both.
    await direct.close()
    await remove()
  }
}, 180_000)
afterAll(() => close())

function readingInTransactions(db: Db): Db {
  return { ...db, sql: (query, ...values) => transaction(db, (tx) => tx.sql(query, ...values)) }
}

/** Two of the cast and of the crowd, and something of every kind that belongs to them. */
async function idsOf(db: Db, organizationId: string): Promise<string[]> {
  const ids = async (rows: Promise<{ id: string }[]>) => (await rows).map(({ id }) => id)
  const some = { where: { organizationId }, select: { id: true }, orderBy: { id: 'asc' }, take: 2 } as const
  const contacts = await ids(
    asTest(db).prisma.contact.findMany({ ...some, where: { organizationId, notes: { some: {} }, messages: { some: {} } }, take: 3 }),
  )
  return [
    ...contacts,
    ...(await ids(db.prisma.note.findMany(some))),
    ...(await ids(db.prisma.message.findMany(some))),
    ...(await ids(db.prisma.event.findMany(some))),
    ...(await ids(db.prisma.importJob.findMany(some))),
  ]
}

async function ask(app: App, path: string, init: RequestInit = {}): Promise<{ status: number; body: string }> {
  const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
  const response = await app.fetch(new Request(`http://localhost:4000${path}`, { ...init, headers }))
  const body = await response.text()
  return { status: response.status, body: body.replaceAll(/req_[0-9a-z]{26}/g, 'req_…').replaceAll(/[\w-]{60,}/g, maskEventId) }
}

/** Other databases of the same server count transactions, too: the present event id is another one a little later. */
function maskEventId(text: string): string {
  return secretKeys.decrypt('event-id', text) === null ? text : '(event id)'
}

describe('the answer is the same', () => {
  test.each(roots.filter(({ kind }) => kind === 'query'))('query $name', async (root) => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const query = operationOf(root, { seed, pool, everything: seed % 3 === 0, sane: true })
      const init = { method: 'POST', body: JSON.stringify({ query }) }
      expect({ query, ...(await ask(direct, '/graphql', init)) }).toEqual({ query, ...(await ask(throughClient, '/graphql', init)) })
    }
  })

  // What is on record about a person is streamed, past the client, through a connection of its own.
  const readable = Object.entries(routes).filter(([path, methods]) => 'GET' in methods && path !== '/{id}/subject-data.json')
  test.each(readable.map(([path]) => path))('GET %s', async (path) => {
    for (const id of path.includes('{id}') ? pool : ['']) {
      const asked = `${basePath}${path.replace('{id}', id)}`
      expect({ asked, ...(await ask(direct, asked)) }).toEqual({ asked, ...(await ask(throughClient, asked)) })
    }
  })
})
