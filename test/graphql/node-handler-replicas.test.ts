import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import type { Db } from '../../src/data/database.ts'
import { openDatabase } from '../../src/data/open-database.ts'
import { createApiKey } from '../../src/domain/api-keys/commands.ts'
import { scopes } from '../../src/domain/context.ts'
import { createOrganization } from '../../src/domain/organizations/commands.ts'
import { defaultHttpSettings } from '../../src/http/settings.ts'
import { createLog } from '../../src/log.ts'
import { copyTemplate, noon } from '../support/gateway.ts'
import { watchYoga } from '../support/watch-yoga.ts'
import { secretKeys } from '../support/secret-keys.ts'

const list = '{ contacts { nodes { id phone } } }'

const yoga = watchYoga()
let reader: () => Promise<Db>
let app: App
let remove: () => Promise<void>
let key: string
beforeAll(async () => {
  const copy = await copyTemplate()
  remove = copy.remove
  const database = await openDatabase(copy.config)
  const { db } = database
  const now = () => noon
  const replicas = { reader: () => reader(), states: () => [], close: async () => {} }
  reader = async () => db
  const settings = { ...defaultHttpSettings, requestTimeout: 300 }
  app = createApp({ database: { ...database, replicas }, now, log: createLog('silent'), secretKeys, settings })
  const organizationId = await createOrganization({ db, now }, { name: 'Reader' })
  key = (await createApiKey({ db, now, organizationId }, { name: 'All', scopes })).key
})
afterAll(async () => {
  yoga.stop()
  await app.close()
  await remove()
})

const ask = async () => {
  const headers = { 'x-api-key': key, 'content-type': 'application/json' }
  const response = await app.fetch(
    new Request('http://localhost/graphql', { method: 'POST', headers, body: JSON.stringify({ query: list }) }),
  )
  return { status: response.status, body: await response.json() }
}

test('it reads from one of them', async () => {
  await ask()
  let asked = 0
  const primary = reader
  reader = () => {
    asked += 1
    return primary()
  }
  expect(await ask()).toMatchObject({ status: 200, body: { data: { contacts: { nodes: [] } } } })
  expect([asked, yoga.executed()]).toEqual([1, 1])
})

test('it waits no longer than a request may take', async () => {
  await ask()
  yoga.forget()
  reader = () => new Promise(() => {})
  expect(await ask()).toEqual({
    status: 503,
    body: {
      errors: [
        {
          message: 'This took longer than it may, and was stopped. Request less at a time, or try again later.',
          extensions: { code: 'TIMEOUT' },
        },
      ],
    },
  })
  expect(yoga.executed()).toBe(0)
})
