import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { version } from '../../kernel/version.ts'
import { addressOfHost, isPublicAddress } from './public-address.ts'

/** What a request to an endpoint came to. */
export interface PostResult {
  /** Whether the endpoint accepted the event: a status of 200 to 299. */
  readonly accepted: boolean
  /** Null if there was no answer. */
  readonly statusCode: number | null
  /** Why it was not accepted; null if it was. Nothing of the answer's body: it may hold personal data. */
  readonly error: string | null
  /** The header Retry-After, as a number of seconds or a date; null if there was none. */
  readonly retryAfter: string | null
}

export interface PostRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends requests to endpoints. */
export interface Poster {
  post(request: PostRequest): Promise<PostResult>
  close(): void
}

export interface PosterOptions {
  /** Whether requests may go to private addresses, and by http. */
  readonly allowPrivate: boolean
  /** How long an endpoint may take to answer, in milliseconds. Default: 10,000. */
  readonly timeout?: number
  /** Resolves host names. Default: the system's resolver. */
  readonly lookup?: (hostname: string, options: { all: true }, callback: LookupCallback) => void
}

type LookupCallback = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void

/** The endpoint has an address that requests must not go to. */
class NotPublic extends Error {
  constructor() {
    super('The host has an address that is not public.')
  }
}

/** How much of an answer is read, so that the connection can be used again, in bytes. */
const maxAnswer = 65_536

/**
 * Makes a sender of requests. A host name is resolved once for each connection, and the connection goes to an address that was checked: a name that
 * resolves to another address later changes nothing. Redirects are not followed, and proxies of the environment are not used.
 */
export function createPoster({ allowPrivate, timeout = 10_000, lookup = systemLookup }: PosterOptions): Poster {
  const checked = checkedLookup(lookup, allowPrivate)
  const options = { keepAlive: true, maxSockets: 64, maxFreeSockets: 16, timeout: 30_000 }
  const agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) }
  return {
    post(request) {
      const url = new URL(request.url)
      const address = addressOfHost(url.hostname)
      if (!allowPrivate && (url.protocol !== 'https:' || (address !== null && !isPublicAddress(address))))
        return Promise.resolve(refused(new NotPublic()))
      const send = url.protocol === 'http:' ? http.request : https.request
      const attempt = (mayRepeat: boolean): Promise<PostResult> =>
        new Promise((resolve) => {
          const signal = AbortSignal.timeout(timeout)
          const sent = send(url, {
            method: 'POST',
            agent: agents[url.protocol === 'http:' ? 'http:' : 'https:'],
            lookup: checked,
            signal,
            headers: {
              ...request.headers,
              'content-type': 'application/json',
              'content-length': String(Buffer.byteLength(request.body)),
              'user-agent': `contact-gateway/${version}`,
            },
          })
          sent.on('error', (error) => {
            // The endpoint has closed a connection that was kept: that is no answer to this request.
            if (mayRepeat && sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET') resolve(attempt(false))
            else resolve(signal.aborted ? tooSlow(timeout) : refused(error))
          })
          sent.on('response', (response) => {
            discard(response)
            resolve(answered(response))
          })
          sent.end(request.body)
        })
      return attempt(true)
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

/** Resolves a host name to the addresses that a connection may go to: all of them must be public. */
export function checkedLookup(lookup: NonNullable<PosterOptions['lookup']>, allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error !== null || first === undefined) return callback(error ?? new Error('The host name has no address.'), '')
      if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) return callback(new NotPublic(), '')
      if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

/** Reads what remains of an answer so that the connection can be used again, unless it is long. */
function discard(response: http.IncomingMessage): void {
  let read = 0
  response.on('error', () => {})
  response.on('data', (chunk: Buffer) => {
    read += chunk.length
    if (read > maxAnswer) response.destroy()
  })
}

function answered({ statusCode = 0, headers }: http.IncomingMessage): PostResult {
  const accepted = statusCode >= 200 && statusCode < 300
  const isRedirect = statusCode >= 300 && statusCode < 400
  const fault = `The endpoint answered with status ${statusCode}.${isRedirect ? ' Redirects are not followed.' : ''}`
  return { accepted, statusCode, error: accepted ? null : fault, retryAfter: headers['retry-after'] ?? null }
}

function tooSlow(timeout: number): PostResult {
  return { accepted: false, statusCode: null, error: `The endpoint did not answer within ${timeout / 1000} s.`, retryAfter: null }
}

function refused(error: Error): PostResult {
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : ''
  const text = error instanceof NotPublic ? error.message : `The connection failed${code}.`
  return { accepted: false, statusCode: null, error: text, retryAfter: null }
}
