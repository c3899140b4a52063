import { getOperationAST, type GraphQLSchema } from 'graphql'
import { createYoga, type Plugin, useExecutionCancellation, type YogaServerInstance } from 'graphql-yoga'
import type { GraphQLContext } from './builder.ts'
import { bugBehind, presentError } from './errors.ts'
import { exampleTabs } from './example-tabs.ts'
import { defaultLimits, limiting } from './limits.ts'

interface ServerContext {
  /** Null while GraphiQL's page is asked for, which needs no credential. */
  readonly graphql: GraphQLContext | null
  /** The key to write into GraphiQL's headers; null where there is none to give away. */
  readonly demoKey: string | null
}

export type Yoga = YogaServerInstance<ServerContext, GraphQLContext>

/** The GraphQL door. Who is calling has been found out before. */
export function createGraphQL(schema: GraphQLSchema): Yoga {
  return createYoga<ServerContext, GraphQLContext>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    logging: false,
    multipart: false,
    cors: false,
    context({ graphql }) {
      if (graphql === null) throw new Error('An operation came without its context.')
      return graphql
    },
    maskedErrors: { errorMessage: 'Something broke on our side.', maskError: (error) => presentError(error) },
    plugins: [reporting, limiting(defaultLimits), useExecutionCancellation(), speakingOurCodes],
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
      return renderGraphiQL(options)
    },
  })
}

/** Tells the log what was executed, and which resolver failed by a bug. */
const reporting: Plugin<GraphQLContext> = {
  onExecute({ args }) {
    const operation = getOperationAST(args.document, args.operationName)
    const { request } = args.contextValue
    request.operation = `${operation?.operation ?? 'unknown'} ${operation?.name?.value ?? '(anonymous)'}`
    return {
      onExecuteDone({ result }) {
        const errors = Symbol.asyncIterator in result ? [] : (result.errors ?? [])
        for (const error of errors) {
          const bug = bugBehind(error)
          if (bug === null) continue
          request.errorCode = 'INTERNAL_ERROR'
          request.log.error({ err: bug, path: error.path }, 'a resolver failed')
        }
      },
    }
  },
}

/** What graphql-js and Yoga refuse before anything is executed has codes of their own: it is told in ours. */
const speakingOurCodes: Plugin<GraphQLContext> = {
  onResultProcess(payload) {
    const { result } = payload
    if (Array.isArray(result) || Symbol.asyncIterator in result || result.errors === undefined) return
    payload.setResult({ ...result, errors: result.errors.map((error) => presentError(error)) })
  },
}
