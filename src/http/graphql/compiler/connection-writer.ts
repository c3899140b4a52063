import { type FieldNode, getNamedType, type GraphQLObjectType, isObjectType, type SelectionSetNode } from 'graphql'
import type { ProjectedRow } from '../../../data/sql/relations.ts'
import type { Page } from '../../../kernel/page.ts'
import { collectFields, type Document, setsOf } from './collect-fields.ts'
import type { ItemPieces, PageWants, Piece, RowSource, Run } from './row-source.ts'

/** A page whose rows know their cursors. */
export interface PageOfRows extends Page<ProjectedRow> {
  cursorOf(row: ProjectedRow): string
}

export type WritePage = (page: PageOfRows, run: Run) => string

interface Items {
  readonly rows: RowSource
  readonly positionColumns: readonly string[]
  itemPieces(nodes: readonly FieldNode[]): ItemPieces
}

interface ConnectionWriter {
  readonly wants: PageWants
  /** What stands around the items, where nothing but the items themselves is selected; null otherwise. */
  readonly text: { readonly before: string; readonly items: ItemPieces; readonly after: string } | null
  writer(): WritePage
}

type Fields = ReadonlyMap<string, readonly FieldNode[]>

/** How a connection of Relay's is written, with the fields in the order of the operation. */
export function connectionWriter(
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  document: Document,
  items: Items,
): ConnectionWriter {
  const fields = collectFields(type, sets, document)
  const names = [...fields.values()].map(nameOf)
  return {
    wants: { total: names.includes('totalCount'), more: names.includes('pageInfo'), eventId: names.includes('eventId') },
    text: itemsOnly(type, fields, document, items),
    writer: () => pageWriter(type, fields, document, items),
  }
}

function itemsOnly(type: GraphQLObjectType, fields: Fields, document: Document, items: Items): ConnectionWriter['text'] {
  let found: ItemPieces | null = null
  let [before, after] = ['', '']
  const add = (text: string) => (found === null ? (before += text) : (after += text))
  for (const [key, nodes] of fields) {
    add(`${before === '' ? '{' : ','}${JSON.stringify(key)}:`)
    if (nameOf(nodes) === '__typename') {
      add(JSON.stringify(type.name))
      continue
    }
    if (found !== null) return null
    const pieces = nameOf(nodes) === 'nodes' ? items.itemPieces(nodes) : edgesOnly(type, nodes, document, items)
    if (pieces === null) return null
    add('[')
    found = pieces
    add(']')
  }
  add('}')
  return found && { before, items: found, after }
}

/** Edges of which nothing but the node is selected. */
function edgesOnly(type: GraphQLObjectType, nodes: readonly FieldNode[], document: Document, items: Items): ItemPieces | null {
  if (nameOf(nodes) !== 'edges') return null
  const edge = fieldType(type, 'edges')
  const fields = [...collectFields(edge, setsOf(nodes), document)]
  const node = fields.filter(([, ofKey]) => nameOf(ofKey) === 'node')
  if (node[0] === undefined || node.length > 1 || !fields.every(([, ofKey]) => ['node', '__typename'].includes(nameOf(ofKey)))) return null
  const pieces = items.itemPieces(node[0][1])
  const around = (written: readonly Piece[]): Piece[] => [
    ...fields.flatMap(([key, ofKey], at): Piece[] => [
      `${at === 0 ? '{' : ','}${JSON.stringify(key)}:`,
      ...(nameOf(ofKey) === 'node' ? written : [JSON.stringify(edge.name)]),
    ]),
    '}',
  ]
  return new Map([...pieces].map(([kind, written]) => [kind, around(written)]))
}

function pageWriter(type: GraphQLObjectType, fields: Fields, document: Document, items: Items): WritePage {
  const writers = [...fields].map(([key, nodes]) => [`${JSON.stringify(key)}:`, fieldWriter(type, nodes, document, items)] as const)
  return (page, run) => `{${writers.map(([key, write]) => `${key}${write(page, run)}`).join(',')}}`
}

function fieldWriter(type: GraphQLObjectType, nodes: readonly FieldNode[], document: Document, items: Items): WritePage {
  switch (nameOf(nodes)) {
    case '__typename':
      return () => JSON.stringify(type.name)
    case 'nodes': {
      const write = items.rows.writerOf(items.itemPieces(nodes))
      return (page, run) => `[${page.items.map((row) => write(row, run)).join(',')}]`
    }
    case 'edges':
      return edgesWriter(fieldType(type, 'edges'), nodes, document, items)
    case 'pageInfo':
      return pageInfoWriter(fieldType(type, 'pageInfo'), nodes, document, items)
    case 'totalCount':
      return ({ total }) => String(total)
    case 'eventId':
      return ({ eventId }) => JSON.stringify(eventId ?? null)
    default:
      throw new TypeError(`Connections have no field ${nameOf(nodes)}.`)
  }
}

function edgesWriter(edge: GraphQLObjectType, nodes: readonly FieldNode[], document: Document, items: Items): WritePage {
  const writers = [...collectFields(edge, setsOf(nodes), document)].map(([key, ofKey], at) => {
    const name = `${at === 0 ? '' : ','}${JSON.stringify(key)}:`
    if (nameOf(ofKey) === '__typename') return () => `${name}${JSON.stringify(edge.name)}`
    if (nameOf(ofKey) === 'cursor') {
      items.rows.need(items.positionColumns)
      // A cursor has nothing that JSON escapes.
      return (row: ProjectedRow, page: PageOfRows) => `${name}"${page.cursorOf(row)}"`
    }
    const write = items.rows.writerOf(items.itemPieces(ofKey))
    return (row: ProjectedRow, _page: PageOfRows, run: Run) => `${name}${write(row, run)}`
  })
  const writeEdge = (row: ProjectedRow, page: PageOfRows, run: Run) => {
    let written = '{'
    for (const write of writers) written += write(row, page, run)
    return `${written}}`
  }
  return (page, run) => `[${page.items.map((row) => writeEdge(row, page, run)).join(',')}]`
}

function pageInfoWriter(type: GraphQLObjectType, nodes: readonly FieldNode[], document: Document, items: Items): WritePage {
  const values: Readonly<Record<string, (page: PageOfRows) => string>> = {
    __typename: () => JSON.stringify(type.name),
    hasNextPage: ({ hasNext }) => String(hasNext),
    hasPreviousPage: ({ hasPrevious }) => String(hasPrevious),
    startCursor: (page) => cursorOf(page, page.items[0]),
    endCursor: (page) => cursorOf(page, page.items.at(-1)),
  }
  const fields = [...collectFields(type, setsOf(nodes), document)]
  if (fields.some(([, ofKey]) => nameOf(ofKey).endsWith('Cursor'))) items.rows.need(items.positionColumns)
  const writers = fields.map(([key, ofKey]) => [`${JSON.stringify(key)}:`, values[nameOf(ofKey)]] as const)
  return (page) => `{${writers.map(([key, value]) => `${key}${value?.(page) ?? 'null'}`).join(',')}}`
}

function cursorOf(page: PageOfRows, row: ProjectedRow | undefined): string {
  return row === undefined ? 'null' : `"${page.cursorOf(row)}"`
}

function nameOf([node]: readonly FieldNode[]): string {
  return node?.name.value ?? ''
}

/** The object type of a field of a connection. */
function fieldType(type: GraphQLObjectType, name: string): GraphQLObjectType {
  const found = getNamedType(type.getFields()[name]?.type)
  if (!isObjectType(found)) throw new TypeError(`${type.name}.${name} is no object.`)
  return found
}
