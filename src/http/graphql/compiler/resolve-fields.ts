import { execute, type ExecutionArgs } from '@graphql-tools/executor'
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type ExecutionResult,
  type GraphQLError,
  GraphQLList,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSchema,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import type { ProjectedRow } from '../../../data/sql/relations.ts'
import type { GraphQLContext } from '../schema/builder.ts'
import type { ResolvedFields } from './row-source.ts'
import type { Cancellation } from '../../../kernel/lazy-abort-controller.ts'

/** Some resolvers refused or failed. The operation is executed by its resolvers as a whole, which report it in the right place. */
export class ResolversFailed extends Error {
  readonly errors: readonly GraphQLError[]

  constructor(errors: readonly GraphQLError[]) {
    super(errors[0]?.message)
    this.errors = errors
  }
}

/** Fields and the rows that they are resolved of. */
export interface ToResolve {
  readonly fields: ResolvedFields
  readonly rows: readonly ProjectedRow[]
}

/** What the fields are resolved with. */
export interface Resolving {
  readonly operation: OperationDefinitionNode
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly variables: { readonly given: Readonly<Record<string, unknown>>; readonly used: Readonly<Record<string, unknown>> }
  readonly context: GraphQLContext
  readonly cancellation: Cancellation | null
}

/** Puts on each row the values of the fields that are resolved of it. @throws ResolversFailed */
export type ResolveFields = (all: readonly ToResolve[], resolving: Resolving) => Promise<void>

/**
 * Resolves fields of many rows by one execution: each type is a list of the root, so that the loaders see all rows at once. Resolvers need not know that they
 * are called for rows that were read in another way.
 */
export function createResolveFields(schema: GraphQLSchema): ResolveFields {
  const rowsSchema = schemaOfRows(schema)
  return async (all, { operation, fragments, variables, context, cancellation }) => {
    if (all.length === 0) return
    const document: DocumentNode = {
      kind: Kind.DOCUMENT,
      definitions: [selecting(operation, all), ...Object.values(fragments)],
    }
    const rootValue = Object.fromEntries(all.map(({ fields, rows }) => [fields.name, rows]))
    const args = { schema: rowsSchema, document, rootValue, contextValue: context, variableValues: variables.given }
    const result = await executeToEnd(args, cancellation)
    if (result.errors !== undefined) throw new ResolversFailed(result.errors)
    // proof: it has the lists that were asked for, with a value for each row
    const data = result.data as Record<string, unknown[]>
    for (const { fields, rows } of all) for (const [at, row] of rows.entries()) row[fields.name] = data[fields.name]?.[at]
  }
}

/** Executes an operation, none of which has parts that come later. */
export async function executeToEnd(args: ExecutionArgs, cancellation: Cancellation | null): Promise<ExecutionResult> {
  const result = await execute({ ...args, ...(cancellation && { signal: cancellation.signal }) })
  if (Symbol.asyncIterator in result || 'initialResult' in result) throw new TypeError('The result of an operation came in parts.')
  return result
}

function selecting(operation: OperationDefinitionNode, all: readonly ToResolve[]): OperationDefinitionNode {
  return {
    ...operation,
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: all.map(({ fields }) => ({
        kind: Kind.FIELD,
        alias: { kind: Kind.NAME, value: fields.name },
        name: { kind: Kind.NAME, value: fields.type },
        selectionSet: { kind: Kind.SELECTION_SET, selections: fields.nodes },
      })),
    },
  }
}

/** The same types below another root: a list of each object type, whose rows stand under the field's alias. */
function schemaOfRows(schema: GraphQLSchema): GraphQLSchema {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType)
  const fields = Object.fromEntries(types.map((type) => [type.name, { type: new GraphQLList(type), resolve: rowsUnderAlias }]))
  const query = new GraphQLObjectType({ name: 'Rows', fields })
  return new GraphQLSchema({ ...schema.toConfig(), query, mutation: null, subscription: null, assumeValid: true })
}

function rowsUnderAlias(rows: Record<string, unknown>, _args: unknown, _context: unknown, { path }: GraphQLResolveInfo): unknown {
  return rows[path.key]
}
