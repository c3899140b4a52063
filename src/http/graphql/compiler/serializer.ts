import {
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getArgumentValues,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql'
import type { ProjectedList } from '../../../data/sql/relations.ts'
import { encodeCursor, pageOf } from '../../../kernel/page.ts'
import { type ComputedField, declaredOf, type RelationField } from '../schema/compiled-fields.ts'
import { collectFields, type Document, setsOf } from './collect-fields.ts'
import { connectionWriter } from './connection-writer.ts'
import { jsonTypeOf, leafWriter } from './leaf-types.ts'
import {
  type ArgumentsPlan,
  isText,
  type ItemPieces,
  type Piece,
  type ResolvedFields,
  type RowSource,
  RowSource as Source,
  type Write,
} from './row-source.ts'

/** Where a selection is compiled: of which rows, and of which kind of them. */
export interface Scope {
  readonly document: Document
  readonly source: RowSource
  readonly kind: string
}

/**
 * How an object is written: what PostgreSQL writes of it, what is computed from its row, which lists hang on it, and what its resolvers answer. Every field is
 * one of these, so that no field decides how the others are read.
 */
export function objectPieces(type: GraphQLObjectType, sets: readonly SelectionSetNode[], scope: Scope): Piece[] {
  let resolved: ResolvedFields | null = null
  const pieces: Piece[] = []
  for (const [key, nodes] of collectFields(type, sets, scope.document)) {
    pieces.push(`${pieces.length === 0 ? '{' : ','}${JSON.stringify(key)}:`)
    const compiled = fieldPieces(type, nodes, scope)
    if (compiled !== null) pieces.push(...compiled)
    else {
      resolved ??= scope.source.resolvedFields(type.name, scope.kind)
      resolved.nodes.push(...nodes)
      const field = type.getFields()[nodes[0]?.name.value ?? '']
      scope.source.need(field && declaredOf(field).needs)
      pieces.push(resolvedWriter(resolved.name, key))
    }
  }
  return [...pieces, pieces.length === 0 ? '{}' : '}']
}

/** @returns null for a field that its resolver answers */
function fieldPieces(type: GraphQLObjectType, nodes: readonly FieldNode[], scope: Scope): Piece[] | null {
  const [node] = nodes
  if (node?.name.value === '__typename') return [JSON.stringify(type.name)]
  const field = type.getFields()[node?.name.value ?? '']
  if (field === undefined || node === undefined) return null
  const { computed, relation } = declaredOf(field)
  if (relation !== undefined && scope.source.shape === null) return relationPieces(relation, field, nodes, scope)
  if (computed === undefined) return null
  const as = jsonTypeOf(field.type)
  if (computed.column !== undefined && as !== null) return [{ column: computed.column, as, isNullable: !isNonNullType(field.type) }]
  const write = computedWriter(computed, field, node, scope)
  if (write === null) return null
  scope.source.need(computed.columns)
  return [write]
}

function computedWriter({ from }: ComputedField, field: GraphQLField<unknown, unknown>, node: FieldNode, { source }: Scope): Write | null {
  const write = leafWriter(field.type)
  if (write === null) return null
  if (field.args.length === 0) return (row) => write(from(row, {}))
  const args = source.argumentsOf(field, node)
  return (row, run) => write(from(row, run.args[args] ?? {}))
}

/** What the resolvers have answered stands on the row by then. */
function resolvedWriter(name: string, key: string): Write {
  // proof: the values of the rows were resolved before they are written
  return (row) => JSON.stringify((row[name] as Record<string, unknown>)[key] ?? null)
}

function relationPieces(
  declared: RelationField,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
  scope: Scope,
): Piece[] | null {
  const { document, source } = scope
  const [node] = nodes
  const type = getNamedType(field.type)
  if (node === undefined || !isObjectType(type)) return null
  const rows = new Source(source.numbering, declared.shape)
  const plan = (wants = { total: false, more: false }) => ({ field: declared, args: source.argumentsOf(field, node), wants })
  if (declared.order === null || isListOfRows(field)) {
    const items = piecesByKind(declared, setsOf(nodes), type, { document, source: rows })
    const text = textOf(items)
    if (text !== null) return ['[', { relation: source.relation(plan()), item: { columns: new Set(), texts: text } }, ']']
    const write = rows.writerOf(items)
    const name = source.list({ relation: source.relation(plan()), rows, total: false })
    // proof: lists are read with their rows
    return [(row, run) => `[${(row[name] as ProjectedList).rows.map((item) => write(item, run)).join(',')}]`]
  }
  const { order } = declared
  const itemType = getNamedType(type.getFields()['nodes']?.type)
  const itemPieces = onceForEach((of) => piecesByKind(declared, setsOf(of), itemType, { document, source: rows }))
  const connection = connectionWriter(type, setsOf(nodes), document, { itemPieces, rows, positionColumns: order.positionColumns })
  const text = connection.text !== null && !isFromTheEnd(nodes) ? textOf(connection.text.items) : null
  if (connection.text !== null && text !== null)
    return [connection.text.before, { relation: source.relation(plan()), item: { columns: new Set(), texts: text } }, connection.text.after]
  source.need(['id'])
  const write = connection.writer()
  const relation = source.relation(plan(connection.wants))
  const name = source.list({ relation, rows, total: connection.wants.total })
  const page = source.relations[relation]?.page ?? 0
  return [
    (row, run) => {
      const { rows: items, total } = row[name] as ProjectedList // proof: lists are read with their rows
      const request = run.pages[page]
      if (request === undefined) throw new TypeError('A list is written that was not read.')
      const list = order.list(String(row['id']))
      return write({ ...pageOf(items, request, total), cursorOf: (item) => encodeCursor(list, order.position(item)) }, run)
    },
  ]
}

/** What is compiled of the same nodes is compiled once: it is read once. */
export function onceForEach(compile: (nodes: readonly FieldNode[]) => ItemPieces): (nodes: readonly FieldNode[]) => ItemPieces {
  const compiled = new Map<FieldNode | undefined, ItemPieces>()
  return (nodes) => {
    const found = compiled.get(nodes[0]) ?? compile(nodes)
    compiled.set(nodes[0], found)
    return found
  }
}

/** A page from the end is put in order here. */
function isFromTheEnd(nodes: readonly FieldNode[]): boolean {
  return nodes.some(({ arguments: given }) => given?.some(({ name }) => name.value === 'last' || name.value === 'before'))
}

function isListOfRows({ type }: GraphQLField<unknown, unknown>): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type)
}

/** How the rows of each kind are written. */
function piecesByKind(
  { shape, types }: RelationField,
  sets: readonly SelectionSetNode[],
  type: GraphQLNamedType | undefined,
  at: Omit<Scope, 'kind'>,
): ItemPieces {
  return new Map(
    Object.keys(shape.columns).map((kind) => {
      const ofKind = types === undefined ? type : at.document.schema.getType(types[kind] ?? '')
      if (!isObjectType(ofKind)) throw new TypeError(`Rows of the kind ${kind} have no type.`)
      return [kind, objectPieces(ofKind, sets, { ...at, kind })]
    }),
  )
}

/** The texts of the items by kind; null if the database does not write all of them. */
function textOf(items: ItemPieces) {
  const texts = [...items].map(([kind, pieces]) => (isText(pieces) ? ([kind, [pieces]] as const) : null))
  return texts.every((text) => text !== null) ? Object.fromEntries(texts) : null
}

/** The values of all arguments of an operation. @throws GraphQLError */
export function argumentValues(all: readonly ArgumentsPlan[], variables: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  return all.map(({ field, node }) => getArgumentValues(field, node, variables))
}
