import { type Context, Hono } from 'hono'
import type { Logger } from 'pino'
import { printSchema } from 'graphql'
import type { Db } from '../data/database.ts'
import type { Database } from '../data/open-database.ts'
import type { Limiters } from '../data/limiter.ts'
import { countStatements } from '../data/driver/query-stats.ts'
import type { ChangeFeed } from '../domain/changes/feed.ts'
import { type Actor, InsufficientPermissions } from '../domain/context.ts'
import type { WebhookCounts } from '../domain/webhooks/counts.ts'
import type { WebhookSending } from '../domain/webhooks/services.ts'
import { DomainError } from '../kernel/errors.ts'
import type { SecretKeys } from '../kernel/secret-keys.ts'
import { version } from '../kernel/version.ts'
import { inServerSpan } from '../kernel/span.ts'
import type { Clock } from '../kernel/time.ts'
import { createAuthenticate } from './authenticate.ts'
import { browserSafety, crossOrigin, headersBy } from './browser-security.ts'
import { recordRequest, loggedPath } from './access-log.ts'
import { cacheControl } from './caching.ts'
import { createClientOf } from './client-address.ts'
import { compressing } from './compression.ts'
import { isFromThisMachine } from './demo-key.ts'
import { createGraphQLApp } from './graphql/server/app.ts'
import { type CachedOperations, createCachedOperations } from './graphql/server/cached-operations.ts'
import { createSchema } from './graphql/schema/schema.ts'
import { createSockets, type Sockets } from './graphql/subscriptions/websocket.ts'
import { createPipeline } from './graphql/execution/execute-operation.ts'
import { OperationCache } from './graphql/execution/operation-cache.ts'
import { createGraphQL } from './graphql/server/yoga.ts'
import { consolePages } from './pages/console.ts'
import { docsPages } from './pages/docs.ts'
import { graphiqlPages } from './pages/graphiql.ts'
import { landingPage } from './pages/landing.ts'
import { preferencePages } from './pages/preferences/routes.ts'
import { type ClusterWorker, createMetrics } from './metrics.ts'
import { otherMethods } from './methods.ts'
import { createRateLimiter } from './rate-limit.ts'
import { type Arrival, headersOf, type HttpEnv, newRequest } from './request-context.ts'
import { createRest } from './rest/app.ts'
import { refusal } from './rest/envelope.ts'
import type { HttpSettings } from './settings.ts'
import { Subscribers } from './graphql/subscriptions/registry.ts'

export interface HttpAppServices {
  readonly db: Db
  readonly now: Clock
  readonly log: Logger
  readonly settings: HttpSettings
  readonly secretKeys: SecretKeys
  readonly limiters: Limiters
  readonly connections: Database['connections']
  readonly feed: ChangeFeed
  readonly webhooks: WebhookSending & { readonly counts: WebhookCounts }
  /** Where to read; null where there is nothing but the database itself. */
  readonly replicas: Database['replicas']
  readonly worker: ClusterWorker | null
  /** Whether the database answers and is up to date, and the process is not about to stop. */
  isReady(): Promise<boolean>
  /** The key of the demo, which pages show to requests of this machine; null if there is none. */
  readonly demoKey: string | null
  /** Called with the caller of each request that carries a valid credential. */
  readonly onAuthenticated: (actor: Actor) => void
}

export interface HttpApp {
  /** Serves requests for cached operations at less cost than `fetch`, which serves every request. */
  readonly cached: CachedOperations
  fetch(request: Request, arrival: Arrival): Response | Promise<Response>
  readonly sockets: Sockets
}

/** Everything that answers to HTTP, as a function from request to response; and what becomes of connections that go on as WebSockets. */
export function createHttpApp(services: HttpAppServices): HttpApp {
  const { now, settings } = services
  const app = new Hono<HttpEnv>({ strict: false })
  const rateLimiter = createRateLimiter(settings.rateLimits, services.limiters)
  const subscribers = new Subscribers(settings.subscriptions)
  const metrics = createMetrics({ ...services, subscribers })
  const clientOf = createClientOf(settings.trustedProxies)
  const inside = {
    ...services,
    clientOf,
    metrics,
    rateLimiter,
    subscribers,
    authenticate: createAuthenticate(settings.jwt, services.onAuthenticated),
  }
  const schema = createSchema()
  // Printed when it is requested: that takes longer than a start should.
  let printed: string | undefined
  const operations = new OperationCache(schema)
  const pipeline = createPipeline({ ...services, schema })
  const yoga = createGraphQL({ schema, settings, operations, pipeline })
  const forEveryAnswer = [
    cacheControl(),
    browserSafety(settings),
    ...(settings.corsOrigins.length > 0 ? [crossOrigin(settings.corsOrigins)] : []),
  ]
  app.use(async (c, next) => {
    const request = newRequest(services.log, clientOf(c.env.peer?.address ?? null, c.req.header('x-forwarded-for') ?? null), c.env.hangUp)
    c.set('request', request)
    const began = performance.now()
    const traceId = await inServerSpan(c.req.method, c.req.raw.headers, async (span) => {
      await countStatements(request.count, next)
      if (!span.isRecording()) return null
      span.updateName(request.operation ?? c.req.method)
      span.setAttributes({
        'http.request.method': c.req.method,
        'url.path': loggedPath(c.req.path),
        ...routeAttributes(c.req.path, request.operation),
        'http.response.status_code': c.res.status,
        request_id: request.id,
        ...(request.cost !== null && { 'graphql.cost': request.cost }),
      })
      return span.spanContext().traceId
    })
    // Not by `c.header`, which makes a new response of one that is done, and each time reads its text as a stream.
    for (const [name, value] of Object.entries(headersOf(request))) c.res.headers.set(name, value)
    recordRequest(metrics, request, {
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      milliseconds: performance.now() - began,
      traceId,
    })
  })
  app.use(compressing(), ...forEveryAnswer)
  app.get('/', (c) => c.html(landingPage(new URL(c.req.url).origin, demoKeyFor(c, services), settings)))
  app.get('/health', (c) => c.json({ status: 'ok', version }))
  app.get('/ready', async (c) => ((await services.isReady()) ? c.json({ status: 'ready' }) : c.json({ status: 'not ready' }, 503)))
  app.get('/metrics', async (c) => {
    const actor = await inside.authenticate({ ...services, request: c.get('request') }, c.req.raw.headers)
    if (!actor.scopes.includes('metrics:read')) throw new InsufficientPermissions(actor, 'metrics:read')
    return c.text(await metrics.text(), 200, { 'Content-Type': metrics.contentType })
  })
  if (settings.docs)
    app.route(
      '/',
      docsPages((c) => demoKeyFor(c, services)),
    )
  app.get('/schema.graphql', async (c) => {
    if (settings.introspection === 'scope') {
      const actor = await inside.authenticate({ ...services, request: c.get('request') }, c.req.raw.headers)
      if (!actor.scopes.includes('schema:read')) throw new InsufficientPermissions(actor, 'schema:read')
      c.header('Cache-Control', 'private, no-cache')
    }
    return c.body((printed ??= `${printSchema(schema)}\n`), 200, { 'Content-Type': 'application/graphql; charset=utf-8' })
  })
  app.route('/preferences', preferencePages(services))
  if (settings.console)
    app.route(
      '/console',
      consolePages((c) => demoKeyFor(c, services)),
    )
  const pages = [
    '/',
    '/health',
    '/ready',
    '/metrics',
    '/schema.graphql',
    ...(settings.docs ? ['/docs', '/docs/rest', '/docs/errors', '/llms.txt'] : []),
    ...(settings.console ? ['/console'] : []),
  ]
  for (const path of pages) app.all(path, otherMethods(now, ['GET']))
  app.route('/', createRest(inside))
  if (settings.graphiql)
    app.route(
      '/',
      graphiqlPages((c) => demoKeyFor(c, services)),
    )
  app.route('/', createGraphQLApp(inside, yoga))
  app.notFound((c) => {
    const error = new DomainError('ROUTE_NOT_FOUND', `There is no path ${c.req.path.slice(0, 120)}. See /docs/rest for the paths.`, {
      value: c.req.path.slice(0, 120),
    })
    return refusal(c, now(), error, 'url')
  })
  app.onError((error, c) => refusal(c, now(), error, 'url'))
  return {
    cached: createCachedOperations({ ...inside, operations, pipeline, headersFor: headersBy(forEveryAnswer, '/graphql') }),
    fetch: (request, arrival) => app.fetch(request, arrival),
    sockets: createSockets(inside, yoga, schema),
  }
}

/** The route of a request, or the operation of a GraphQL request, by OpenTelemetry's conventions. */
function routeAttributes(path: string, operation: string | null): Record<string, string> {
  const [first = '', second] = operation?.split(' ') ?? []
  if (path !== '/graphql') return second === undefined ? {} : { 'http.route': second }
  const isKnown = ['query', 'mutation', 'subscription'].includes(first)
  return {
    'http.route': path,
    ...(isKnown && { 'graphql.operation.type': first }),
    ...(isKnown && second !== undefined && second !== '(anonymous)' && { 'graphql.operation.name': second }),
  }
}

/** The key of the demo, for pages that are asked for from this machine. */
function demoKeyFor(c: Context<HttpEnv>, { demoKey }: HttpAppServices): string | null {
  const { peer } = c.env
  return demoKey !== null && peer !== null && isFromThisMachine(peer, new URL(c.req.url).hostname, c.req.raw.headers) ? demoKey : null
}
