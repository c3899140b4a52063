import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createHttpServer } from '../../src/http/server.ts'
import type { House } from './house.ts'

export interface Door {
  /** Host and port. */
  readonly host: string
  close(): Promise<void>
}

/** Lets a house be reached over a real port. */
export async function openDoor({ app }: Pick<House, 'app'>): Promise<Door> {
  const server = createHttpServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // proof: a server that listens on a port has an address with one
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
