import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { Logger } from 'pino'
import type { HeaderReader } from './authenticate.ts'
import type { FrontDoor } from './app.ts'
import { maxOperationBytes } from './graphql/server/app.ts'
import type { Begun } from './request-context.ts'

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/** Answers requests as Node has them: by the fast path of a door where that is for them, else as the web platform has them. */
export function createListener(door: FrontDoor, log: Logger): Listener {
  const begun = new WeakMap<IncomingMessage, Begun>()
  // An answer that breaks off is hung up on: what reads a failed stream would print its error as it is, and not as the log has it.
  const answerAny = getRequestListener(async (request, { incoming, outgoing }) =>
    // proof: this server speaks HTTP/1
    door.fetch(request, { hangUp: () => hangUp(outgoing), begun: begun.get(incoming as IncomingMessage) ?? null }),
  )
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse, headers: HeaderReader): Promise<void> => {
    const body = await readBody(incoming).catch(() => null)
    // What breaks off before all of it is there asks for nothing.
    if (body === null) return
    const outcome = await door.fastPath.answer(headers, body.toString(), () => hangUp(outgoing))
    if (outcome.status !== null) {
      outgoing.writeHead(outcome.status, { ...outcome.headers, 'content-length': Buffer.byteLength(outcome.body) }).end(outcome.body)
      return
    }
    if (outcome.begun !== null) begun.set(incoming, outcome.begun)
    await answerAny(Object.assign(incoming, { rawBody: body }), outgoing)
  }
  return (incoming, outgoing) => {
    const headers = new NodeHeaders(incoming)
    if (!isPlain(incoming) || !door.fastPath.mayAnswer(incoming.method, incoming.url, headers)) return void answerAny(incoming, outgoing)
    answer(incoming, outgoing, headers).catch((error: unknown) => {
      log.error({ err: error }, 'an answer failed')
      outgoing.destroy()
    })
  }
}

class NodeHeaders implements HeaderReader {
  readonly #headers: IncomingMessage['headers']

  constructor({ headers }: IncomingMessage) {
    this.#headers = headers
  }

  /** @param name in small letters */
  get(name: string): string | null {
    const value = this.#headers[name]
    return typeof value === 'string' ? value : null
  }
}

/** Whether a request tells the length of its body, which is not too long, and no header twice: of some of those Node drops the second. */
function isPlain({ headers, rawHeaders }: IncomingMessage): boolean {
  const length = headers['content-length']
  if (length === undefined || headers['transfer-encoding'] !== undefined || Number(length) > maxOperationBytes) return false
  return Object.keys(headers).length * 2 === rawHeaders.length
}

function readBody(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    incoming
      .on('data', (part: Buffer) => parts.push(part))
      .once('end', () => resolve(parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)))
      .once('error', reject)
  })
}

async function hangUp(outgoing: Writable): Promise<void> {
  if (outgoing.closed) return
  await new Promise((resolve) => outgoing.once('close', resolve).destroy())
}

/** The same for requests as the web platform has them. */
export async function fetchFrom(door: FrontDoor, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const nobody = { hangUp: null, begun: null }
  if (!door.fastPath.mayAnswer(request.method, `${pathname}${search}`, request.headers)) return door.fetch(request, nobody)
  const body = await request.text()
  const isShort = body.length <= maxOperationBytes
  const outcome = isShort ? await door.fastPath.answer(request.headers, body, null) : { status: null, begun: null }
  if (outcome.status !== null) return new Response(outcome.body, { status: outcome.status, headers: outcome.headers })
  const again = new Request(request.url, { method: request.method, headers: request.headers, body, signal: request.signal })
  return door.fetch(again, { ...nobody, begun: outcome.begun })
}
