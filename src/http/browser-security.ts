import { Hono, type MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { NONCE, secureHeaders } from 'hono/secure-headers'
import { LRUCache } from 'lru-cache'
import type { HeaderFields } from './request-context.ts'
import type { HttpSettings } from './settings.ts'

/** Pages load and send nothing outside of their origin, and cannot be framed, unless another policy allows it. */
const pagePolicy = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
}

/** A page that contacts open with a link sends its own form, and runs no script. */
const formPolicy = {
  ...pagePolicy,
  defaultSrc: ["'none'"],
  scriptSrc: ["'none'"],
  styleSrc: [NONCE],
  imgSrc: ['data:'],
  formAction: ["'self'"],
}

/** A page of the same origin may embed the console, and hand a token over. */
const consolePolicy = { ...pagePolicy, frameAncestors: ["'self'"] }

/** GraphiQL starts the workers of its editor from its own script. */
const graphiqlPolicy = { ...pagePolicy, workerSrc: ["'self'", 'blob:'] }

/** Adds the security headers for browsers. */
export function browserSafety({ hsts }: Pick<HttpSettings, 'hsts'>): MiddlewareHandler {
  const options = { xFrameOptions: 'DENY', referrerPolicy: 'no-referrer', strictTransportSecurity: hsts ?? false }
  const pages = secureHeaders({ ...options, contentSecurityPolicy: pagePolicy })
  const graphiql = secureHeaders({ ...options, contentSecurityPolicy: graphiqlPolicy })
  const forms = secureHeaders({ ...options, contentSecurityPolicy: formPolicy })
  const embeddable = secureHeaders({ ...options, xFrameOptions: 'SAMEORIGIN', contentSecurityPolicy: consolePolicy })
  return (c, next) => {
    const { path } = c.req
    if (path === '/graphql') return graphiql(c, next)
    if (path === '/console' || path.startsWith('/console/')) return embeddable(c, next)
    return path.startsWith('/preferences/') ? forms(c, next) : pages(c, next)
  }
}

/**
 * Lets pages of the named origins call from a browser. Credentials are headers that a page has to set, never cookies: a page of another origin
 * can neither send nor read anything with them.
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
 * The headers that these handlers add to every response to a path, by the Origin of the request; null for requests without one. They are
 * computed once for each origin.
 */
export function headersBy(handlers: MiddlewareHandler[], path: string): (origin: string | null) => Promise<HeaderFields> {
  const app = new Hono().use(...handlers).post(path, (c) => c.body(null))
  const cached = new LRUCache<string, HeaderFields>({ max: 100 })
  return async (origin) => {
    const found = cached.get(origin ?? '')
    if (found !== undefined) return found
    const { headers } = await app.request(path, { method: 'POST', headers: origin === null ? {} : { Origin: origin } })
    const fields = Object.fromEntries(headers)
    cached.set(origin ?? '', fields)
    return fields
  }
}
