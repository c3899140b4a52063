import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedDemo } from '../../prisma/seed.ts'
import { type App, createApp } from '../../src/app.ts'
import { type Database, openDatabase } from '../../src/data/open-database.ts'
import { createApiKey } from '../../src/domain/api-keys/commands.ts'
import { defaultHttpSettings } from '../../src/http/settings.ts'
import { createLog } from '../../src/log.ts'
import { copyTemplate, noon } from '../support/gateway.ts'
import { secretKeys } from '../support/secret-keys.ts'

// To plan a statement takes longer than to carry it out, for most that are asked here. PostgreSQL plans one five times, and no more if a plan for
// whatever values then looks as good as those five (src/data/sql/id-array.ts). All goes over one connection, which reports what it has planned.
let database: Database
let app: App
let organizationId: string
let key: string
let close: () => Promise<void>

beforeAll(async () => {
  const { config, remove } = await copyTemplate()
  database = await openDatabase({ ...config, poolSize: 1 })
  const now = () => noon
  organizationId = await seedDemo(database.db, { now: noon, crowd: 400 })
  key = (await createApiKey({ db: database.db, now, organizationId }, { name: 'Reader', scopes: ['contacts:read'] })).key
  // And people of whom a page is a small part.
  await database.db.prisma.$executeRaw`
    insert into contacts (organization_id, id, phone, lifecycle_stage, tags, tag_keys, source, search_text, name_key, created_at, updated_at)
    select ${organizationId}, 'con_7' || lpad(n::text, 25, '0'), '+1650253' || lpad(n::text, 4, '0'), 'lead', '{}', '{}', 'api', md5(n::text), md5(n::text), at, at
    from generate_series(1, 8000) n cross join lateral (select ${noon}::timestamptz - n * interval '1 hour' as at) moments`
  await database.db.prisma.$executeRaw`analyze`
  app = createApp({ database, now, log: createLog('silent'), secretKeys, settings: { ...defaultHttpSettings, rateLimits: null } })
  close = async () => {
    await app.close()
    await remove()
  }
}, 180_000)
afterAll(() => close())

async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<{ status: number; errors?: unknown }> {
  const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
  const response = await app.fetch(new Request(`http://gateway${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) }))
  const { errors } = Object(await response.json())
  return { status: response.status, errors }
}

test('a repeated statement is planned once', async () => {
  const where = { organizationId, phone: { not: null }, deletedAt: null }
  const contacts = await database.db.prisma.contact.findMany({ where, select: { id: true, phone: true }, take: 9 })
  const page = '{ contacts(first: 25) { nodes { ...Everything } } }'
  const everything = `fragment Everything on Contact {
    id displayName preferences { channel state } notes(first: 3) { nodes { id body } } timeline(first: 5) { nodes { __typename id } }
    frequencyCaps { globalCaps { __typename } } nextBestActions { action } journey { entries(first: 3) { nodes { __typename } } }
    block { reason } sendDecision(channel: SMS, category: MARKETING) { allowed } }`
  const lists = `fragment Lists on Contact {
    id displayName preferences { channel state } notes(first: 3) { nodes { id body } } timeline(first: 5) { nodes { __typename id } } }`
  for (const { id, phone } of contacts) {
    const answers = [
      await ask('GET', `/api/v1/contacts/${id}/profile`),
      await ask('GET', '/api/v1/contacts?limit=25'),
      await ask('GET', '/api/v1/contacts?search=zbigniew&limit=25'),
      await ask('POST', '/graphql', { query: `${page} ${everything}` }),
      await ask('POST', '/graphql', { query: `query ($id: ID!) { contact(id: $id) { ...Everything } } ${everything}`, variables: { id } }),
      await ask('POST', '/graphql', { query: `{ contacts(first: 25) { nodes { ...Lists } } } ${lists}` }),
      await ask('POST', '/graphql', { query: `query ($id: ID!) { contact(id: $id) { ...Lists } } ${lists}`, variables: { id } }),
      await ask('POST', '/graphql', { query: 'query ($phone: String!) { contactBy(phone: $phone) { id } }', variables: { phone } }),
    ]
    for (const answer of answers) expect(answer).toEqual({ status: 200, errors: undefined })
  }
  const asked = await database.db.sql<{ statement: string; isPlannedEachTime: boolean }[]>`
    select statement, generic_plans = 0 as "isPlannedEachTime" from pg_prepared_statements where generic_plans + custom_plans >= 8`
  expect(asked.length).toBeGreaterThan(15)
  expect(asked.filter(({ isPlannedEachTime }) => isPlannedEachTime).map(({ statement }) => statement)).toEqual([])
})
