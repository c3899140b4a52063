import { type Context as HonoContext, Hono } from 'hono'
import type { Db } from '../../data/database.ts'
import type { Database } from '../../data/open-database.ts'
import type { ChangeFeed } from '../../domain/changes/feed.ts'
import { InsufficientPermissions } from '../../domain/context.ts'
import { DomainError, together } from '../../kernel/errors.ts'
import type { SecretKeys } from '../../kernel/secret-keys.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Authenticate } from '../authenticate.ts'
import { contextOf } from '../caller-context.ts'
import { idempotencyKey, isForNow, respondOnce } from '../idempotency.ts'
import { otherMethods } from '../methods.ts'
import type { RateLimiter } from '../rate-limit.ts'
import { readBody, requireIdentity } from '../request-body.ts'
import type { HttpEnv, RequestContext, RequestInfo } from '../request-context.ts'
import type { Endpoint, FileReply, Reply } from './endpoint.ts'
import { ifMatch, isNotModified } from './entity-tags.ts'
import { dataEnvelope, refusal, type RequestPart } from './envelope.ts'
import { streamOf } from './files.ts'
import { openApiDocument } from './openapi/openapi.ts'
import { followingMerges } from './merged-ids.ts'
import { parseInput, readInput, readJson, singleValues } from './parse.ts'
import { basePath, routes } from './routes.ts'
import { readUploadedFile } from './uploads.ts'

interface Services {
  readonly db: Db
  readonly replicas: Database['replicas']
  readonly now: Clock
  readonly secretKeys: SecretKeys
  readonly feed: ChangeFeed
  readonly authenticate: Authenticate
  readonly rateLimiter: RateLimiter
}

/** The REST API: the table of routes, behind one way to authenticate, parse, respond and refuse. */
export function createRest(services: Services): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>({ strict: false })
  // Made on the first request for it: it would slow down the start.
  let document: ReturnType<typeof openApiDocument> | undefined
  app.get('/api/v1/openapi.json', (c) => c.json((document ??= openApiDocument())))
  app.all('/api/v1/openapi.json', otherMethods(services.now, ['GET']))
  for (const [path, methods] of Object.entries(routes)) {
    const pattern = `${basePath}${path === '/' ? '' : path.replaceAll('{', ':').replaceAll('}', '')}`
    for (const [method, endpoint] of Object.entries(methods)) {
      app.on(method, pattern, (c) => {
        c.get('request').operation = `${method} ${basePath}${path === '/' ? '' : path}`
        return serve(endpoint, services, c)
      })
    }
    app.all(pattern, otherMethods(services.now, Object.keys(methods)))
  }
  return app
}

async function serve(endpoint: Endpoint, services: Services, c: HonoContext<HttpEnv>): Promise<Response> {
  const { db, replicas, now, authenticate, rateLimiter } = services
  const request = c.get('request')
  let part: RequestPart = 'url'
  let sent: Readonly<Record<string, unknown>> = {}
  try {
    const actor = await authenticate({ db, now, request }, c.req.raw.headers)
    // The domain asks again; asked here, callers without the scope learn nothing about the input.
    if (!actor.scopes.includes(endpoint.scope)) throw new InsufficientPermissions(actor, endpoint.scope)
    await rateLimiter.charge(actor, request, endpoint.rate ?? (c.req.method === 'GET' ? 'read' : 'write'), 1)
    const params = parseInput(endpoint.params, c.req.param(), 'parameter')
    const query = parseInput(endpoint.query, singleValues(new URL(c.req.url).searchParams), 'parameter')
    // A file that is answered changes nothing, and is not kept for a repetition.
    const onlyReads = c.req.method === 'GET' || c.req.method === 'HEAD' || endpoint.fileTypes.length > 0
    const key = onlyReads ? null : idempotencyKey(c.req.raw.headers)
    if (endpoint.body !== null) part = 'body'
    // Nothing of a body is read before the caller is known and may do what it asks for.
    const bytes = endpoint.body === null && key === null ? new Uint8Array() : await readBody(c.req.raw, endpoint.maxBodyBytes)
    if (bytes.length > 0) requireIdentity(c.req.raw.headers)
    const file = endpoint.acceptsFile ? await readUploadedFile(c.req.header('content-type'), bytes) : null
    const reader = onlyReads && replicas !== null ? await replicas.reader() : db
    const context = contextOf({ ...services, db: reader }, request, actor)
    const body =
      endpoint.body === null || file !== null
        ? {}
        : await bodyOf(endpoint, context, readJson(bytes, c.req.raw.headers, endpoint.bodyRequired))
    sent = body
    const preconditions = endpoint.conditional === 'If-Match' ? ifMatch(c.req.header('if-match') ?? null) : []
    const input = { query, body, file, preconditions, accept: c.req.header('accept') ?? '' }
    const handle = async (within: RequestContext) => {
      const reply = await followingMerges({ context: within, params, onlyReads, path: c.req.path }, (given) =>
        endpoint.handle(within, { ...input, params: given }),
      )
      return respond(reply, request, now())
    }
    if (key === null) return unlessNotModified(await handle(context), endpoint, c.req.header('if-none-match') ?? null)
    const { pathname, search } = new URL(c.req.url)
    const again = { method: c.req.method, path: pathname + search, body: bytes }
    return await respondOnce(key, context, again, async (within) => {
      try {
        return await handle(within)
      } catch (error) {
        // A refusal is an answer too, and is remembered; what broke, or is refused for now only, is not.
        if (error instanceof DomainError && !isForNow(error.code)) return refusal(c, now(), error, part)
        throw error
      }
    })
  } catch (error) {
    const { field, value } = error instanceof DomainError ? error.details : {}
    const isOfPath = field !== undefined && Object.hasOwn(endpoint.params.shape, field) && sent[field] !== value
    return refusal(c, now(), error, isOfPath ? 'url' : part)
  }
}

/** The body as the endpoint takes it. What is wrong with the types of fields is refused along with what is wrong with the values of the others. */
async function bodyOf(endpoint: Endpoint, context: RequestContext, json: unknown): Promise<Record<string, unknown>> {
  if (endpoint.body === null) return {}
  const { value, refusal } = readInput(endpoint.body, endpoint.shape(json), 'field')
  if (refusal === null) return value
  const further = value === null ? null : await endpoint.judge(context, value).then(() => null, refusalIn)
  throw together(further === null ? [refusal] : [refusal, further])
}

/** A refusal of values; a field that is missing may be one of those whose type is wrong. */
function refusalIn(error: unknown): DomainError | null {
  if (!(error instanceof DomainError)) throw error
  return error.code === 'MISSING_REQUIRED_FIELD' ? null : error
}

function respond(reply: Reply, request: RequestInfo, now: Date): Response {
  if (reply.status === 204) return new Response(null, { status: 204, ...(reply.headers && { headers: reply.headers }) })
  if ('file' in reply) return respondFile(reply.file, request)
  return Response.json(dataEnvelope(request, now, reply.data, reply.pagination), {
    status: reply.status,
    ...(reply.headers && { headers: reply.headers }),
  })
}

/** The answer, or 304 without a body where the client has it already. */
function unlessNotModified(response: Response, { conditional }: Endpoint, ifNoneMatch: string | null): Response {
  const tag = response.headers.get('etag')
  if (conditional !== 'If-None-Match' || tag === null || !isNotModified(ifNoneMatch, tag)) return response
  return new Response(null, { status: 304, headers: { ETag: tag } })
}

function respondFile({ type, name, content }: FileReply, request: RequestInfo): Response {
  const body = streamOf(content, async (error) => {
    request.log.error({ err: error }, 'a file broke off')
    await request.hangUp?.()
  })
  return new Response(body, { headers: { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}"` } })
}
