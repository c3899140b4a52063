import {
  type FieldNode,
  getNamedType,
  type GraphQLField,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql'
import type { ListProjection } from '../../../data/sql/relations.ts'
import { declaredOf, type RootField } from '../schema/compiled-fields.ts'
import { collectFields, type Document, setsOf } from './collect-fields.ts'
import { connectionWriter, type WritePage } from './connection-writer.ts'
import { type ArgumentsPlan, type Numbering, type PageWants, type Piece, RowSource, type ResolvedFields, type Write } from './row-source.ts'
import { objectPieces, onceForEach } from './serializer.ts'

/** How an operation is executed: which rows its root fields read, which fields are resolved, and how all of it is written. */
export interface CompiledQuery {
  readonly document: Document
  readonly operation: OperationDefinitionNode
  readonly arguments: readonly ArgumentsPlan[]
  readonly roots: readonly CompiledRoot[]
  /** Fields of Query that only their resolvers answer; null if there are none. */
  readonly resolvedRoots: ResolvedFields | null
  /** Writes the data. The row has the values of the roots. */
  readonly write: Write
  /** The fields that resolvers answer, such as `Contact.profile`. */
  readonly resolved: readonly string[]
}

/** A root field whose rows are read as a whole. */
export interface CompiledRoot {
  /** The property of the data's row. */
  readonly name: string
  readonly key: string
  readonly node: FieldNode
  readonly isNullable: boolean
  readonly declared: RootField
  readonly args: number
  readonly wants: PageWants
  readonly rows: RowSource
  readonly lists: readonly ListProjection[]
  readonly write: { readonly page: WritePage } | { readonly one: Write }
  /** The same field for rows of other types; null where there are none. */
  readonly otherwise: ResolvedFields | null
}

/** @returns null for an operation of which nothing can be compiled: its resolvers execute it */
export function compileQuery(document: Document, operation: OperationDefinitionNode): CompiledQuery | null {
  const type = document.schema.getQueryType()
  if (operation.operation !== OperationTypeNode.QUERY || !type) return null
  const numbering: Numbering = { arguments: [], pages: 0, resolved: 0 }
  const query = new RowSource(numbering, null)
  const roots: CompiledRoot[] = []
  const pieces: Piece[] = []
  let resolved: ResolvedFields | null = null
  for (const [key, nodes] of collectFields(type, [operation.selectionSet], document)) {
    pieces.push(`${pieces.length === 0 ? '{' : ','}${JSON.stringify(key)}:`)
    const [node] = nodes
    const field = type.getFields()[node?.name.value ?? '']
    const root = field && node && compileRoot(field, key, nodes, { document, query, name: `root${roots.length}` })
    if (root) {
      roots.push(root)
      // proof: the roots are written before the data is
      pieces.push((row) => row[root.name] as string)
    } else if (node?.name.value === '__typename') pieces.push(JSON.stringify(type.name))
    else {
      const fields: ResolvedFields = (resolved ??= query.resolvedFields(type.name, ''))
      fields.nodes.push(...nodes)
      pieces.push((row) => JSON.stringify((row[fields.name] as Record<string, unknown>)[key] ?? null)) // proof: they are resolved by then
    }
  }
  if (roots.length === 0) return null
  const write = query.finish([...pieces, '}'], '')
  return {
    document,
    operation,
    arguments: numbering.arguments,
    roots,
    resolvedRoots: resolved,
    write,
    resolved: namesOf([...query.resolved, ...roots.flatMap(({ rows }) => resolvedOf(rows))]),
  }
}

interface At {
  readonly document: Document
  readonly query: RowSource
  readonly name: string
}

function compileRoot(field: GraphQLField<unknown, unknown>, key: string, nodes: readonly FieldNode[], at: At): CompiledRoot | null {
  const { document, query, name } = at
  const { root: declared } = declaredOf(field)
  const [node] = nodes
  const rowType = declared && document.schema.getType(declared.type)
  if (declared === undefined || node === undefined || !isObjectType(rowType)) return null
  const rows = new RowSource(query.numbering, null)
  const scope = { document, source: rows, kind: '' }
  const args = rows.argumentsOf(field, node)
  const isNullable = !isNonNullType(field.type)
  const common = { name, key, node, isNullable, declared, args, rows }
  if ('one' in declared) {
    const write = rows.finish(objectPieces(rowType, setsOf(nodes), scope), '')
    const otherwise = declared.applies === undefined ? null : { name: `otherwise${name}`, type: 'Query', kind: '', nodes: [...nodes] }
    return { ...common, wants: { total: false, more: false }, lists: rows.listProjections, write: { one: write }, otherwise }
  }
  const type = getNamedType(field.type)
  if (!isObjectType(type)) return null
  const itemPieces = onceForEach((of) => new Map([['', objectPieces(rowType, setsOf(of), scope)]]))
  const connection = connectionWriter(type, setsOf(nodes), document, { itemPieces, rows, positionColumns: [] })
  const page = connection.writer()
  return { ...common, wants: connection.wants, lists: rows.listProjections, write: { page }, otherwise: null }
}

/** All fields that are resolved of the rows of a source and of their lists. */
export function resolvedOf(rows: RowSource): readonly ResolvedFields[] {
  return [...rows.resolved, ...rows.lists.flatMap(({ rows: related }) => related.resolved)]
}

function namesOf(resolved: readonly ResolvedFields[]): string[] {
  const names = resolved.flatMap(({ type, nodes }) => nodes.map(({ name }) => `${type}.${name.value}`))
  return [...new Set(names)]
}
