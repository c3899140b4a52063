import { OperationTypeNode } from 'graphql'
import { type Context as HonoContext, Hono } from 'hono'
import { DomainError } from '../../../kernel/errors.ts'
import { isTooDeep, maxJsonDepth, parseJsonText } from '../../../kernel/json-text.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { withTimeout } from '../../../kernel/with-timeout.ts'
import { idempotencyKey, isForNow, NotKept, respondOnce } from '../../idempotency.ts'
import { allowed, methodNotAllowed } from '../../methods.ts'
import type { HttpEnv, RequestContext } from '../../request-context.ts'
import type { HttpSettings } from '../../settings.ts'
import { mediaTypeOf, readBody, requirePlainUtf8 } from '../../request-body.ts'
import { authenticateCaller, type ContextServices, createGraphQLContext } from '../execution/context.ts'
import { isJson, jsonTypeOrDefault } from './content-negotiation.ts'
import { kindOf } from './operation-kind.ts'
import { refusedRequest } from '../execution/format-error.ts'
import type { Yoga } from './yoga.ts'

export interface GraphQLServices extends ContextServices {
  readonly settings: HttpSettings
}

/** The largest request that is read. */
export const maxOperationBytes = 1024 * 1024

/** The GraphQL API at `/graphql`. */
export function createGraphQLApp(services: GraphQLServices, yoga: Yoga): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>({ strict: false })
  app.all('/graphql', async (c) => {
    if (c.req.method === 'OPTIONS') return allowed(c, ['GET', 'POST'])
    try {
      return await serve(c, yoga, services)
    } catch (error) {
      return refusal(c, error)
    }
  })
  return app
}

async function serve(c: HonoContext<HttpEnv>, yoga: Yoga, services: GraphQLServices): Promise<Response> {
  requireGetOrPost(c.req.method)
  if (c.req.method === 'POST') requireJson(c.req.raw.headers)
  const request = c.get('request')
  const context = await authenticateCaller(services, request, c.req.raw.headers)
  const key = idempotencyKey(c.req.raw.headers)
  if (c.req.method !== 'POST') {
    requireFlatParameters(c.req.query())
    return execute(yoga, services, context, c.req.raw)
  }
  // Nothing of a body is read before the caller is known.
  const body = await readBody(c.req.raw, maxOperationBytes)
  const params = parseJsonText(body)
  const { headers, signal } = c.req.raw
  const again = () => new Request(c.req.url, { method: 'POST', headers, body, signal })
  const { documents } = services.settings.trustedDocuments
  const isRepeatable = key !== null && isJsonObject(params) && kindOf(params, documents) === OperationTypeNode.MUTATION
  if (!isRepeatable) return execute(yoga, services, context, again())
  return respondOnce(key, context, { method: 'POST', path: '/graphql', body }, async (within) => {
    const response = await execute(yoga, services, within, again())
    // What broke must not be half kept: all of the operation is undone.
    if (request.errorCode === 'INTERNAL_ERROR') throw new Error('A resolver failed in an operation that has to be kept as a whole.')
    if (isForNow(request.errorCode)) throw new NotKept(await undone(response))
    return response
  })
}

/** A response whose work is undone: fields that had been done are not reported as done. */
async function undone(response: Response): Promise<Response> {
  const body = (await response.json()) as { readonly data?: unknown } // proof: an operation is answered with an object
  const text = JSON.stringify(body.data === undefined ? body : { ...body, data: null })
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  return new Response(text, { status: response.status, headers })
}

/** Executes until it is done, times out, or the client disconnects. For a subscription it ends when the stream starts. */
async function execute(yoga: Yoga, services: GraphQLServices, context: RequestContext, request: Request): Promise<Response> {
  const controller = new AbortController()
  // A copy of the request with another signal would cost more than many an operation.
  const timed = Object.defineProperty(request, 'signal', { value: AbortSignal.any([request.signal, controller.signal]) })
  const graphql = createGraphQLContext(services, context, request.headers)
  const response = await withTimeout(services.settings.requestTimeout, controller, async () => yoga.fetch(timed, { graphql }))
  await services.rateLimiter.chargeIfRefused(context.actor, context.request)
  return response
}

function requireGetOrPost(method: string): void {
  if (method === 'GET' || method === 'POST') return
  throw methodNotAllowed(method, ['GET', 'POST'])
}

/** Only JSON: what a form of another site can send without asking is never executed. */
function requireJson(headers: Headers): void {
  const contentType = headers.get('content-type')
  // Yoga knows it in small letters only.
  if (isJson(contentType)) {
    requirePlainUtf8(headers)
    return headers.set('content-type', 'application/json')
  }
  throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'An operation is sent as JSON, with the header Content-Type: application/json.', {
    value: mediaTypeOf(contentType).slice(0, 120),
    expected: 'application/json',
  })
}

/** The JSON in the parameters of a GET request is held to the same depth as a body. */
function requireFlatParameters({ variables = '', extensions = '' }: Record<string, string>): void {
  if (isTooDeep(Buffer.from(variables)) || isTooDeep(Buffer.from(extensions)))
    throw new DomainError('INVALID_JSON', `The variables are nested deeper than ${maxJsonDepth} levels.`, {
      expected: `at most ${maxJsonDepth} levels`,
    })
}

function refusal(c: HonoContext<HttpEnv>, error: unknown): Response {
  const { status, headers, body } = refusedRequest(error, c.get('request'), jsonTypeOrDefault(c.req.header('accept')))
  return c.body(body, status, headers)
}
