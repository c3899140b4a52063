import { once } from 'node:events'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import type { HttpServer } from './http-app.ts'
import type { TestGateway, Tenant } from './gateway.ts'

/** Speaks the protocol, or something else, by hand. */
export async function speak(httpServer: HttpServer, protocol = 'graphql-transport-ws') {
  const socket = new WebSocket(`ws://${httpServer.host}/graphql`, protocol)
  const messages: unknown[] = []
  let notify = () => {}
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()))
    notify()
  })
  const closed = new Promise<[number, string]>((resolve) => socket.once('close', (code, reason) => resolve([code, reason.toString()])))
  await once(socket, 'open')
  return {
    socket,
    closed,
    send: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async next() {
      while (messages.length === 0) await new Promise<void>((resolve) => (notify = resolve))
      return messages.shift()
    },
  }
}

/** The same, with a key that has been accepted. */
export async function speakAs(httpServer: HttpServer, key: string) {
  const spoken = await speak(httpServer)
  spoken.send({ type: 'connection_init', payload: { 'X-API-Key': key } })
  expect(await spoken.next()).toEqual({ type: 'connection_ack' })
  return spoken
}

/** How many subscriptions are open, by the figures. */
export async function watchers(gateway: TestGateway, tenant: Tenant): Promise<number> {
  const response = await gateway.app.fetch(
    new Request('http://localhost:4000/metrics', { headers: { Authorization: `Bearer ${tenant.key}` } }),
  )
  return Number(/^gateway_subscriptions (\d+)$/m.exec(await response.text())?.[1])
}

/** Looks again and again until something is so. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** The status that an attempt to connect is answered with. */
export function statusOfConnecting(host: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${host}${path}`, 'graphql-transport-ws', { headers })
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.once('open', () => {
      socket.close()
      resolve(101)
    })
    socket.once('error', reject)
  })
}
