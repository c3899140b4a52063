import { type Context as HonoContext, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Db } from '../../data/database.ts'
import { DomainError } from '../../kernel/errors.ts'
import type { Clock } from '../../kernel/time.ts'
import { authenticate } from '../authenticate.ts'
import type { HttpEnv, RequestInfo } from '../request-context.ts'
import type { Endpoint, Reply } from './endpoint.ts'
import { dataEnvelope, refusal, type RequestPart } from './envelope.ts'
import { openApiDocument } from './openapi.ts'
import { parseInput, PayloadTooLarge, readJson, singleValues } from './parse.ts'
import { basePath, routes } from './routes.ts'

interface Services {
  readonly db: Db
  readonly now: Clock
}

const maxBodyBytes = 1024 * 1024

/** The REST door: the table of routes, behind one way to authenticate, parse, answer and refuse. */
export function createRest(services: Services): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>({ strict: false })
  const document = openApiDocument()
  app.get('/api/v1/openapi.json', (c) => c.json(document))
  const limit = bodyLimit({ maxSize: maxBodyBytes, onError: (c) => refusal(c, services.now(), new PayloadTooLarge(maxBodyBytes), 'body') })
  for (const [path, methods] of Object.entries(routes)) {
    const pattern = `${basePath}${path === '/' ? '' : path.replaceAll('{', ':').replaceAll('}', '')}`
    for (const [method, endpoint] of Object.entries(methods)) {
      app.on(method, pattern, limit, (c) => {
        c.get('request').operation = `${method} ${basePath}${path}`
        return serve(endpoint, services, c)
      })
    }
    const allowed = Object.keys(methods).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    app.all(pattern, (c) => {
      c.header('Allow', allowed.join(', '))
      return refusal(c, services.now(), methodNotAllowed(c.req.method, allowed), 'url')
    })
  }
  return app
}

async function serve(endpoint: Endpoint, { db, now }: Services, c: HonoContext<HttpEnv>): Promise<Response> {
  const request = c.get('request')
  let part: RequestPart = 'url'
  try {
    const actor = await authenticate({ db, now }, c.req.raw.headers)
    const params = parseInput(endpoint.params, c.req.param(), 'parameter')
    const query = parseInput(endpoint.query, singleValues(new URL(c.req.url).searchParams), 'parameter')
    if (endpoint.body !== null) part = 'body'
    const body = endpoint.body === null ? {} : parseInput(endpoint.body, await readJson(c.req.raw, endpoint.bodyRequired), 'field')
    const reply = await endpoint.handle({ actor, db, now, request }, { params, query, body })
    return respond(reply, request, now())
  } catch (error) {
    const field = error instanceof DomainError ? error.details.field : undefined
    return refusal(c, now(), error, field !== undefined && field in endpoint.params.shape ? 'url' : part)
  }
}

function respond(reply: Reply, request: RequestInfo, now: Date): Response {
  if (reply.status === 204) return new Response(null, { status: 204 })
  return Response.json(dataEnvelope(request, now, reply.data, reply.pagination), {
    status: reply.status,
    ...(reply.headers && { headers: reply.headers }),
  })
}

function methodNotAllowed(method: string, allowed: readonly string[]): DomainError {
  return new DomainError('METHOD_NOT_ALLOWED', `This path does not answer to ${method}, but to ${allowed.join(' and ')}.`, {
    value: method,
    expected: allowed.join(', '),
  })
}
