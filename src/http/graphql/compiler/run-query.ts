import type { ProjectedList, ProjectedRow, Projection } from '../../../data/sql/relations.ts'
import { encodeCursor, maxPageSize, type PageRequest } from '../../../kernel/page.ts'
import type { GraphQLContext } from '../schema/builder.ts'
import { requestedPage } from '../schema/connections.ts'
import type { CompiledQuery, CompiledRoot } from './compile.ts'
import type { ResolveFields, Resolving, ToResolve } from './resolve-fields.ts'
import type { RowSource, Run } from './row-source.ts'
import { argumentValues } from './serializer.ts'

/** A root whose rows have been read: what of them is left to the resolvers, and how it is written then. */
interface Read {
  readonly toResolve: readonly ToResolve[]
  write(): string
}

/**
 * Runs a compiled query: reads the rows of its root fields, each by one statement, resolves what is left for all rows at once, and writes the data.
 * @returns the data as JSON
 * @throws whatever the domain refuses; ResolversFailed, UnexpectedNull, GraphQLError
 */
export async function runQuery(query: CompiledQuery, resolving: Resolving, resolveFields: ResolveFields): Promise<string> {
  const { context, variables } = resolving
  const run: Run = { args: argumentValues(query.arguments, variables.used), pages: [] }
  const data: ProjectedRow = {}
  const ofQuery = query.resolvedRoots === null ? [] : [{ fields: query.resolvedRoots, rows: [data] }]
  const [reads] = await Promise.all([
    Promise.all(query.roots.map((root) => readRoot(root, run, context))),
    resolveFields(ofQuery, resolving),
  ])
  await resolveFields(
    reads.flatMap(({ toResolve }) => toResolve),
    resolving,
  )
  for (const [at, { name }] of query.roots.entries()) data[name] = reads[at]?.write()
  return query.write(data, run)
}

async function readRoot(root: CompiledRoot, run: Run, context: GraphQLContext): Promise<Read> {
  const { declared, wants } = root
  const args = run.args[root.args] ?? {}
  const project = (id: string | null) => projectionOf(root, run, context, id)
  if ('page' in root.write && 'page' in declared) {
    const { page: write } = root.write
    const list = declared.list(context, args)
    const page = await declared.page(context, args, requestedPage(list, args, wants), project)
    const position = declared.position(args)
    const cursorOf = (row: ProjectedRow) => encodeCursor(list, position(row))
    return { toResolve: resolvedRows(root.rows, page.items), write: () => write({ ...page, cursorOf }, run) }
  }
  if (!('one' in root.write && 'one' in declared)) throw new TypeError('A root was compiled as something else than it is.')
  const { one: write } = root.write
  const { otherwise } = root
  if (otherwise !== null && declared.applies?.(args) === false) {
    const row: ProjectedRow = {}
    return { toResolve: [{ fields: otherwise, rows: [row] }], write: () => JSON.stringify(Object(row[otherwise.name])[root.key] ?? null) }
  }
  const row = await declared.one(context, args, project)
  return { toResolve: resolvedRows(root.rows, row === null ? [] : [row]), write: () => (row === null ? 'null' : write(row, run)) }
}

const unpaged: PageRequest = { limit: maxPageSize, direction: 'forward', from: null, total: false }

/** What is read of the rows of a root. @param id of the one row; null where there may be many */
function projectionOf({ rows, lists }: CompiledRoot, run: Run, context: GraphQLContext, id: string | null): Projection {
  const relations = rows.relations.map(({ field, page, args, wants }) => {
    const given = run.args[args] ?? {}
    // A cursor belongs to the list of one row: on a page of many it fits none.
    const request = field.order === null ? unpaged : requestedPage(field.order.list(id ?? ''), given, wants)
    run.pages[page] = request
    return field.relation(context, given, request)
  })
  return { columns: rows.everyColumn ? null : rows.columns, texts: rows.texts[''] ?? [], lists, relations }
}

/** The fields that are resolved of rows and of their lists, each with its rows. */
function resolvedRows(source: RowSource, rows: readonly ProjectedRow[]): ToResolve[] {
  const own = source.resolved.map((fields) => ({ fields, rows }))
  const related = source.lists.flatMap(({ rows: items }, at) =>
    items.resolved.map((fields) => ({
      fields,
      rows: rows.flatMap((row) => (row[`list${at}`] as ProjectedList).rows).filter(({ $kind }) => $kind === fields.kind), // proof: lists are read with their rows
    })),
  )
  return [...own, ...related].filter(({ rows: any }) => any.length > 0)
}
