import type { SecureHeadersVariables } from 'hono/secure-headers'
import type { Logger } from 'pino'
import type { StatementCount } from '../data/driver/query-stats.ts'
import type { ChangeFeed } from '../domain/changes/feed.ts'
import type { Context } from '../domain/context.ts'
import type { ErrorCode } from '../kernel/errors.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import type { Peer } from './demo-key.ts'

export type HangUp = () => Promise<void>

/** What is known about a request before it is authenticated, and what its log line contains. */
export interface RequestInfo {
  /** `req_…`: answered in the header X-Request-Id, and in every log line of the request. */
  readonly id: string
  readonly log: Logger
  /** The address of the client; null if the connection has none. */
  readonly client: string | null
  /** Whose request it is; null until it is authenticated. */
  caller: { readonly organizationId: string; readonly keyId: string } | null
  /** Ends the connection in the middle of an answer, and is done when it has ended; null where there is none. */
  readonly hangUp: HangUp | null
  /** What the request has asked of the database so far. */
  readonly count: StatementCount
  /** What the request does: a route, or the kind and name of a GraphQL operation. */
  operation: string | null
  /** The SHA-256 of a GraphQL operation's text, by which it can be found among those that a frontend sends; null for anything else. */
  operationHash: string | null
  /** What a GraphQL operation costs; null for anything else. */
  cost: number | null
  /** How a GraphQL operation was executed, and why not all of it was compiled; null for anything else. */
  execution: { readonly mode: 'compiled' | 'mixed' | 'resolvers'; readonly reason: string | null } | null
  /** How much is left of the limit that the request was counted against. */
  rateLimit: { readonly limit: number; readonly remaining: number; readonly reset: number } | null
  /** The code of the refusal that it was answered with. */
  errorCode: ErrorCode | null
}

/** What comes with a request from the server below Hono. */
export interface Arrival {
  readonly hangUp: HangUp | null
  /** The other end of the connection; null where there is none. */
  readonly peer: Peer | null
}

/** What Hono carries along with every request. */
export interface HttpEnv {
  Bindings: Arrival
  Variables: SecureHeadersVariables & { request: RequestInfo }
}

/** What an API passes to the domain, and the request that it came with. */
export interface RequestContext extends Context {
  readonly feed: ChangeFeed
  readonly request: RequestInfo
}

export type HeaderFields = Readonly<Record<string, string>>

/** The headers of a response about its request: the id, and the limit that it was counted against. */
export function headersOf({ id, rateLimit }: RequestInfo): HeaderFields {
  if (rateLimit === null) return { 'x-request-id': id }
  const { limit, remaining, reset } = rateLimit
  return {
    'x-request-id': id,
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(reset),
  }
}

export function newRequest(log: Logger, client: string | null, hangUp: HangUp | null = null): RequestInfo {
  const id = timeOrderedId('req')
  return {
    id,
    log: log.child({ request_id: id }),
    client,
    caller: null,
    hangUp,
    count: { statements: 0, milliseconds: 0 },
    operation: null,
    operationHash: null,
    cost: null,
    execution: null,
    rateLimit: null,
    errorCode: null,
  }
}
