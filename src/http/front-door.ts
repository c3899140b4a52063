import { Hono } from 'hono'
import type { Logger } from 'pino'
import type { Db } from '../data/database.ts'
import { countStatements } from '../data/statements.ts'
import { DomainError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/time.ts'
import { createGraphQLApp } from './graphql/app.ts'
import { docsPages } from './pages/docs.ts'
import { landingPage } from './pages/landing.ts'
import { type HttpEnv, newRequest } from './request-context.ts'
import { createRest } from './rest/app.ts'
import { refusal } from './rest/envelope.ts'

export interface FrontDoorServices {
  readonly db: Db
  readonly now: Clock
  readonly log: Logger
  /** Whether the database answers and is up to date, and the process is not about to stop. */
  isReady(): Promise<boolean>
  /** The demo's key, to be shown to those who sit at this machine; null where there is none to show. */
  readonly demoKey: string | null
}

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
      ...(request.cost !== null && { cost: request.cost }),
      ...(request.errorCode !== null && { code: request.errorCode }),
      ms: Math.round(performance.now() - began),
      statements,
      db_ms: Math.round(milliseconds),
    })
  })
  app.get('/', (c) => c.html(landingPage(new URL(c.req.url).origin, demoKeyFor(c.req.raw, services))))
  app.get('/health', (c) => c.json({ status: 'ok' }))
  app.get('/ready', async (c) => ((await services.isReady()) ? c.json({ status: 'ready' }) : c.json({ status: 'not ready' }, 503)))
  app.route('/docs', docsPages())
  app.route('/', createRest(services))
  app.route('/', createGraphQLApp({ ...services, demoKeyFor: (request) => demoKeyFor(request, services) }))
  app.notFound((c) => {
    const error = new DomainError('ROUTE_NOT_FOUND', `There is no path ${c.req.path.slice(0, 120)}. See /docs for those that there are.`, {
      value: c.req.path.slice(0, 120),
    })
    return refusal(c, now(), error, 'url')
  })
  app.onError((error, c) => refusal(c, now(), error, 'url'))
  return app
}

/** The demo's key is for those who sit at this machine: a page of another site that was led here by its name is not told. */
function demoKeyFor(request: Request, services: FrontDoorServices): string | null {
  const { hostname } = new URL(request.url)
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname) ? services.demoKey : null
}
