import type { Plugin } from 'graphql-yoga'
import { inSpan, inSyncSpan } from '../../../kernel/span.ts'
import type { GraphQLContext } from '../schema/builder.ts'

/** Each phase of an operation is a step of the request's trace. A phase whose outcome is remembered from before has none. */
export const tracing: Plugin<GraphQLContext> = {
  onParse({ parseFn, setParseFn }) {
    setParseFn((...args: Parameters<typeof parseFn>) => inSyncSpan('graphql.parse', () => parseFn(...args)))
  },
  onValidate({ validateFn, setValidationFn }) {
    setValidationFn((...args: Parameters<typeof validateFn>) => inSyncSpan('graphql.validate', () => validateFn(...args)))
  },
  onExecute({ executeFn, setExecuteFn }) {
    setExecuteFn((args) => inSpan('graphql.execute', {}, async () => executeFn(args)))
  },
}
