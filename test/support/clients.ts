import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { type TestGateway, openGateway, type Tenant } from './gateway.ts'
import { startHttpServer } from './http-app.ts'

/** A server on a port of its own, as client libraries meet it, and an organization that calls it. */
export interface ClientServer {
  readonly gateway: TestGateway
  readonly tenant: Tenant
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** What the server answers to a plain request, to compare with what a client shows. */
  ask(query: string, variables?: Record<string, unknown>): Promise<unknown>
  /** A client of graphql-ws for subscriptions; dispose of it after the test. */
  socket(): ReturnType<typeof createClient>
  close(): Promise<void>
}

export async function openClientServer(): Promise<ClientServer> {
  const gateway = await openGateway()
  const httpServer = await startHttpServer(gateway)
  const tenant = await gateway.organization()
  const headers = { 'X-API-Key': tenant.key }
  const url = `http://${httpServer.host}/graphql`
  return {
    gateway,
    tenant,
    url,
    headers,
    async ask(query, variables = {}) {
      const body = JSON.stringify({ query, variables })
      const response = await fetch(url, { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body })
      const answer = (await response.json()) as { data: unknown; errors?: unknown } // GraphQL over HTTP
      if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors))
      return answer.data
    },
    socket: () => createClient({ url: `ws://${httpServer.host}/graphql`, webSocketImpl: WebSocket, connectionParams: headers, lazy: true }),
    async close() {
      await httpServer.close()
      await gateway.close()
    },
  }
}

/** A value as JSON has it: clients add fields for themselves, such as `__typename`. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === '__typename' || key.startsWith('__') ? undefined : item)))
}

/** Waits until a condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > end) throw new Error('The condition did not come to hold.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
