import type { ExecutionArgs, ExecutionResult } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { OperationResult, Pipeline } from '../execution/execute-operation.ts'
import type { OperationCache } from '../execution/operation-cache.ts'
import type { GraphQLContext } from '../schema/builder.ts'

/** Makes Yoga execute operations by the pipeline, and remember their documents. */
export function executing({ executeOperation, admitOperation }: Pipeline, operations: OperationCache): Plugin<GraphQLContext> {
  const executionOf = (args: ExecutionArgs) => {
    const operation = operations.add(args.document, args.operationName ?? null)
    const context = args.contextValue as GraphQLContext // proof: every operation has the context that `context` of Yoga makes
    const cancellation = 'signal' in args && args.signal instanceof AbortSignal ? { signal: args.signal } : null
    return operation && { operation, variables: args.variableValues ?? {}, context, cancellation }
  }
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn(async (args: ExecutionArgs) => {
        const execution = executionOf(args)
        // graphql-js reports that the document has no operation of the name.
        if (execution === null) return executeFn(args) as Promise<ExecutionResult>
        return resultOf(await executeOperation(execution))
      })
    },
    // A subscription costs what its largest event would; each event is charged besides, when it is delivered.
    async onSubscribe({ args, setResultAndStopExecution }) {
      const execution = executionOf(args)
      const admitted = execution && (await admitOperation(execution))
      if (admitted !== null && !('used' in admitted)) setResultAndStopExecution(admitted)
    },
  }
}

/** A result as Yoga has it. Data that is JSON already is written unchanged; a plugin that needs the data itself reads the text. */
function resultOf(result: OperationResult): ExecutionResult {
  if (!('json' in result)) return result
  const { json, extensions } = result
  const data = { toJSON: (): unknown => JSON.parse(json) }
  const stringify = ({ errors, extensions }: ExecutionResult) => {
    const others = JSON.stringify({ errors, extensions })
    return others === '{}' ? `{"data":${json}}` : `{"data":${json},${others.slice(1)}`
  }
  return Object.assign<ExecutionResult, object>({ data, extensions }, { stringify })
}
