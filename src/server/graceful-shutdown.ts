import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'

/** How many checks in a row must find no new connection before the server stops accepting connections. */
const quietLooks = 10
/** How long it waits between two looks. A busy process looks late, and not less often. */
const betweenLooks = 10
/** How long new connections are still let in, where they never stop coming. */
const longestWelcome = 5000
/** How long requests that are under way may take to end. */
const shutdownTimeout = 30_000

/**
 * Knows what a server has to do, and closes it without cutting anything off.
 *
 * Closing the server at once would reset the connections that the kernel has accepted and the process has not read yet. So it
 * stays open until nothing has arrived for a short time and every connection has sent its request, while every response asks its
 * connection to end.
 */
export class Closing {
  readonly #server: Server
  /** Connections that have not asked for anything yet. */
  readonly #silent = new Set<Socket>()
  #underWay = 0
  #arrivals = 0
  #closing = false

  constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => {
      this.#arrivals += 1
      this.#silent.add(socket)
      socket.once('close', () => this.#silent.delete(socket))
    })
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#arrivals += 1
      this.#silent.delete(request.socket)
      this.#underWay += 1
      response.once('close', () => (this.#underWay -= 1))
      if (this.#closing) response.setHeader('Connection', 'close')
    })
    // An upgraded connection belongs to its own handler.
    server.prependListener('upgrade', (request: IncomingMessage) => this.#silent.delete(request.socket))
  }

  /** Ends when every request has been answered and the server is closed. */
  async close(): Promise<void> {
    this.#closing = true
    await this.#quiet()
    await this.#end(() => this.#server.close())
  }

  /**
   * The same, where other processes accept connections from the same socket: no new connection is lost when the server is closed at once. Those that
   * are open end with their next answer, or when they have rested for as long as they were promised.
   */
  async leaveToOthers(): Promise<void> {
    this.#closing = true
    const silence = setTimeout(() => this.#silent.forEach((socket) => socket.destroy()), longestWelcome)
    // An HTTP server would close what rests, while the next request may be on its way.
    await this.#end(() => NetServer.prototype.close.call(this.#server))
    clearTimeout(silence)
  }

  async #quiet(): Promise<void> {
    const deadline = performance.now() + longestWelcome
    for (let looks = 0, seen = this.#arrivals; looks < quietLooks && performance.now() < deadline; looks += 1) {
      await pause(betweenLooks)
      if (this.#arrivals > seen || this.#underWay > 0 || this.#silent.size > 0) looks = -1
      seen = this.#arrivals
    }
  }

  async #end(shut: () => void): Promise<void> {
    const closeTimer = setTimeout(() => this.#server.closeAllConnections(), shutdownTimeout)
    const closed = new Promise((resolve) => this.#server.once('close', resolve))
    shut()
    await closed
    clearTimeout(closeTimer)
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
