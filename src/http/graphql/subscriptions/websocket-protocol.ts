import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { handleProtocols } from 'graphql-ws'

/** How much a client may leave unread before nothing more is read of it, in bytes. */
const maxUnread = 1024 * 1024
/** How long a client may take to say goodbye, in milliseconds. */
const longestGoodbye = 2000

/** A connection that speaks WebSocket, as the protocol on top of it needs it. */
export interface Line {
  /** What the two have agreed to speak. */
  readonly protocol: string
  /** Ends when what is sent is on its way. What is sent to one that is closing is lost. */
  send(text: string): Promise<void>
  close(code: number, reason: string): void
  onMessage(listener: (text: string) => void): void
  onClose(listener: () => void): void
}

export interface Lines {
  /** Takes over a connection whose client wants to speak WebSocket. */
  take(request: IncomingMessage, stream: Duplex, head: Buffer, taken: (line: Line) => void): void
  /** Closes every connection. */
  close(code: number, reason: string): void
}

/**
 * WebSockets that hold no more than they should: messages are small, a client that does not read is not read either, and one from which
 * no message arrives is closed.
 */
export function createLines({ maxMessage, pingEvery }: { readonly maxMessage: number; readonly pingEvery: number }): Lines {
  const server = new WebSocketServer({ noServer: true, maxPayload: maxMessage, perMessageDeflate: false, handleProtocols })
  const silent = new WeakSet<WebSocket>()
  let pings: NodeJS.Timeout | null = null
  const ping = () => {
    for (const socket of server.clients) {
      if (silent.has(socket)) socket.terminate()
      else if (socket.readyState === socket.OPEN) socket.ping()
      silent.add(socket)
    }
    if (server.clients.size > 0 || pings === null) return
    clearInterval(pings)
    pings = null
  }
  return {
    take(request, stream, head, taken) {
      server.handleUpgrade(request, stream, head, (socket) => {
        pings ??= setInterval(ping, pingEvery).unref()
        // A fault of the connection or of what came over it ends it: `ws` says goodbye with the code that fits.
        socket.on('error', () => {})
        socket.on('pong', () => silent.delete(socket))
        socket.on('ping', () => holdBack(socket, stream))
        taken(lineOf(socket, stream))
      })
    },
    close(code, reason) {
      for (const socket of server.clients) hangUp(socket, code, reason)
    },
  }
}

function lineOf(socket: WebSocket, stream: Duplex): Line {
  return {
    protocol: socket.protocol,
    send: (text) =>
      new Promise((resolve) => {
        if (socket.readyState === socket.OPEN) socket.send(text, () => resolve())
        else resolve()
      }),
    close: (code, reason) => hangUp(socket, code, reason),
    onMessage(listener) {
      socket.on('message', (data: Buffer) => {
        holdBack(socket, stream)
        listener(data.toString())
      })
    },
    onClose: (listener) => void socket.once('close', listener),
  }
}

/** A client that sends without reading would fill our memory with the answers. */
function holdBack(socket: WebSocket, stream: Duplex): void {
  if (socket.bufferedAmount <= maxUnread || socket.isPaused) return
  socket.pause()
  stream.once('drain', () => socket.resume())
}

function hangUp(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason)
  setTimeout(() => socket.terminate(), longestGoodbye).unref()
}
