import { assertObjectType, type FieldNode, getNamedType, type GraphQLObjectType, isNonNullType } from 'graphql'
import type { JsonText } from '../../../data/sql/json-projection.ts'
import type { ProjectedList, ProjectedRow } from '../../../data/sql/relations.ts'
import { encodeCursor, pageOf } from '../../../kernel/page.ts'
import { declaredOf, type RelationField } from '../schema/compiled-fields.ts'
import { type Document, jsonObject, type SelectedField, type Selecting } from './collect-fields.ts'
import { connectionPieces, type PagePiece, pageWriter } from './connection-writer.ts'
import { jsonTypeOf, leafWriter } from './leaf-types.ts'
import { type CursorOf, noCursor, type Piece, type ResolvedFields, RowSource } from './row-source.ts'

/** Where a selection is compiled: of which rows, and of which kind of them. */
export interface Scope {
  readonly document: Document
  readonly source: RowSource
  readonly kind: string
}

/**
 * How an object is written: what PostgreSQL writes of it, what is computed from its row, which lists hang on it, and what its resolvers answer. Every field is
 * one of these, so that no field decides how the others are read.
 * @param piecesOf the pieces of a field; null for one that its resolver answers
 */
export function objectPieces(
  type: GraphQLObjectType,
  selecting: readonly Selecting[],
  scope: Scope,
  piecesOf: (selected: SelectedField, scope: Scope) => readonly Piece[] | null = fieldPieces,
): Piece[] {
  const { document, source, kind } = scope
  let resolved: ResolvedFields | null = null
  return jsonObject<Piece>(type, selecting, document, (selected) => {
    const compiled = piecesOf(selected, scope)
    if (compiled !== null) return compiled
    source.need(declaredOf(selected.field).needs)
    const { name, nodes } = (resolved ??= source.resolvedFields(type.name, kind))
    nodes.push(...selected.nodes)
    return [(row) => resolvedValue(row, name, selected.key)]
  })
}

/** What a resolver has answered for a row. */
export function resolvedValue(row: ProjectedRow, name: string, key: string): string {
  // proof: the values of the rows are resolved before they are written
  return JSON.stringify((row[name] as Record<string, unknown>)[key] ?? null)
}

function fieldPieces(selected: SelectedField, { document, source }: Scope): readonly Piece[] | null {
  const { field, node } = selected
  const { computed, relation } = declaredOf(field)
  if (relation !== undefined && source.shape === null) return relationPieces(relation, selected, document, source)
  if (computed === undefined) return null
  const as = jsonTypeOf(field.type)
  if (computed.column !== undefined && as !== null) return [{ column: computed.column, as, isNullable: !isNonNullType(field.type) }]
  const write = leafWriter(field.type)
  if (write === null) return null
  source.need(computed.columns)
  if (field.args.length === 0) return [(row) => write(computed.from(row, {}))]
  const args = source.argumentsOf(field, node)
  return [(row, run) => write(computed.from(row, run.args[args] ?? {}))]
}

function relationPieces(declared: RelationField, selected: SelectedField, document: Document, source: RowSource): readonly Piece[] {
  const { shape, types, order } = declared
  const rows = new RowSource(source.numbering, shape)
  const piecesOf = (kind: string, { field, nodes }: SelectedField) => {
    const type = types === undefined ? getNamedType(field.type) : document.schema.getType(types[kind] ?? '')
    return objectPieces(assertObjectType(type), nodes, { document, source: rows, kind })
  }
  const { wants, pieces } =
    order === null
      ? { wants: { total: false, more: false }, pieces: ['[', rows.ofKinds((kind) => piecesOf(kind, selected)), ']'] }
      : connectionPieces(selected, document, { rows, positionColumns: order.positionColumns, piecesOf })
  const relation = source.relation({ field: declared, args: source.argumentsOf(selected.field, selected.node), wants })
  const text = isFromTheEnd(selected.nodes) ? null : textOf(pieces, relation)
  if (text !== null) return text
  if (order !== null) source.need(['id'])
  const write = pageWriter(pieces, rows)
  const name = source.list({ relation, rows, total: wants.total })
  return [
    (row, run) => {
      const { rows: items, total } = row[name] as ProjectedList // proof: lists are read with their rows
      const request = run.pages[relation]
      if (request === undefined) throw new TypeError('A list is written that was not read.')
      return write({ ...pageOf(items, request, total), cursorOf: order === null ? noCursor : cursorsOf(order, row) }, run)
    },
  ]
}

function cursorsOf({ list, position }: NonNullable<RelationField['order']>, parent: ProjectedRow): CursorOf {
  const ofParent = list(String(parent['id']))
  return (row) => encodeCursor(ofParent, position(row))
}

/** A page from the end is put in order here. */
function isFromTheEnd(nodes: readonly FieldNode[]): boolean {
  return nodes.some(({ arguments: given }) => given?.some(({ name }) => name.value === 'last' || name.value === 'before'))
}

/** The same where the database writes all of it; null where it does not. The rows are read for one list of items. */
function textOf(pieces: readonly PagePiece[], relation: number): JsonText | null {
  const text = pieces.map((piece) => {
    if (typeof piece === 'string') return piece
    if (typeof piece === 'function') return null
    const texts = [...piece].flatMap(([kind, written]) => (isText(written) ? [[kind, [written]] as const] : []))
    return texts.length < piece.size ? null : { relation, item: { columns: new Set<string>(), texts: Object.fromEntries(texts) } }
  })
  return text.every((piece) => piece !== null) && text.filter((piece) => typeof piece !== 'string').length === 1 ? text : null
}

/** Whether the database writes all of it. */
function isText(pieces: readonly Piece[]): pieces is JsonText {
  return pieces.every((piece) => typeof piece !== 'function')
}
