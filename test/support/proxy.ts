import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A proxy of connections, as before a database. */
export interface Proxy {
  readonly url: string
  /** Ends all connections, and lets new ones lead elsewhere. */
  leadTo(url: string): void
  /** From now on, a connection through which a client sends such text goes on and brings no answers any more; null for none. */
  silenceAt(text: RegExp | null): void
  close(): void
}

/** @param first the URL that connections lead to */
export async function startProxy(first: string): Promise<Proxy> {
  let target = new URL(first)
  let silenced: RegExp | null = null
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const onward = connect(Number(target.port || 5432), target.hostname)
    socket.on('data', (sent) => {
      if (silenced?.test(sent.toString('latin1')) !== true) return
      onward.unpipe(socket)
      onward.resume()
    })
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  const end = () => {
    for (const socket of sockets) socket.destroy()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // proof: a server that listens on a port has an address with one
  const { port } = server.address() as AddressInfo
  const url = Object.assign(new URL(first), { hostname: '127.0.0.1', port: String(port) }).href
  return {
    url,
    leadTo(other) {
      target = new URL(other)
      end()
    },
    silenceAt(text) {
      silenced = text
    },
    close() {
      server.close()
      end()
    },
  }
}
