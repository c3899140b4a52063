import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { Logger } from 'pino'
import { isTooDeep } from '../kernel/json-text.ts'
import { LazyAbortController } from '../kernel/lazy-abort-controller.ts'
import type { HeaderReader } from './authenticate.ts'
import { compress, type Encoding, encodingFor, minBytes } from './compression.ts'
import type { Peer } from './demo-key.ts'
import type { Reply } from './graphql/server/cached-operations.ts'
import type { HttpApp } from './app.ts'

/** Larger bodies are read when their caller is known: what is kept of anonymous ones stays small. */
const maxBytes = 16 * 1024

type NodeHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/** Serves requests of Node's server: cached operations directly, everything else by the HTTP app. */
export function createNodeHandler(app: HttpApp, log: Logger): NodeHandler {
  // The connection of a response that fails midway is closed here: the reader of the failed stream would print the error outside of the log.
  const serveAny = getRequestListener(async (request, { incoming, outgoing }) =>
    // proof: this server speaks HTTP/1
    app.fetch(request, { hangUp: () => hangUp(outgoing), peer: peerOf(incoming as IncomingMessage) }),
  )
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse, headers: HeaderReader): Promise<void> => {
    const body = await readBody(incoming).catch(() => null)
    // A request that breaks off before its end is not served.
    if (body === null) return
    // Decoding would put U+FFFD in place of what is wrong: what is not UTF-8, or nested too deep, is refused by the HTTP app.
    const cached = isUtf8(body) && !isTooDeep(body) ? app.cached.find(body.toString()) : null
    if (cached === null) return serveAny(Object.assign(incoming, { rawBody: body }), outgoing)
    const controller = new LazyAbortController()
    // Each response closes in the end. Aborting costs as much as a small query, so only what breaks off does.
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) controller.abort()
    })
    const reply = await app.cached.serve(cached, headers, { hangUp: () => hangUp(outgoing), peer: peerOf(incoming).address, controller })
    await send(outgoing, reply, encodingFor(headers.get('accept-encoding')))
  }
  return (incoming, outgoing) => {
    const headers = new NodeHeaders(incoming)
    if (!isPlain(incoming) || !app.cached.mayServe(incoming.method, incoming.url, headers)) return void serveAny(incoming, outgoing)
    serve(incoming, outgoing, headers).catch((error: unknown) => {
      log.error({ err: error }, 'a response failed')
      outgoing.destroy()
    })
  }
}

async function send(outgoing: ServerResponse, outcome: Reply, encoding: Encoding | null): Promise<void> {
  const isEncoded = encoding !== null && outcome.body.length >= minBytes
  const body = isEncoded ? await compress(encoding, outcome.body) : Buffer.from(outcome.body)
  const encoded = isEncoded ? { 'content-encoding': encoding } : {}
  outgoing.writeHead(outcome.status, { ...outcome.headers, ...encoded, 'content-length': body.byteLength }).end(body)
}

class NodeHeaders implements HeaderReader {
  readonly #headers: IncomingMessage['headers']

  constructor({ headers }: IncomingMessage) {
    this.#headers = headers
  }

  /** @param name in lower case */
  get(name: string): string | null {
    const value = this.#headers[name]
    return typeof value === 'string' ? value : null
  }
}

/** Whether a request has the length of its body, which is not too long, and no header twice: of some of those Node drops the second. */
function isPlain({ headers, rawHeaders }: IncomingMessage): boolean {
  const length = headers['content-length']
  if (length === undefined || headers['transfer-encoding'] !== undefined || Number(length) > maxBytes) return false
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

function peerOf({ socket, httpVersion }: IncomingMessage): Peer {
  return { address: socket.remoteAddress ?? null, httpVersion }
}

async function hangUp(outgoing: Writable): Promise<void> {
  if (outgoing.closed) return
  await new Promise((resolve) => outgoing.once('close', resolve).destroy())
}

/** The same for requests of the web platform. */
export async function fetchFrom(app: HttpApp, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  if (!app.cached.mayServe(request.method, `${pathname}${search}`, request.headers)) return app.fetch(request, { hangUp: null, peer: null })
  const body = Buffer.from(await request.arrayBuffer())
  const isShort = body.length <= maxBytes && isUtf8(body) && !isTooDeep(body)
  const cached = isShort ? app.cached.find(body.toString()) : null
  if (cached === null) {
    const again = new Request(request.url, { method: request.method, headers: request.headers, body, signal: request.signal })
    return app.fetch(again, { hangUp: null, peer: null })
  }
  const controller = new LazyAbortController()
  request.signal.addEventListener('abort', () => controller.abort(), { once: true })
  const reply = await app.cached.serve(cached, request.headers, { hangUp: null, peer: null, controller })
  return new Response(reply.body, { status: reply.status, headers: reply.headers })
}
