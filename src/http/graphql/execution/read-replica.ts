import { getOperationAST, OperationTypeNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Database } from '../../../data/database.ts'
import type { GraphQLContext } from '../schema/builder.ts'
import { createLoaders } from '../schema/loaders.ts'

/**
 * Reads what a query asks for from a replica, by whatever method and under whatever name it came. A mutation stays at the primary with all that
 * it reads back. It is decided when the operation is about to be executed: one that is refused asks no replica.
 */
export function readingElsewhere(replicas: NonNullable<Database['replicas']>): Plugin<GraphQLContext> {
  return {
    async onExecute({ args: { document, operationName, contextValue: context }, extendContext }) {
      if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return
      const db = await replicas.reader()
      extendContext({ db, loaders: createLoaders({ ...context, db }) })
    },
  }
}
