import { Agent, type IncomingMessage, request as httpRequest } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Figures } from './figures.ts'

/** A request that may be sent as often as it takes: a write carries its Idempotency-Key, or is idempotent by itself. */
export interface Question {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly key?: string
}

export interface Answer {
  readonly status: number
  readonly text: string
  /** The answer as JSON; null if it has no body. */
  readonly json: unknown
  readonly replayed: boolean
  readonly retryAfter: string | null
}

export interface Client {
  /** Asks until there is an answer: a client without one, or with Retry-After, waits and asks the same again. */
  ask(question: Question): Promise<Answer>
  close(): void
}

/** What there is to know about the server that is asked. */
export interface Target {
  readonly url: string
  readonly apiKey: string
  /** What is being done to the server, or to something behind it, right now; null while all is meant to run. */
  stopping(): string | null
}

/** How long there may be no answer, in milliseconds, before the client gives up. */
const patience = 180_000

/** A client with connections that it keeps, as many as it has requests under way. */
export function createClient(target: Target, connections: number, figures: Figures): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return {
    async ask(question) {
      for (const began = performance.now(); ;) {
        const sent = performance.now()
        const during = target.stopping()
        const answer = await exchange(target, agent, question, figures)
        if (answer !== null && !isToComeAgain(answer, during ?? target.stopping(), figures)) {
          figures.answered(performance.now() - sent, answer.status)
          return answer
        }
        if (performance.now() - began > patience) throw new Error(`There was no answer to ${question.method} ${question.path}.`)
        await pause(20 + Math.random() * 180)
      }
    },
    close: () => agent.destroy(),
  }
}

/** Refusals that say themselves that nothing was done and that the request should come again. */
function isToComeAgain({ status, text, retryAfter }: Answer, during: string | null, figures: Figures): boolean {
  if (status === 503) {
    figures.retried(`retried after 503${during === null ? '' : ` at ${during}`}`)
    if (retryAfter === null) figures.broken(`A 503 did not say when to come again: ${text}`)
  } else if (status === 409 && text.includes('IDEMPOTENCY_KEY_IN_USE')) figures.retried('its twin is still under way: 409')
  else return false
  return true
}

/** @returns null if there was no answer */
async function exchange(target: Target, agent: Agent, question: Question, figures: Figures): Promise<Answer | null> {
  const signal = target.stopping()
  let response: IncomingMessage
  try {
    response = await send(target, agent, question)
  } catch (error) {
    const code = error instanceof NotAnswered ? error.message : String(error)
    if (signal === null && target.stopping() === null) figures.retried(`${code} while the server was up`)
    else figures.retried(`${code} at ${target.stopping() ?? signal}`)
    return null
  }
  try {
    const chunks: Buffer[] = []
    // proof: the response has no encoding, so it comes in buffers
    for await (const chunk of response) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const replayed = response.headers['idempotency-replayed'] === 'true'
    const retryAfter = response.headers['retry-after'] ?? null
    return { status: response.statusCode ?? 0, text, json: text === '' ? null : JSON.parse(text), replayed, retryAfter }
  } catch (error) {
    if (`${signal} ${target.stopping()}`.includes('SIGKILL')) figures.retried('answer cut off by a SIGKILL')
    else figures.broken(`${question.method} ${question.path}: the answer broke off: ${String(error)}`)
    return null
  }
}

/** An error of the connection, before the first byte of an answer: nothing was acknowledged. */
class NotAnswered extends Error {
  /** @param kept whether the connection had carried a request before: a server may close those that rest, just as one is used again */
  constructor(cause: Error, kept: boolean) {
    super(`${'code' in cause ? String(cause.code) : cause.message}${kept ? ' on a kept connection' : ''}`, { cause })
  }
}

function send({ url, apiKey }: Target, agent: Agent, { method, path, body, key }: Question): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      'X-API-Key': apiKey,
      ...(text !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
      ...(key !== undefined && { 'Idempotency-Key': key }),
    }
    const request = httpRequest(`${url}${path}`, { method, agent, headers, timeout: 60_000 }, resolve)
    request.once('timeout', () => request.destroy(new Error('There was no answer within a minute.')))
    request.once('error', (error) => reject(new NotAnswered(error, request.reusedSocket)))
    request.end(text)
  })
}
