import { Duplex } from 'node:stream'
import { promisify } from 'node:util'
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib'
import type { MiddlewareHandler } from 'hono'

export type Encoding = 'br' | 'gzip'

/** Shorter responses are sent as they are: what compression saves is less than what it costs. */
export const minBytes = 1024

const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }
const speed = { level: 5 }
/** What is written is sent soon, so that a reader of an export sees it grow. */
const streamed = { br: { ...quality, flush: constants.BROTLI_OPERATION_FLUSH }, gzip: { ...speed, flush: constants.Z_SYNC_FLUSH } }

const compressAll = { br: promisify(brotliCompress), gzip: promisify(gzip) }

/** The encoding that a client prefers of those that we have, by `Accept-Encoding`; null if it accepts none. Brotli wins a draw. */
export function encodingFor(accepted: string | null | undefined): Encoding | null {
  if (!accepted) return null
  const weights = new Map(
    accepted
      .toLowerCase()
      .split(',')
      .map((part): [string, number] => {
        const [name = '', ...parameters] = part.split(';').map((text) => text.trim())
        const weight = parameters.find((parameter) => parameter.startsWith('q='))
        return [name, weight === undefined ? 1 : Number(weight.slice(2))]
      }),
  )
  const weightOf = (name: Encoding) => weights.get(name) ?? weights.get('*') ?? 0
  const [br, gzipped] = [weightOf('br'), weightOf('gzip')]
  if (br > 0 && br >= gzipped) return 'br'
  return gzipped > 0 ? 'gzip' : null
}

/** Compresses a whole body. */
export function compress(encoding: Encoding, body: string | Uint8Array): Promise<Buffer> {
  return encoding === 'br' ? compressAll.br(body, quality) : compressAll.gzip(body, speed)
}

/** An entity tag of a body that is encoded now: not the same bytes any more, and so only weakly the same. */
export function weakTag(tag: string): string {
  return tag.startsWith('W/') ? tag : `W/${tag}`
}

/** Compresses text: JSON, pages, scripts, files. Event streams are left alone, as their events must not wait for each other. */
export function compressing(): MiddlewareHandler {
  return async (c, next) => {
    await next()
    const { res } = c
    const encoding = encodingFor(c.req.header('accept-encoding'))
    if (encoding === null || c.req.method === 'HEAD' || res.body === null || !isCompressible(res.headers)) return
    const headers = new Headers(res.headers)
    const content = isStream(res.headers) ? streamOf(encoding, res.body) : await contentOf(encoding, res)
    if (content.isEncoded) headers.set('Content-Encoding', encoding)
    headers.delete('Content-Length')
    const tag = headers.get('ETag')
    if (tag !== null && content.isEncoded) headers.set('ETag', weakTag(tag))
    c.res = undefined
    c.res = new Response(content.body, { status: res.status, headers })
  }
}

async function contentOf(encoding: Encoding, response: Response) {
  const body = new Uint8Array(await response.arrayBuffer())
  if (body.byteLength < minBytes) return { body, isEncoded: false }
  return { body: new Uint8Array(await compress(encoding, body)), isEncoded: true }
}

function streamOf(encoding: Encoding, body: ReadableStream<Uint8Array>) {
  const compressor = encoding === 'br' ? createBrotliCompress(streamed.br) : createGzip(streamed.gzip)
  // proof: a compressor takes and gives bytes
  const transform = Duplex.toWeb(compressor) as unknown as ReadableWritablePair<Uint8Array, Uint8Array>
  return { body: body.pipeThrough(transform), isEncoded: true }
}

/** Files are sent while they are made. */
function isStream(headers: Headers): boolean {
  return headers.has('content-disposition')
}

function isCompressible(headers: Headers): boolean {
  const type = headers.get('content-type') ?? ''
  if (headers.has('content-encoding') || type.startsWith('text/event-stream')) return false
  return /^text\/|[/+](?:json|x-ndjson|javascript|graphql|xml)\b/.test(type)
}
