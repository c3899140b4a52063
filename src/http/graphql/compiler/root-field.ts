import { assertObjectType, type FieldNode, isNonNullType } from 'graphql'
import type { ProjectedList, ProjectedRow, Projection } from '../../../data/sql/relations.ts'
import { encodeCursor, type PageRequest } from '../../../kernel/page.ts'
import type { GraphQLContext } from '../schema/builder.ts'
import { declaredOf, type Project, type RootField } from '../schema/compiled-fields.ts'
import { requestedPage } from '../schema/connections.ts'
import type { Document, SelectedField } from './collect-fields.ts'
import { connectionPieces, pageWriter } from './connection-writer.ts'
import type { ToResolve } from './resolve-fields.ts'
import { noCursor, type Numbering, type Piece, RowSource, type Run } from './row-source.ts'
import { objectPieces, resolvedValue } from './serializer.ts'

/** A root field whose rows are read as a whole. */
export interface CompiledRoot {
  readonly key: string
  readonly node: FieldNode
  readonly isNullable: boolean
  /** @throws whatever the domain refuses */
  read(context: GraphQLContext, args: Run['args']): Promise<ReadRoot>
}

/** A root whose rows have been read: what of them is left to the resolvers, and how it is written then. */
interface ReadRoot {
  readonly toResolve: readonly ToResolve[]
  write(): string
}

type ReadRows = (context: GraphQLContext, args: Record<string, unknown>, run: Run, project: Project) => Promise<ReadRoot>

/** @returns null for a field that its resolver answers */
export function compileRoot(selected: SelectedField, document: Document, numbering: Numbering): CompiledRoot | null {
  const { key, field, node } = selected
  const { root: declared } = declaredOf(field)
  if (declared === undefined) return null
  const rows = new RowSource(numbering, null)
  const type = assertObjectType(document.schema.getType(declared.type))
  const piecesOf = ({ nodes }: SelectedField) => objectPieces(type, nodes, { document, source: rows, kind: '' })
  const readRows =
    'one' in declared
      ? readingOne(declared, selected, rows, piecesOf(selected))
      : readingPage(
          declared,
          rows,
          connectionPieces(selected, document, { rows, positionColumns: [], piecesOf: (_kind, item) => piecesOf(item) }),
        )
  const args = rows.argumentsOf(field, node)
  const { projection } = rows
  return {
    key,
    node,
    isNullable: !isNonNullType(field.type),
    read(context, values) {
      const run: Run = { args: values, pages: [] }
      const project = (id: string | null) => ({ ...projection, relations: relationsOf(rows, run, context, id) })
      return readRows(context, values[args] ?? {}, run, project)
    },
  }
}

function readingOne(
  declared: Extract<RootField, { one: unknown }>,
  { key, nodes }: SelectedField,
  rows: RowSource,
  pieces: readonly Piece[],
): ReadRows {
  const write = rows.finish(pieces, '')
  // The same field for rows of other types.
  const otherwise = { name: `otherwise_${key}`, type: 'Query', kind: '', nodes: [...nodes] }
  return async (context, args, run, project) => {
    if (declared.applies?.(args) === false) {
      const row: ProjectedRow = {}
      return { toResolve: [{ fields: otherwise, rows: [row] }], write: () => resolvedValue(row, otherwise.name, key) }
    }
    const row = await declared.one(context, args, project)
    return { toResolve: resolvedRows(rows, row === null ? [] : [row]), write: () => (row === null ? 'null' : write(row, run, noCursor)) }
  }
}

function readingPage(
  declared: Extract<RootField, { page: unknown }>,
  rows: RowSource,
  { wants, pieces }: ReturnType<typeof connectionPieces>,
): ReadRows {
  const write = pageWriter(pieces, rows)
  return async (context, args, run, project) => {
    const list = declared.list(context, args)
    const page = await declared.page(context, args, requestedPage(list, args, wants), project)
    const position = declared.position(args)
    const cursorOf = (row: ProjectedRow) => encodeCursor(list, position(row))
    return { toResolve: resolvedRows(rows, page.items), write: () => write({ ...page, cursorOf }, run) }
  }
}

const unpaged: PageRequest = { limit: Infinity, direction: 'forward', from: null, total: false }

/** The relations of the rows of a root. @param id of the one row; null where there may be many */
function relationsOf({ relations }: RowSource, run: Run, context: GraphQLContext, id: string | null): Projection['relations'] {
  return relations.map(({ field, args, wants }, at) => {
    const given = run.args[args] ?? {}
    // A cursor belongs to the list of one row: on a page of many it fits none.
    const request = field.order === null ? unpaged : requestedPage(field.order.list(id ?? ''), given, wants)
    run.pages[at] = request
    return field.relation(context, given, request)
  })
}

/** The fields that are resolved of rows and of their lists, each with its rows. */
function resolvedRows({ resolved, lists }: RowSource, rows: readonly ProjectedRow[]): ToResolve[] {
  const own = resolved.map((fields) => ({ fields, rows }))
  const related = lists.flatMap(({ rows: items }, at) =>
    items.resolved.map((fields) => ({
      fields,
      rows: rows.flatMap((row) => (row[`list${at}`] as ProjectedList).rows).filter(({ $kind }) => $kind === fields.kind), // proof: lists are read with their rows
    })),
  )
  return [...own, ...related].filter(({ rows: any }) => any.length > 0)
}
