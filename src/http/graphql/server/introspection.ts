import { type ExecutionResult, GraphQLError, NoSchemaIntrospectionCustomRule, validate } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { InsufficientPermissions } from '../../../domain/context.ts'
import type { GraphQLContext } from '../schema/builder.ts'
import { presentError } from '../execution/format-error.ts'

/**
 * The schema is told only to credentials with the scope schema:read: introspection is refused to others, and refusals do not suggest
 * names to them.
 */
export const guardingTheSchema: Plugin<GraphQLContext> = {
  onExecute({ args, setResultAndStopExecution }) {
    const { actor } = args.contextValue
    if (actor.scopes.includes('schema:read')) return
    if (validate(args.schema, args.document, [NoSchemaIntrospectionCustomRule]).length > 0)
      setResultAndStopExecution({ errors: [presentError(new InsufficientPermissions(actor, 'schema:read'))] })
  },
}

/** A result without suggestions: graphql-js names what stands in the schema close to what was mistyped. */
export function withoutSuggestions(result: ExecutionResult): ExecutionResult {
  if (result.errors === undefined) return result
  return { ...result, errors: result.errors.map(withoutSuggestion) }
}

function withoutSuggestion(error: GraphQLError): GraphQLError {
  const { nodes = null, source = null, positions = null, path = null, extensions } = error
  return new GraphQLError(error.message.replace(/ ?Did you mean .*\?$/s, ''), { nodes, source, positions, path, extensions })
}
