import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a client waits for an answer before it says that there was none, in milliseconds. */
const patience = 10_000

export interface Restless {
  /** How many requests were answered so far, by their status; or by what went wrong, where there was no answer. */
  readonly outcomes: ReadonlyMap<string, number>
  /** Ends when the last request that was under way has been answered. */
  stop(): Promise<void>
}

export interface Asked {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Clients that ask again and again: some on a new connection each time, some on one that they keep and never let rest, some on one that they
 * let rest for a while. None asks anything twice.
 */
export function startAsking(asked: Asked, clients: number): Restless {
  const outcomes = new Map<string, number>()
  const stop = new AbortController()
  const ask = async (agent: Agent, longestRest: number): Promise<void> => {
    while (!stop.signal.aborted) {
      const outcome = await askOnce(asked, agent)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      if (longestRest > 0) await sleep(Math.random() * longestRest)
    }
    agent.destroy()
  }
  const asking = Array.from({ length: clients }, () => [
    ask(new Agent({ keepAlive: false }), 5),
    ask(new Agent({ keepAlive: true, maxSockets: 1 }), 0),
    ask(new Agent({ keepAlive: true, maxSockets: 1 }), 400),
  ])
  return {
    outcomes,
    async stop() {
      stop.abort()
      await Promise.all(asking.flat())
    },
  }
}

function askOnce({ url, headers, body }: Asked, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', headers, agent, timeout: patience }, (response) => {
      response.on('end', () => resolve(String(response.statusCode)))
      response.on('error', (error) => resolve(`broken off: ${error.message}`))
      response.resume()
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer arrived')))
    sent.on('error', (error) => resolve(error.message))
    sent.end(body)
  })
}
