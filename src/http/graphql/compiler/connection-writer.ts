import type { ProjectedRow } from '../../../data/sql/relations.ts'
import type { Page } from '../../../kernel/page.ts'
import { type Document, jsonObject, objectTypeOf, type SelectedField } from './collect-fields.ts'
import type { CursorOf, ItemPieces, Piece, RowSource, Run } from './row-source.ts'

/** A page whose rows know their cursors. */
export interface PageOfRows extends Page<ProjectedRow> {
  readonly cursorOf: CursorOf
}

type WritePage = (page: PageOfRows, run: Run) => string

/** A piece of a page: JSON, its items, or what is written here from the page. */
export type PagePiece = string | ItemPieces | WritePage

interface Items {
  readonly rows: RowSource
  readonly positionColumns: readonly string[]
  /** How an item of a kind is written where a field selects it. */
  piecesOf(this: void, kind: string, selected: SelectedField): readonly Piece[]
}

/** The pieces of a connection of Relay's, and what has to be read for it besides the items. */
export function connectionPieces(connection: SelectedField, document: Document, { rows, positionColumns, piecesOf }: Items) {
  const wants = { total: false, more: false, eventId: false }
  const pieces = jsonObject<ItemPieces | WritePage>(objectTypeOf(connection), connection.nodes, document, (selected) => {
    switch (selected.name) {
      case 'nodes':
        return ['[', rows.ofKinds((kind) => piecesOf(kind, selected)), ']']
      case 'edges':
        return ['[', rows.ofKinds((kind) => edgePieces(kind, selected)), ']']
      case 'pageInfo':
        return pageInfoPieces(selected)
      case 'totalCount':
        wants.total = true
        return [({ total }) => String(total)]
      case 'eventId':
        wants.eventId = true
        return [({ eventId }) => JSON.stringify(eventId ?? null)]
      default:
        throw new TypeError(`Connections have no field ${selected.name}.`)
    }
  })
  return { wants, pieces }

  function edgePieces(kind: string, edges: SelectedField) {
    return jsonObject<Piece>(objectTypeOf(edges), edges.nodes, document, (selected) => {
      if (selected.name === 'node') return piecesOf(kind, selected)
      rows.need(positionColumns)
      // A cursor has nothing that JSON escapes.
      return [(row, _run, cursorOf) => `"${cursorOf(row)}"`]
    })
  }

  function pageInfoPieces(pageInfo: SelectedField) {
    return jsonObject<WritePage>(objectTypeOf(pageInfo), pageInfo.nodes, document, ({ name }) => {
      wants.more = true
      if (name === 'hasNextPage') return [({ hasNext }) => String(hasNext)]
      if (name === 'hasPreviousPage') return [({ hasPrevious }) => String(hasPrevious)]
      rows.need(positionColumns)
      return [(page) => cursorAt(page, name === 'startCursor' ? 0 : -1)]
    })
  }
}

function cursorAt({ items, cursorOf }: PageOfRows, index: number): string {
  const row = items.at(index)
  return row === undefined ? 'null' : `"${cursorOf(row)}"`
}

/** Combines the pieces of a page of a source into one function. */
export function pageWriter(pieces: readonly PagePiece[], rows: RowSource): WritePage {
  const writers = pieces.map((piece): WritePage => {
    if (typeof piece === 'string') return () => piece
    if (typeof piece === 'function') return piece
    const write = rows.writerOf(piece)
    return ({ items, cursorOf }, run) => items.map((row) => write(row, run, cursorOf)).join(',')
  })
  return (page, run) => writers.map((write) => write(page, run)).join('')
}
