import { type Context as HonoContext, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Logger } from 'pino'
import type { Db } from '../data/database.ts'
import { countStatements } from '../data/statements.ts'
import { DomainError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/time.ts'
import { authenticate } from './authenticate.ts'
import { createLoaders } from './graphql/loaders.ts'
import { createSchema } from './graphql/schema.ts'
import { createGraphQL, type Yoga } from './graphql/yoga.ts'
import { docsPages } from './pages/docs.ts'
import { landingPage } from './pages/landing.ts'
import { type HttpEnv, newRequest } from './request-context.ts'
import { createRest } from './rest/app.ts'
import { refusal } from './rest/envelope.ts'
import { meanings } from './status.ts'

export interface FrontDoorServices {
  readonly db: Db
  readonly now: Clock
  readonly log: Logger
  /** Whether the database answers and is up to date, and the process is not about to stop. */
  isReady(): Promise<boolean>
  /** The demo's key, to be shown to those who sit at this machine; null where there is none to show. */
  readonly demoKey: string | null
}

const maxOperationBytes = 1024 * 1024

/** Everything that answers to HTTP, as a function from request to response. */
export function createFrontDoor(services: FrontDoorServices): Hono<HttpEnv> {
  const { now } = services
  const app = new Hono<HttpEnv>({ strict: false })
  app.use(async (c, next) => {
    const request = newRequest(services.log)
    c.set('request', request)
    const began = performance.now()
    await countStatements(request.count, next)
    c.header('X-Request-Id', request.id)
    const { statements, milliseconds } = request.count
    request.log.info({
      method: c.req.method,
      path: c.req.path,
      operation: request.operation,
      status: c.res.status,
      ...(request.errorCode !== null && { code: request.errorCode }),
      ms: Math.round(performance.now() - began),
      statements,
      db_ms: Math.round(milliseconds),
    })
  })
  app.get('/', (c) => c.html(landingPage(new URL(c.req.url).origin, demoKeyFor(c, services))))
  app.get('/health', (c) => c.json({ status: 'ok' }))
  app.get('/ready', async (c) => ((await services.isReady()) ? c.json({ status: 'ready' }) : c.json({ status: 'not ready' }, 503)))
  app.route('/docs', docsPages())
  app.route('/', createRest(services))
  const yoga = createGraphQL(createSchema())
  app.use('/graphql', bodyLimit({ maxSize: maxOperationBytes, onError: (c) => graphqlRefusal(c, tooLarge()) }))
  app.all('/graphql', (c) => serveGraphQL(c, yoga, services))
  app.notFound((c) => {
    const error = new DomainError('ROUTE_NOT_FOUND', `There is no path ${c.req.path.slice(0, 120)}. See /docs for those that there are.`, {
      value: c.req.path.slice(0, 120),
    })
    return refusal(c, now(), error, 'url')
  })
  app.onError((error, c) => refusal(c, now(), error, 'url'))
  return app
}

async function serveGraphQL(c: HonoContext<HttpEnv>, yoga: Yoga, services: FrontDoorServices): Promise<Response> {
  const request = c.get('request')
  const wantsPage = c.req.method === 'GET' && (c.req.header('accept') ?? '').includes('text/html')
  if (wantsPage) return yoga.fetch(c.req.raw, { graphql: null, demoKey: demoKeyFor(c, services) })
  try {
    if (c.req.method === 'POST') requireJson(c.req.header('content-type'))
    const { db, now } = services
    const context = { actor: await authenticate({ db, now }, c.req.raw.headers), db, now, request }
    return await yoga.fetch(c.req.raw, { graphql: { ...context, loaders: createLoaders(context) }, demoKey: null })
  } catch (error) {
    if (error instanceof DomainError) return graphqlRefusal(c, error)
    throw error
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

/** A request that was refused before it came to an operation, in GraphQL's form. */
function graphqlRefusal(c: HonoContext<HttpEnv>, error: DomainError): Response {
  c.get('request').errorCode = error.code
  return c.json({ errors: [{ message: error.message, extensions: { code: error.code, ...error.details } }] }, meanings[error.code].status)
}

function tooLarge(): DomainError {
  return new DomainError('PAYLOAD_TOO_LARGE', 'The operation is larger than 1 MiB.', { expected: 'at most 1 MiB' })
}

/** The demo's key is for those who sit at this machine: a page of another site that was led here by its name is not told. */
function demoKeyFor(c: HonoContext<HttpEnv>, services: FrontDoorServices): string | null {
  const { hostname } = new URL(c.req.url)
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname) ? services.demoKey : null
}
