import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { updateContact } from '../../src/domain/contacts/commands.ts'
import { defaultSubscriptions } from '../../src/http/settings.ts'
import { type HttpServer, startHttpServer } from '../support/http-app.ts'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, openOwnGateway, type Tenant } from '../support/gateway.ts'
import { until, watchers } from '../support/sockets.ts'
import { watch } from '../support/subscriptions.ts'

let gateway: TestGateway
let httpServer: HttpServer
let tenant: Tenant
beforeAll(async () => {
  gateway = await openOwnGateway({ subscriptions: { ...defaultSubscriptions, pingEvery: 100 } })
  httpServer = await startHttpServer(gateway)
  tenant = await gateway.organization()
})
afterAll(async () => {
  await httpServer.close()
  await gateway.close()
})

test('a client that does not read its events is dropped, and few of them wait in memory', async () => {
  const printed = vi.spyOn(console, 'error')
  const ids = await Promise.all(Array.from({ length: 60 }, () => givenContact(tenant)))
  const socket = connect(Number(httpServer.host.split(':')[1]), '127.0.0.1')
  socket.on('error', () => {})
  const body = JSON.stringify({ query: 'subscription { contactsChanged { changes { contact { customAttributes } } } }' })
  const headers = [`Host: ${httpServer.host}`, `X-API-Key: ${tenant.key}`, 'Content-Type: application/json', 'Accept: text/event-stream']
  socket.write(['POST /graphql HTTP/1.1', ...headers, `Content-Length: ${body.length}`, '', body].join('\r\n'))
  await until(async () => (await watchers(gateway, tenant)) === 1)
  socket.pause()
  let most = 0
  for (let round = 0; (await watchers(gateway, tenant)) === 1; round += 1) {
    // Nearly a megabyte each time, so that what the system keeps of it is soon full.
    await Promise.all(ids.map((id) => updateContact(tenant.context, id, { customAttributes: { text: `${round}`.padEnd(15_000, 'x') } })))
    most = Math.max(most, httpServer.unsent())
    // The embedded database answers without ever letting the process look at its sockets and its clock.
    await setTimeout(20)
    expect(round).toBeLessThan(500)
  }
  expect(most).toBeLessThan(5 * 1024 * 1024)
  socket.destroy()
  expect(printed).not.toHaveBeenCalled()
})

test.runIf(inject('template').server !== null)('nothing is lost when the connection is ended that listens for all', async () => {
  const watching = await watch(gateway, tenant, 'subscription { contactsChanged { changes { contactId } } }')
  for (let round = 0; round < 3; round += 1) {
    await gateway.db.sql`
      select pg_terminate_backend(pid)::text from pg_stat_activity
      where datname = current_database() and query like 'listen %' and pid <> pg_backend_pid()`
    const id = await givenContact(tenant)
    const received: string[] = []
    while (!received.includes(id)) {
      const { changes } = (await watching.next())?.body.data.contactsChanged ?? { changes: [] }
      for (const { contactId } of changes) received.push(contactId)
    }
    expect(received).toEqual([id])
  }
  await watching.close()
})
