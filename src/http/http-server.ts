import { createServer, IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

export interface Answering {
  handle(request: IncomingMessage, response: ServerResponse): void
  /** Takes over a connection whose client wants to speak WebSocket. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void
}

/**
 * Serves an app as Node has it: requests, and connections that go on as WebSockets.
 *
 * A server that takes over connections is handed every request that offers to speak something else, HTTP/2 without TLS for one, and would
 * have to answer it without Node's help. All but WebSockets are such offers, which a server may pass over: they stay requests.
 */
export function createHttpServer(app: Answering): Server {
  const server = createServer({ IncomingMessage: Incoming }, (request, response) => app.handle(request, response))
  return server.on('upgrade', (request, socket, head) => app.upgrade(request, socket, head))
}

class Incoming extends IncomingMessage {
  declare wantsUpgrade: boolean

  // Set by Node before it knows the headers, and read by it afterwards.
  get upgrade(): boolean {
    return this.wantsUpgrade && this.headers.upgrade?.toLowerCase() === 'websocket'
  }

  set upgrade(wanted: boolean) {
    this.wantsUpgrade = wanted
  }
}
