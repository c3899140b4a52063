import type { GraphQLSchema } from 'graphql'
import { createYoga, type Plugin, useExecutionCancellation, type YogaServerInstance } from 'graphql-yoga'
import type { GraphQLContext } from '../schema/builder.ts'
import type { Pipeline } from '../execution/execute-operation.ts'
import { formatResult, presentError, withStatus } from '../execution/format-error.ts'
import type { OperationCache } from '../execution/operation-cache.ts'
import { goesByStatus } from './content-negotiation.ts'
import { executing } from './execution-plugin.ts'
import type { HttpSettings } from '../../settings.ts'
import { streamingEvents } from '../subscriptions/sse.ts'
import { limitingDocuments } from '../execution/operation-limits.ts'
import { sharing } from '../subscriptions/shared-execution.ts'
import { tracing } from '../execution/tracing.ts'
import type { ServerContext } from './server-context.ts'
import { parseQueue } from './parse-queue.ts'
import { documentIdParameter, trusting } from './trusted-documents.ts'

export type Yoga = YogaServerInstance<ServerContext, GraphQLContext>

export interface YogaServices {
  readonly schema: GraphQLSchema
  readonly settings: HttpSettings
  readonly operations: OperationCache
  readonly pipeline: Pipeline
}

type YogaPlugin = Plugin | Plugin<GraphQLContext> | Plugin<object, ServerContext>

/** The plugins by their names, in their order. */
export function yogaPlugins({ settings, operations, pipeline }: Omit<YogaServices, 'schema'>): Readonly<Record<string, YogaPlugin>> {
  return {
    trustedDocuments: trusting(settings.trustedDocuments),
    takeTurns: parseQueue(),
    limitDocuments: limitingDocuments(settings.operationLimits),
    execute: executing(pipeline, operations),
    subscribe: sharing,
    sse: streamingEvents(settings.subscriptions.pingEvery),
    cancel: useExecutionCancellation(),
    tracing,
    errorCodes: formattingErrors(settings),
  }
}

/** GraphQL over HTTP. The caller has been authenticated before. */
export function createGraphQL(services: YogaServices): Yoga {
  const { schema } = services
  return createYoga<ServerContext, GraphQLContext>({
    schema,
    // That of the server below, which writes a text unchanged; Yoga's own is read back as a stream.
    fetchAPI: { Response },
    graphqlEndpoint: '/graphql',
    landingPage: false,
    logging: false,
    multipart: false,
    // Checked before.
    maxRequestBodySize: false,
    cors: false,
    context: ({ graphql }) => graphql,
    maskedErrors: { errorMessage: 'Internal error.', maskError: (error) => presentError(error) },
    extraParamNames: [documentIdParameter],
    plugins: Object.values(yogaPlugins(services)),
    graphiql: false,
  })
}

/** What graphql-js and Yoga refuse before anything is executed has codes of their own: the response has ours. */
function formattingErrors(settings: HttpSettings): Plugin<object, ServerContext> {
  return {
    onResultProcess(payload) {
      const { result, serverContext } = payload
      if (Array.isArray(result) || Symbol.asyncIterator in result || result.errors === undefined) return
      const formatted = formatResult(result, serverContext.graphql, settings)
      payload.setResult(goesByStatus(payload.request.headers.get('accept')) ? withStatus(formatted) : formatted)
    },
  }
}
