import type { MiddlewareHandler } from 'hono'

/** What a response behind a credential depends on. Without `private`, a shared cache would give one caller's response to another. */
const vary = 'Authorization, X-API-Key, Accept, Accept-Encoding, Origin'

/** States who may keep a response, and for whom: everything but the public pages is for its caller alone. */
export function cacheControl(): MiddlewareHandler {
  return async (c, next) => {
    await next()
    const { headers } = c.res
    if (isPublic(c.req.path)) {
      headers.set('Vary', 'Accept-Encoding, Origin')
      if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-cache')
      return
    }
    headers.set('Cache-Control', 'private, no-cache')
    headers.set('Vary', vary)
  }
}

/** What everybody gets alike. The start page is not: it shows the demo's key to those who sit at this machine. */
function isPublic(path: string): boolean {
  return /^\/(?:docs(?:\/.*)?|console\/assets\/.*|health|ready|api\/v1\/openapi\.json|schema\.graphql)$/.test(path)
}
