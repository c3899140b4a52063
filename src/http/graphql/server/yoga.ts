import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql'
import { createYoga, type Plugin, useExecutionCancellation, type YogaServerInstance } from 'graphql-yoga'
import type { Database } from '../../../data/database.ts'
import { type ErrorCode, errorCodes } from '../../../kernel/errors.ts'
import type { GraphQLContext } from '../schema/builder.ts'
import { presentError, withStatus } from '../execution/format-error.ts'
import { goesByStatus } from './content-negotiation.ts'
import { exampleTabs } from './graphiql.ts'
import type { HttpSettings } from '../../settings.ts'
import { streamingEvents } from '../subscriptions/sse.ts'
import { guardingTheSchema, withoutSuggestions } from './introspection.ts'
import { limiting } from '../execution/operation-limits.ts'
import { readingElsewhere } from '../execution/read-replica.ts'
import { readingWhole } from '../compiler/compiled-query.ts'
import { reporting } from '../execution/report-operation.ts'
import { sharing } from '../subscriptions/shared-execution.ts'
import { tracing } from '../execution/tracing.ts'
import type { ServerContext } from './server-context.ts'
import { documentIdParameter, trusting } from './trusted-documents.ts'
import type { Plans } from '../compiler/operation-plan.ts'

export type Yoga = YogaServerInstance<ServerContext, GraphQLContext>

/**
 * GraphiQL's tabs keep a shift from where they stood before they were laid out, and show it as soon as one has the focus: the tab that is
 * pressed leaps away from below the mouse, and is not clicked.
 */
const tabsThatStay = '.graphiql-tab { transform: none !important }'

interface YogaServices {
  readonly schema: GraphQLSchema
  readonly settings: HttpSettings
  readonly replicas: Database['replicas']
  readonly plans: Plans
}

/** The GraphQL door. Who is calling has been found out before. */
export function createGraphQL({ schema, settings, replicas, plans }: YogaServices): Yoga {
  return createYoga<ServerContext, GraphQLContext>({
    schema,
    // That of the server below, which writes a text out as it is; Yoga's own is read back as a stream.
    fetchAPI: { Response },
    graphqlEndpoint: '/graphql',
    landingPage: false,
    logging: false,
    multipart: false,
    // The door has looked at it.
    maxRequestBodySize: false,
    cors: false,
    context({ graphql }) {
      if (graphql === null) throw new Error('An operation came without its context.')
      return graphql
    },
    maskedErrors: { errorMessage: 'Something broke on our side.', maskError: (error) => presentError(error) },
    extraParamNames: [documentIdParameter],
    plugins: [
      ...trusting(settings.trustedDocuments),
      reporting,
      ...(settings.introspection === 'scope' ? [guardingTheSchema] : []),
      limiting(settings.operationLimits),
      ...(replicas === null ? [] : [readingElsewhere(replicas)]),
      readingWhole(plans),
      sharing,
      streamingEvents(settings.subscriptions.pingEvery),
      useExecutionCancellation(),
      tracing,
      speakingOurCodes(settings.introspection),
    ],
    graphiql: (_request, context) => ({
      title: 'Contact gateway',
      defaultTabs: exampleTabs(context?.demoKey ?? null),
      defaultEditorToolsVisibility: 'headers',
      shouldPersistHeaders: true,
      defaultHeaders: JSON.stringify({ 'X-API-Key': context?.demoKey ?? '' }, null, 2),
    }),
    async renderGraphiQL(options) {
      // Nine megabytes: only for those who open the page.
      const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
      return renderGraphiQL(options).replace('</head>', `<style>${tabsThatStay}</style></head>`)
    },
  })
}

/** What graphql-js and Yoga refuse before anything is executed has codes of their own: it is told in ours. */
function speakingOurCodes(introspection: HttpSettings['introspection']): Plugin<object, ServerContext> {
  return {
    onResultProcess(payload) {
      const { result, serverContext } = payload
      if (Array.isArray(result) || Symbol.asyncIterator in result || result.errors === undefined) return
      const told = tellErrors(result, serverContext.graphql, { introspection })
      payload.setResult(goesByStatus(payload.request.headers.get('accept')) ? withStatus(told) : told)
    },
  }
}

/** A result as callers are told of it, its errors in our codes; the log is told the first of them. */
export function tellErrors(
  result: ExecutionResult,
  context: GraphQLContext | null,
  { introspection }: Pick<HttpSettings, 'introspection'>,
): ExecutionResult {
  const told = { ...result, errors: (result.errors ?? []).map((error) => presentError(error)) }
  if (context !== null) context.request.errorCode ??= codeOf(told.errors[0])
  const knowsSchema = introspection === 'everyone' || context?.actor.scopes.includes('schema:read') === true
  return knowsSchema ? told : withoutSuggestions(told)
}

function codeOf(error: GraphQLError | undefined): ErrorCode | null {
  return errorCodes.find((code) => code === error?.extensions['code']) ?? null
}
