import { getArgumentValues } from 'graphql'
import type { ProjectedRow } from '../../../data/sql/relations.ts'
import type { CompiledQuery } from './compile.ts'
import type { ResolveFields, Resolving } from './resolve-fields.ts'
import { noCursor } from './row-source.ts'

/**
 * Runs a compiled query: reads the rows of its root fields, each by one statement, resolves what is left for all rows at once, and writes the data.
 * @returns the data as JSON
 * @throws whatever the domain refuses; ResolversFailed, UnexpectedNull, GraphQLError
 */
export async function runQuery(query: CompiledQuery, resolving: Resolving, resolveFields: ResolveFields): Promise<string> {
  const { context, variables } = resolving
  const args = query.arguments.map(({ field, node }) => getArgumentValues(field, node, variables.used))
  const data: ProjectedRow = {}
  const ofQuery = query.resolvedRoots.map((fields) => ({ fields, rows: [data] }))
  const [roots] = await Promise.all([Promise.all(query.roots.map((root) => root.read(context, args))), resolveFields(ofQuery, resolving)])
  await resolveFields(
    roots.flatMap(({ toResolve }) => toResolve),
    resolving,
  )
  for (const [at, root] of roots.entries()) data[`root${at}`] = root.write()
  return query.write(data, { args, pages: [] }, noCursor)
}
