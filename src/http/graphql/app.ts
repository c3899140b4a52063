import { getOperationAST, OperationTypeNode, parse } from 'graphql'
import { type Context as HonoContext, Hono } from 'hono'
import type { Database, Db } from '../../data/database.ts'
import type { ChangeFeed } from '../../domain/changes/feed.ts'
import type { Actor } from '../../domain/context.ts'
import { DomainError } from '../../kernel/errors.ts'
import { refusalBehind, StatementTimeout } from '../../kernel/faults.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Authenticate } from '../authenticate.ts'
import { limitBody } from '../body-limit.ts'
import { idempotencyKey, respondOnce } from '../idempotency.ts'
import type { RateLimiter } from '../rate-limit.ts'
import type { HttpEnv, RequestContext } from '../request-context.ts'
import type { HttpSettings, TrustedDocuments } from '../settings.ts'
import { meanings, retryAfterOf } from '../status.ts'
import type { Caller, Subscribers } from '../subscribers.ts'
import type { GraphQLContext } from './builder.ts'
import { createLoaders } from './loaders.ts'
import { createSchema } from './schema.ts'
import { documentIdOf } from './trusted-documents.ts'
import { createGraphQL, type Yoga } from './yoga.ts'

export interface GraphQLServices {
  readonly db: Db
  readonly replicas: Database['replicas']
  readonly now: Clock
  readonly settings: HttpSettings
  readonly authenticate: Authenticate
  readonly rateLimiter: RateLimiter
  readonly feed: ChangeFeed
  readonly subscribers: Subscribers
  /** The key to write into GraphiQL for those who sit at this machine; null where there is none to give away. */
  demoKeyFor(request: Request): string | null
}

const maxOperationBytes = 1024 * 1024

/** The GraphQL door, with GraphiQL for those who come with a browser. */
export function createGraphQLApp(services: GraphQLServices): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>({ strict: false })
  const yoga = createGraphQL(createSchema(), services.settings)
  app.use(
    '/graphql',
    limitBody(maxOperationBytes, (c) => refusal(c, tooLarge())),
  )
  app.all('/graphql', async (c) => {
    const wantsPage = c.req.method === 'GET' && (c.req.header('accept') ?? '').includes('text/html')
    if (wantsPage) return yoga.fetch(c.req.raw, { graphql: null, demoKey: services.demoKeyFor(c.req.raw) })
    try {
      return await serve(c, yoga, services)
    } catch (error) {
      const known = refusalBehind(error)
      if (known !== null) return refusal(c, known)
      c.get('request').log.error({ err: error }, 'an operation failed')
      return refusal(c, new DomainError('INTERNAL_ERROR', 'Something broke on our side. Try again; if it stays, report the request id.'))
    }
  })
  return app
}

async function serve(c: HonoContext<HttpEnv>, yoga: Yoga, services: GraphQLServices): Promise<Response> {
  if (c.req.method === 'POST') requireJson(c.req.header('content-type'))
  const { db, replicas, now, authenticate } = services
  const request = c.get('request')
  const context = { actor: await authenticate({ db, now }, c.req.raw.headers), requestId: request.id, db, now, request }
  const key = idempotencyKey(c.req.raw.headers)
  if (c.req.method !== 'POST' || (key === null && replicas === null)) return execute(yoga, services, context, c.req.raw)
  const body = await c.req.arrayBuffer()
  const again = () => new Request(c.req.url, { method: 'POST', headers: c.req.raw.headers, body })
  const kind = kindOf(body, services.settings.trustedDocuments.documents)
  // What is not surely a query stays at the primary.
  if (kind === OperationTypeNode.QUERY && replicas !== null)
    return execute(yoga, services, { ...context, db: await replicas.reader() }, again())
  if (kind !== OperationTypeNode.MUTATION || key === null) return execute(yoga, services, context, again())
  return respondOnce(key, context, { method: 'POST', path: '/graphql', body }, async (within) => {
    const response = await execute(yoga, services, within, again())
    // What broke must not be half kept: all of the operation is undone.
    if (request.errorCode === 'INTERNAL_ERROR') throw new Error('A resolver failed in an operation that has to be kept as a whole.')
    return response
  })
}

/** Executes until it is done, the time is over or the client has hung up. A subscription has begun when it is done. */
async function execute(yoga: Yoga, services: GraphQLServices, context: RequestContext, request: Request): Promise<Response> {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), services.settings.requestTimeout)
  // A copy of the request with another signal would cost more than many an operation.
  const timed = Object.defineProperty(request, 'signal', { value: AbortSignal.any([request.signal, timeout.signal]) })
  try {
    return await yoga.fetch(timed, { graphql: graphqlContext(services, context, request.headers), demoKey: null })
  } catch (error) {
    if (timeout.signal.aborted) throw new StatementTimeout()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function graphqlContext(services: GraphQLServices, context: RequestContext, headers: Headers): GraphQLContext {
  const { rateLimiter, feed, subscribers } = services
  const { actor, request } = context
  return {
    ...context,
    charge: (cost) => rateLimiter.charge(actor, request, 'cost', cost),
    loaders: createLoaders(context),
    feed,
    lastEventId: headers.get('last-event-id'),
    keepOpen: (begin) => subscribers.open(callerOf(services, actor, headers), begin),
  }
}

/** Who is calling, to be asked again while something is watched. */
function callerOf({ db, now, authenticate }: GraphQLServices, actor: Actor, headers: Headers): Caller {
  const credential = credentialOf(headers)
  return { actor, credential: credential.join(' '), identify: () => authenticate({ db, now }, new Headers(credential)) }
}

/** The headers that tell who is calling, without all the others. */
function credentialOf(headers: Headers): [name: string, value: string][] {
  return ['x-api-key', 'authorization'].flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value]]
  })
}

/** What a request's body asks for. One that cannot be read asks for nothing; it is refused soon enough. */
function kindOf(body: ArrayBuffer, known: TrustedDocuments['documents']): OperationTypeNode | null {
  try {
    const params: Record<string, unknown> = JSON.parse(Buffer.from(body).toString())
    const { query = known.get(documentIdOf(params) ?? ''), operationName } = params
    const name = typeof operationName === 'string' ? operationName : null
    return typeof query === 'string' ? (getOperationAST(parse(query), name)?.operation ?? null) : null
  } catch {
    return null
  }
}

/** Only JSON: what a form of another site can send without asking is never executed. */
function requireJson(contentType: string | undefined): void {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/json') return
  throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'An operation is sent as JSON, with the header Content-Type: application/json.', {
    value: type.slice(0, 120),
    expected: 'application/json',
  })
}

function tooLarge(): DomainError {
  return new DomainError('PAYLOAD_TOO_LARGE', 'The operation is larger than 1 MiB.', { expected: 'at most 1 MiB' })
}

/** A request that was refused before it came to an operation, in GraphQL's form. */
function refusal(c: HonoContext<HttpEnv>, error: DomainError): Response {
  c.get('request').errorCode = error.code
  const retryAfter = retryAfterOf(error)
  if (retryAfter !== null) c.header('Retry-After', String(retryAfter))
  return c.json({ errors: [{ message: error.message, extensions: { code: error.code, ...error.details } }] }, meanings[error.code].status)
}
