import type { MiddlewareHandler } from 'hono'

/** What a response behind a credential depends on. Without `private`, a shared cache would give one caller's response to another. */
const vary = 'Authorization, X-API-Key, Accept, Accept-Encoding, Origin'

/** Sets Cache-Control and Vary: only public pages and assets may be shared between callers. */
export function cacheControl(): MiddlewareHandler {
  return async (c, next) => {
    await next()
    const { headers } = c.res
    // A page that says itself that it must not be shared contains a key.
    if (isPublic(c.req.path) && !/private|no-store/.test(headers.get('Cache-Control') ?? '')) {
      headers.set('Vary', 'Accept-Encoding, Origin')
      if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-cache')
      return
    }
    if (headers.get('Cache-Control') !== 'no-store') headers.set('Cache-Control', 'private, no-cache')
    headers.set('Vary', vary)
  }
}

/** Paths with the same response for every caller. The start page is not one: it shows the key of the demo to requests of this machine. */
function isPublic(path: string): boolean {
  return /^\/(?:docs(?:\/.*)?|llms\.txt|(?:console|graphql)\/assets\/.*|health|ready|api\/v1\/openapi\.json|schema\.graphql)$/.test(path)
}
