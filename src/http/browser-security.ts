import { Hono, type MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { NONCE, secureHeaders } from 'hono/secure-headers'
import { LRUCache } from 'lru-cache'
import type { HeaderFields } from './request-context.ts'

/** A page loads nothing from elsewhere, sends nothing elsewhere and stands in no frame. */
const pagePolicy = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'", NONCE],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
}

/** GraphiQL comes as one document with its scripts inside, and starts its editor's workers from it. */
const graphiqlPolicy = { ...pagePolicy, scriptSrc: ["'self'", "'unsafe-inline'"], workerSrc: ["'self'", 'blob:'] }

/** The headers that keep browsers from being used against those who sit in front of them. */
export function browserSafety(): MiddlewareHandler {
  const options = { xFrameOptions: 'DENY', referrerPolicy: 'no-referrer' }
  const pages = secureHeaders({ ...options, contentSecurityPolicy: pagePolicy })
  const graphiql = secureHeaders({ ...options, contentSecurityPolicy: graphiqlPolicy })
  return (c, next) => (c.req.path === '/graphql' ? graphiql(c, next) : pages(c, next))
}

/**
 * Lets pages of the named origins call from a browser. Credentials are headers that a page has to set, never cookies: a page of any other
 * origin can neither send nor read anything in somebody's name.
 */
export function crossOrigin(origins: readonly string[]): MiddlewareHandler {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'X-API-Key', 'Content-Type', 'Idempotency-Key'],
    exposeHeaders: [
      'X-Request-Id',
      'X-RateLimit-Limit',
      'X-RateLimit-Remaining',
      'X-RateLimit-Reset',
      'Retry-After',
      'Idempotency-Replayed',
    ],
    maxAge: 3600,
  })
}

/**
 * The headers that these put on every answer to a path, by the origin of the page that asks; null is for programs, which say none. They are
 * asked once for each origin.
 */
export function headersBy(handlers: MiddlewareHandler[], path: string): (origin: string | null) => Promise<HeaderFields> {
  const app = new Hono().use(...handlers).post(path, (c) => c.body(null))
  const known = new LRUCache<string, HeaderFields>({ max: 100 })
  return async (origin) => {
    const found = known.get(origin ?? '')
    if (found !== undefined) return found
    const { headers } = await app.request(path, { method: 'POST', headers: origin === null ? {} : { Origin: origin } })
    const fields = Object.fromEntries(headers)
    known.set(origin ?? '', fields)
    return fields
  }
}
