import { OperationTypeNode } from 'graphql'
import { processRegularResult } from 'graphql-yoga'
import { countStatements } from '../../../data/driver/query-stats.ts'
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts'
import { areStepsTraced } from '../../../kernel/span.ts'
import type { Cancellation, LazyAbortController } from '../../../kernel/lazy-abort-controller.ts'
import { withTimeout } from '../../../kernel/with-timeout.ts'
import { recordRequest } from '../../access-log.ts'
import type { HeaderReader } from '../../authenticate.ts'
import type { ClientOf } from '../../client-address.ts'
import { isPlainUtf8 } from '../../request-body.ts'
import type { Metrics } from '../../metrics.ts'
import { type HangUp, type HeaderFields, headersOf, newRequest, type RequestInfo } from '../../request-context.ts'
import type { HttpSettings, TrustedDocuments } from '../../settings.ts'
import { authenticateCaller, type ContextServices, createGraphQLContext } from '../execution/context.ts'
import type { OperationResult, Pipeline } from '../execution/execute-operation.ts'
import { refusedRequest, withStatus } from '../execution/format-error.ts'
import type { CachedOperation, OperationCache } from '../execution/operation-cache.ts'
import { goesByStatus, isJson, jsonTypeFor, jsonTypeOrDefault } from './content-negotiation.ts'
import { documentIdOf, documentIdParameter } from './trusted-documents.ts'

interface CachedOperationServices extends ContextServices {
  readonly log: RequestInfo['log']
  readonly settings: HttpSettings
  readonly metrics: Metrics
  readonly operations: OperationCache
  readonly pipeline: Pipeline
  readonly clientOf: ClientOf
  /** The headers of every response to a page of an origin, or to a program, which names none. */
  headersFor(origin: string | null): Promise<HeaderFields>
}

/** What a request asks for. */
export interface CachedRequest {
  readonly operation: CachedOperation
  readonly variables: JsonObject
}

export interface Reply {
  readonly status: number
  readonly headers: HeaderFields
  readonly body: string
}

/** The connection of a request. */
export interface Connection {
  readonly hangUp: HangUp | null
  /** The address of the other end; null if there is none. */
  readonly peer: string | null
  /** Ends the work when the client has gone, or the request has taken too long. */
  readonly controller: LazyAbortController
}

export interface CachedOperations {
  /** Whether it is worth reading the body of a request. */
  mayServe(method: string | undefined, path: string | undefined, headers: HeaderReader): boolean
  /** The operation that a body asks for; null if it is not cached, or asked for in a way that only Yoga reads. */
  find(body: string): CachedRequest | null
  /** Serves it to the end. */
  serve(request: CachedRequest, headers: HeaderReader, connection: Connection): Promise<Reply>
}

/**
 * Serves queries and mutations whose document was found valid before. For these Hono and Yoga, of which each is made for every kind of request, cost more than
 * the operation. Everything that they would do is done by the same functions: {@link accountedPlugins} says where.
 */
export function createCachedOperations(services: CachedOperationServices): CachedOperations {
  const { settings, operations, pipeline, metrics, rateLimiter } = services

  async function execute({ operation, variables }: CachedRequest, headers: HeaderReader, request: RequestInfo, cancellation: Cancellation) {
    const context = createGraphQLContext(services, await authenticateCaller(services, request, headers), headers)
    const result = await pipeline.executeOperation({ operation, variables, context, cancellation })
    await rateLimiter.chargeIfRefused(context.actor, request)
    return reply(result, headers.get('accept'))
  }

  return {
    mayServe: (method, path, headers) =>
      method === 'POST' &&
      path === '/graphql' &&
      isJson(headers.get('content-type')) &&
      isPlainUtf8(headers) &&
      headers.get('idempotency-key') === null &&
      jsonTypeFor(headers.get('accept')) !== null &&
      // The steps of a trace are those of the layers.
      !areStepsTraced(),
    find(body) {
      const asked = read(body, settings.trustedDocuments)
      if (asked === null) return null
      const operation = operations.find(asked.text, asked.operationName)
      if (operation === null || operation.operation.operation === OperationTypeNode.SUBSCRIPTION) return null
      return { operation, variables: asked.variables }
    },
    async serve(cached, headers, { hangUp, peer, controller }) {
      const began = performance.now()
      const common = await services.headersFor(headers.get('origin'))
      const request = newRequest(services.log, services.clientOf(peer, headers.get('x-forwarded-for')), hangUp)
      const work = () => countStatements(request.count, () => execute(cached, headers, request, controller))
      const {
        status,
        headers: own,
        body,
      } = await withTimeout(settings.requestTimeout, controller, work).catch((cause: unknown) =>
        refusedRequest(cause, request, jsonTypeOrDefault(headers.get('accept'))),
      )
      recordRequest(metrics, request, { method: 'POST', path: '/graphql', status, milliseconds: performance.now() - began, traceId: null })
      return { status, headers: { ...common, ...own, ...headersOf(request) }, body }
    },
  }
}

/**
 * Which of Yoga's plugins matter to cached operations, and what does their work here. A test compares it with the plugins that Yoga has: a new one has to be
 * accounted for.
 */
export const accountedPlugins: Readonly<Record<string, string>> = {
  trustedDocuments: 'read() looks documents up by the same settings, and leaves what is refused to Yoga',
  takeTurns: 'a cached document is not parsed or validated',
  limitDocuments: 'a cached document has passed it',
  execute: 'the same pipeline',
  subscribe: 'subscriptions are left to Yoga',
  sse: 'subscriptions are left to Yoga',
  cancel: 'serve() passes a signal to the pipeline',
  tracing: 'traced requests are left to Yoga',
  errorCodes: 'the pipeline formats errors',
}

/** A result as Yoga sends it. */
async function reply(result: OperationResult, accept: string | null): Promise<Reply> {
  const type = jsonTypeOrDefault(accept)
  const contentType = { 'content-type': `${type}; charset=utf-8` }
  if ('json' in result)
    return { status: 200, headers: contentType, body: `{"data":${result.json},"extensions":${JSON.stringify(result.extensions)}}` }
  if (result.errors === undefined) return { status: 200, headers: contentType, body: JSON.stringify(result) }
  // proof: it makes nothing but responses
  const response = processRegularResult(
    goesByStatus(accept) ? withStatus(result) : result,
    { Response } as Parameters<typeof processRegularResult>[1],
    type,
  )
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
}

interface Asked {
  /** The text of the document. */
  readonly text: string
  readonly variables: JsonObject
  readonly operationName: string | null
}

const parameters = new Set(['query', documentIdParameter, 'extensions', 'operationName', 'variables'])

/** What a body asks for; null for one that only Yoga reads, or refuses. */
function read(body: string, { mode, documents }: TrustedDocuments): Asked | null {
  const params = parse(body)
  if (params === null || !Object.keys(params).every((name) => parameters.has(name))) return null
  const { query, variables, operationName, extensions } = params
  const [given, name] = [variables ?? {}, operationName ?? null]
  if (!isJsonObject(given) || (name !== null && typeof name !== 'string')) return null
  // Clients say here who they are. A document that is to be persisted is not asked for so.
  if (extensions !== undefined && extensions !== null && !isJsonObject(extensions)) return null
  const id = documentIdOf(params)
  if (query !== undefined && (id !== null || documentIdParameter in params)) return null
  const text = query ?? documents.get(id ?? '')
  if (typeof text !== 'string' || mode === (query === undefined ? 'off' : 'only')) return null
  return { text, variables: given, operationName: name }
}

function parse(body: string): JsonObject | null {
  try {
    const params: unknown = JSON.parse(body)
    return isJsonObject(params) ? params : null
  } catch {
    return null
  }
}
