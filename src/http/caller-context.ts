import type { Actor } from '../domain/context.ts'
import type { RateLimiter } from './rate-limit.ts'
import type { RequestContext, RequestInfo } from './request-context.ts'

interface ContextServices extends Pick<RequestContext, 'db' | 'now' | 'secretKeys' | 'feed'> {
  readonly rateLimiter: RateLimiter
}

/** What the domain is called with for a request of a caller. */
export function contextOf({ db, now, secretKeys, feed, rateLimiter }: ContextServices, request: RequestInfo, actor: Actor): RequestContext {
  const chargeRows = (rows: number) => rateLimiter.charge(actor, request, 'rows', rows)
  return { actor, requestId: request.id, db, now, secretKeys, feed, chargeRows, request }
}
