import type { IncomingMessage, Server, ServerResponse } from 'node:http'

/** How long nothing may arrive before the door is shut. */
const quiet = 100
/** How long new connections are still let in, where they never stop coming. */
const longestWelcome = 5000
/** How long requests that are under way may take to end. */
const patience = 30_000

/**
 * Knows what a server has to do, and closes it without cutting anything off.
 *
 * Shutting the door at once would reset the connections that the kernel has accepted and the process has not yet looked at. So it
 * stays open until nothing has arrived for a moment, while every answer tells its connection to end.
 */
export class Closing {
  readonly #server: Server
  #underWay = 0
  #lastArrival = 0
  #closing = false

  constructor(server: Server) {
    this.#server = server
    server.on('connection', () => this.#arrived())
    server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
      this.#arrived()
      this.#underWay += 1
      response.once('close', () => (this.#underWay -= 1))
      if (this.#closing) response.setHeader('Connection', 'close')
    })
  }

  /** Ends when every request has been answered and the server is closed. */
  async close(): Promise<void> {
    this.#closing = true
    this.#arrived()
    const began = Date.now()
    while (Date.now() - began < longestWelcome && (this.#underWay > 0 || Date.now() - this.#lastArrival < quiet)) await pause(10)
    const impatience = setTimeout(() => this.#server.closeAllConnections(), patience)
    await new Promise((resolve) => this.#server.close(resolve))
    clearTimeout(impatience)
  }

  #arrived(): void {
    this.#lastArrival = Date.now()
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
