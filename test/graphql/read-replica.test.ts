import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { type Database, openDatabase } from '../../src/data/open-database.ts'
import { createApiKey } from '../../src/domain/api-keys/commands.ts'
import { scopes } from '../../src/domain/context.ts'
import { createOrganization } from '../../src/domain/organizations/commands.ts'
import { defaultHttpSettings } from '../../src/http/settings.ts'
import { copyTemplate, noon } from '../support/gateway.ts'
import { secretKeys } from '../support/secret-keys.ts'

// What a replica may be asked is tested in data/replicas.test.ts; here, who asks one.

let database: Database
let app: App
let key: string
let remove: () => Promise<void>
let asked = 0
/** What a request for a replica gets. */
let reader: Database['db']
beforeAll(async () => {
  const copy = await copyTemplate()
  remove = copy.remove
  database = await openDatabase(copy.config)
  reader = database.db
  const replicas = {
    reader: async () => {
      asked += 1
      return reader
    },
    states: () => [{ name: 'replica.internal:5432', inUse: false, lag: 7 }],
    close: async () => {},
  }
  const now = () => noon
  app = createApp({ database: { ...database, replicas }, now, log: pino({ enabled: false }), secretKeys, settings: defaultHttpSettings })
  const organizationId = await createOrganization({ db: database.db, now }, { name: 'Reader' })
  key = (await createApiKey({ db: database.db, now, organizationId }, { name: 'All', scopes })).key
})
afterAll(async () => {
  await app.close()
  await remove()
})

const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  app.fetch(
    new Request(`http://localhost:4000${path}`, {
      method,
      headers: { 'X-API-Key': key, ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  )

const create =
  'mutation ($input: CreateContactInput!) { createContact(input: $input) { ... on CreateContactPayload { contact { id notes { totalCount } } } } }'

const two = 'query Q { viewer { organization { name } } } mutation M { deleteNote(input: { id: "x" }) { __typename } }'

test.each([
  ['a list', 1, 'GET', '/api/v1/contacts', undefined, {}],
  ['an export', 1, 'POST', '/api/v1/contacts/export', {}, {}],
  ['a query', 1, 'POST', '/graphql', { query: '{ viewer { organization { name } } }' }, {}],
  ['a query with an Idempotency-Key', 1, 'POST', '/graphql', { query: '{ viewer { organization { name } } }' }, { 'Idempotency-Key': 'q' }],
  ['a query by GET', 1, 'GET', `/graphql?query=${encodeURIComponent('{ contacts { nodes { id notes { totalCount } } } }')}`, undefined, {}],
  ['the query of two operations that is to be executed', 1, 'POST', '/graphql', { query: two, operationName: 'Q' }, {}],
  [
    'a query that costs too much',
    0,
    'POST',
    '/graphql',
    { query: '{ contacts(first: 200) { nodes { timeline(first: 200) { nodes { id title } } } } }' },
    {},
  ],
  ['a route that writes', 0, 'POST', '/api/v1/contacts', { email: 'one@example.com' }, {}],
  ['the same with an Idempotency-Key', 0, 'POST', '/api/v1/contacts', { email: 'two@example.com' }, { 'Idempotency-Key': 'r' }],
  [
    'a mutation, with what it reads back',
    0,
    'POST',
    '/graphql',
    { query: create, variables: { input: { email: 'three@example.com' } } },
    {},
  ],
  ['the mutation of two operations that is to be executed', 0, 'POST', '/graphql', { query: two, operationName: 'M' }, {}],
])('%s asks for a replica %i times', async (_, times, method, path, body, headers) => {
  asked = 0
  const response = await ask(method, path, body, headers)
  expect(response.status).toBeLessThan(300)
  expect(await response.text()).not.toContain('INTERNAL_ERROR')
  expect(asked).toBe(times)
})

test('what a query reads is read there', async () => {
  const { db } = database
  let statements = 0
  reader = {
    ...db,
    sql: (query, ...values) => {
      statements += 1
      return db.sql(query, ...values)
    },
  }
  const response = await ask('POST', '/graphql', { query: '{ contacts { nodes { notes { totalCount } } } }' })
  reader = database.db
  // The page with what is nested in it.
  expect([response.status, statements]).toEqual([200, 1])
})

test('a refused caller never asks for one', async () => {
  asked = 0
  expect((await ask('GET', '/api/v1/contacts', undefined, { 'X-API-Key': 'dv_live_sk_nobody_nobody_nobody' })).status).toBe(401)
  expect(asked).toBe(0)
})

test('how each replica is doing stands in the metrics', async () => {
  const text = await (await ask('GET', '/metrics')).text()
  expect(text).toContain('gateway_replica_in_use{replica="replica.internal:5432"} 0')
  expect(text).toContain('gateway_replica_lag_bytes{replica="replica.internal:5432"} 7')
})
