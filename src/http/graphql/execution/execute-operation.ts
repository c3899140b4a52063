import { type ExecutionResult, getVariableValues, GraphQLError, locatedError, OperationTypeNode } from 'graphql'
import type { Database } from '../../../data/open-database.ts'
import { InsufficientPermissions } from '../../../domain/context.ts'
import { refusalBehind } from '../../../kernel/faults.ts'
import type { Cancellation } from '../../../kernel/lazy-abort-controller.ts'
import type { RequestInfo } from '../../request-context.ts'
import type { HttpSettings } from '../../settings.ts'
import type { CompiledQuery } from '../compiler/compile.ts'
import { UnexpectedNull } from '../compiler/leaf-types.ts'
import { createResolveFields, executeToEnd, type ResolveFields, ResolversFailed } from '../compiler/resolve-fields.ts'
import { runQuery } from '../compiler/run-query.ts'
import type { GraphQLContext } from '../schema/builder.ts'
import { formatErrors, formatResult } from './format-error.ts'
import type { CachedOperation } from './operation-cache.ts'
import { chargeOperation, type RequestVariables } from './operation-limits.ts'

export interface PipelineServices {
  readonly schema: CachedOperation['schema']
  readonly settings: Pick<HttpSettings, 'introspection' | 'operationLimits'>
  readonly replicas: Database['replicas']
}

/** An operation, and what one request brings to it. */
export interface Execution {
  readonly operation: CachedOperation
  /** As they were sent. */
  readonly variables: Readonly<Record<string, unknown>>
  readonly context: GraphQLContext
  /** Ends the work of resolvers; null where nothing does. */
  readonly cancellation: Cancellation | null
}

/** A result whose data is JSON already. */
export interface SerializedResult {
  readonly json: string
  readonly extensions: Readonly<Record<string, unknown>>
}

export type OperationResult = ExecutionResult | SerializedResult

/** Executes operations, whichever transport they came by. What is refused is an error of the result. */
export interface Pipeline {
  /** Executes a query or mutation. */
  readonly executeOperation: (execution: Execution) => Promise<OperationResult>
  /** What any operation has to pass first. @returns its variables, or why it is not executed */
  readonly admitOperation: (execution: Execution) => Promise<RequestVariables | ExecutionResult>
}

/** The one pipeline: admit (report, introspection, variables, charge) → choose the database → compiled query or resolvers → format errors. */
export function createPipeline({ schema, settings, replicas }: PipelineServices): Pipeline {
  const resolveFields = createResolveFields(schema)
  return { admitOperation, executeOperation }

  async function executeOperation(execution: Execution): Promise<OperationResult> {
    const admitted = await admitOperation(execution)
    if (!('used' in admitted)) return admitted
    const result = await run(await withReader(execution, replicas), admitted, resolveFields)
    const extensions = { ...result.extensions, ...costOf(execution.context), ...wayOf(execution.context) }
    return 'json' in result ? { ...result, extensions } : formatResult({ ...result, extensions }, execution.context, settings)
  }

  async function admitOperation({ operation, variables: given, context }: Execution): Promise<RequestVariables | ExecutionResult> {
    const { request, actor } = context
    request.operation = operation.label
    request.operationHash = operation.hash
    if (settings.introspection === 'scope' && operation.introspects && !actor.scopes.includes('schema:read'))
      return formatErrors([new InsufficientPermissions(actor, 'schema:read')], context, settings)
    const { coerced: used, errors = [] } = getVariableValues(schema, operation.operation.variableDefinitions ?? [], given)
    if (used === undefined) return formatErrors(errors, context, settings)
    const refusal = await chargeOperation(operation, { given, used }, context, settings.operationLimits)
    return refusal === null ? { given, used } : { ...formatErrors([refusal], context, settings), extensions: costOf(context) }
  }

  function costOf({ request }: GraphQLContext) {
    return { cost: { cost: request.cost, limit: settings.operationLimits.maxCost } }
  }
}

/** A query may read from a replica; a mutation stays at the primary with all that it reads back. */
async function withReader(execution: Execution, replicas: Database['replicas']): Promise<Execution> {
  if (replicas === null || execution.operation.operation.operation !== OperationTypeNode.QUERY) return execution
  return { ...execution, context: execution.context.readingFrom(await replicas.reader()) }
}

async function run(execution: Execution, variables: RequestVariables, resolveFields: ResolveFields): Promise<OperationResult> {
  const { operation, context, cancellation } = execution
  const query = operation.compiled(variables)
  if (query === null)
    return resolve(execution, operation.operation.operation === OperationTypeNode.QUERY ? 'nothing to compile' : 'mutation')
  try {
    const resolving = { operation: operation.operation, fragments: operation.fragments, variables, context, cancellation }
    const json = await runQuery(query, resolving, resolveFields)
    context.request.execution =
      query.resolved.length === 0 ? { mode: 'compiled', reason: null } : { mode: 'mixed', reason: `resolved: ${query.resolved.join(', ')}` }
    return { json, extensions: {} }
  } catch (error) {
    return stoppedBy(error, query) ?? resolve(execution, reasonOf(error, context))
  }
}

/** The whole operation by its resolvers, which report in the right place what is wrong with it. */
async function resolve({ operation, variables, context, cancellation }: Execution, reason: string): Promise<ExecutionResult> {
  context.request.execution = { mode: 'resolvers', reason }
  const { schema, document } = operation
  const operationName = operation.operation.name?.value
  const args = { schema, document, contextValue: context, variableValues: variables, ...(operationName !== undefined && { operationName }) }
  return executeToEnd(args, cancellation)
}

/** Where the database took too long or cannot be reached, the resolvers would ask it once more for nothing. */
function stoppedBy(error: unknown, { roots }: CompiledQuery): ExecutionResult | null {
  const causes = error instanceof ResolversFailed ? error.errors.map(({ originalError }) => originalError) : [error]
  const stopped = causes.map(refusalBehind).find((refusal) => refusal?.code === 'TIMEOUT' || refusal?.code === 'UNAVAILABLE')
  const [root] = roots
  if (!stopped || root === undefined) return null
  const data = roots.every(({ isNullable }) => isNullable) ? Object.fromEntries(roots.map(({ key }) => [key, null])) : null
  return { data, errors: [locatedError(stopped, root.node, [root.key])] }
}

function reasonOf(error: unknown, { request }: GraphQLContext): string {
  const refusal = refusalBehind(error)
  if (refusal !== null) return `refused: ${refusal.code}`
  if (error instanceof ResolversFailed || error instanceof UnexpectedNull || error instanceof GraphQLError) return 'a field was refused'
  request.log.warn({ err: error }, 'a compiled query failed')
  return 'the compiled query failed'
}

/** How the operation was executed, for credentials that may see the schema. */
function wayOf({ request: { execution }, actor }: GraphQLContext): { execution?: NonNullable<RequestInfo['execution']> } {
  return execution !== null && actor.scopes.includes('schema:read') ? { execution } : {}
}
