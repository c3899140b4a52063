import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createHttpServer } from '../../src/http/http-server.ts'
import type { TestGateway } from './gateway.ts'

export interface HttpServer {
  /** Host and port. */
  readonly host: string
  /** How many bytes wait to be sent, over all connections. */
  unsent(): number
  close(): Promise<void>
}

/** Lets a gateway be reached over a real port. */
export async function startHttpServer({ app }: Pick<TestGateway, 'app'>): Promise<HttpServer> {
  const server = createHttpServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  // proof: a server that listens on a port has an address with one
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    unsent: () => [...sockets].reduce((sum, socket) => sum + socket.writableLength, 0),
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
