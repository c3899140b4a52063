import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** How often in a row the process looks, and finds that nothing has arrived, before the door is shut. */
const quietLooks = 10
/** How long it waits between two looks. A busy process looks late, and not less often. */
const betweenLooks = 10
/** How long new connections are still let in, where they never stop coming. */
const longestWelcome = 5000
/** How long requests that are under way may take to end. */
const patience = 30_000

/**
 * Knows what a server has to do, and closes it without cutting anything off.
 *
 * Shutting the door at once would reset the connections that the kernel has accepted and the process has not yet looked at. So it
 * stays open until nothing has arrived for a moment and every connection has said what it came for, while every answer tells its
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
  }

  /** Ends when every request has been answered and the server is closed. */
  async close(): Promise<void> {
    this.#closing = true
    const deadline = Date.now() + longestWelcome
    for (let looks = 0, seen = this.#arrivals; looks < quietLooks && Date.now() < deadline; looks += 1) {
      await pause(betweenLooks)
      if (this.#arrivals > seen || this.#underWay > 0 || this.#silent.size > 0) looks = -1
      seen = this.#arrivals
    }
    const impatience = setTimeout(() => this.#server.closeAllConnections(), patience)
    await new Promise((resolve) => this.#server.close(resolve))
    clearTimeout(impatience)
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
