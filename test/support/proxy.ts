import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/** A proxy of connections, as before a database. */
export interface Proxy {
  readonly url: string
  /** Ends all connections, and lets new ones lead elsewhere. */
  leadTo(url: string): void
  /** From now on, a connection through which a client sends such text goes on and brings no answers any more; null for none. */
  silenceAt(text: RegExp | null): void
  /** From now on, a connection through which a client sends such text sends nothing more until it is released. */
  holdAt(text: RegExp): Held
  close(): void
}

interface Held {
  /** Ends when a connection is held. */
  readonly reached: Promise<void>
  release(): void
}

/** @param first the URL that connections lead to */
export async function startProxy(first: string): Promise<Proxy> {
  let target = new URL(first)
  let silenced: RegExp | null = null
  let hold: (sent: string) => Promise<void> | null = () => null
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
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    const gate = new Transform({
      transform(sent: Buffer, _encoding, pass) {
        const held = hold(sent.toString('latin1'))
        if (held === null) pass(null, sent)
        else void held.then(() => pass(null, sent))
      },
    })
    socket.pipe(gate).pipe(onward)
    onward.pipe(socket)
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
    holdAt(text) {
      let release = () => {}
      const released = new Promise<void>((resolve) => (release = resolve))
      const reached = new Promise<void>((resolve) => {
        hold = (sent) => {
          if (!text.test(sent)) return null
          resolve()
          return released
        }
      })
      return {
        reached,
        release() {
          hold = () => null
          release()
        },
      }
    },
    close() {
      server.close()
      end()
    },
  }
}
