import type { FieldNode, GraphQLField } from 'graphql'
import type { ItemProjection, JsonColumn, JsonRows, JsonText } from '../../../data/sql/json-projection.ts'
import type { ListProjection, ProjectedRow, Projection, RelationShape } from '../../../data/sql/relations.ts'
import type { PageRequest } from '../../../kernel/page.ts'
import type { RelationField } from '../schema/compiled-fields.ts'
import type { PageWants } from '../schema/connections.ts'

/** What one request brings to a root field: the values of the operation's arguments, and the pages that the relations are asked for. */
export interface Run {
  readonly args: readonly Record<string, unknown>[]
  readonly pages: PageRequest[]
}

/** Encodes the cursor of a row of a page. */
export type CursorOf = (row: ProjectedRow) => string

/** For rows that are on no page of a connection. */
export const noCursor: CursorOf = () => {
  throw new TypeError('Only rows of a connection have cursors.')
}

/** Writes what is selected of a row as JSON. */
export type Write = (row: ProjectedRow, run: Run, cursorOf: CursorOf) => string

/** A piece of an answer: JSON that the database writes, or what is written here from the row. */
export type Piece = string | JsonColumn | JsonRows | Write

/** How the rows of each kind are written. */
export type ItemPieces = ReadonlyMap<string, readonly Piece[]>

/** Fields of one type that their resolvers answer, for all rows of a source. */
export interface ResolvedFields {
  /** Its name in the operation that resolves them, and the property of the rows with the values. */
  readonly name: string
  readonly type: string
  /** The kind of the rows. */
  readonly kind: string
  readonly nodes: FieldNode[]
}

/** A relation as an operation asks for it. */
export interface RelationPlan {
  readonly field: RelationField
  /** The number of its arguments. */
  readonly args: number
  readonly wants: PageWants
}

/** A list whose rows arrive as values. */
export interface ListPlan {
  readonly relation: number
  readonly rows: RowSource
  readonly total: boolean
}

/** What is numbered through a whole operation. */
export interface Numbering {
  /** A field and its node, to read arguments by. */
  readonly arguments: { readonly field: GraphQLField<unknown, unknown>; readonly node: FieldNode }[]
  readonly resolved: ResolvedFields[]
}

/** Collects what has to be read of the rows of one source: of a root field, or of a list on its rows. */
export class RowSource {
  readonly numbering: Numbering
  /** Null for the rows of a root field. */
  readonly shape: RelationShape | null
  readonly columns = new Set<string>()
  /** Whether some resolver may look at any column. */
  everyColumn = false
  readonly texts: Record<string, JsonText[]> = {}
  readonly relations: RelationPlan[] = []
  readonly lists: ListPlan[] = []
  readonly resolved: ResolvedFields[] = []

  constructor(numbering: Numbering, shape: RelationShape | null) {
    this.numbering = numbering
    this.shape = shape
  }

  /** Numbers the arguments of a field. */
  argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): number {
    return this.numbering.arguments.push({ field, node }) - 1
  }

  relation(plan: RelationPlan): number {
    return this.relations.push(plan) - 1
  }

  /** @returns the property of the rows that has the list */
  list(plan: ListPlan): string {
    return `list${this.lists.push(plan) - 1}`
  }

  /** Reads the columns that a resolver needs. */
  need(columns: readonly string[] | undefined): void {
    if (columns === undefined) this.everyColumn = true
    for (const column of columns ?? []) this.columns.add(column)
  }

  /** Fields to be resolved of the rows of a kind. */
  resolvedFields(type: string, kind: string): ResolvedFields {
    const { resolved } = this.numbering
    const fields = { name: `resolved${resolved.length}`, type, kind, nodes: [] }
    resolved.push(fields)
    this.resolved.push(fields)
    return fields
  }

  /** Combines pieces into one function; what the database writes becomes texts of the rows. */
  finish(pieces: readonly Piece[], kind: string): Write {
    const writers: Write[] = []
    let text: Exclude<Piece, Write>[] = []
    const endText = () => {
      if (text.length > 0) writers.push(this.#textWriter(kind, text))
      text = []
    }
    for (const piece of pieces) {
      if (typeof piece !== 'function') text.push(piece)
      else {
        endText()
        writers.push(piece)
      }
    }
    endText()
    const [only, ...others] = writers
    if (only !== undefined && others.length === 0) return only
    return (row, run, cursorOf) => {
      let written = ''
      for (const write of writers) written += write(row, run, cursorOf)
      return written
    }
  }

  /** The pieces of the rows of every kind. */
  ofKinds(piecesOf: (kind: string) => readonly Piece[]): ItemPieces {
    return new Map(Object.keys(this.shape?.columns ?? { '': {} }).map((kind) => [kind, piecesOf(kind)]))
  }

  /** One function for the rows of all kinds. */
  writerOf(items: ItemPieces): Write {
    const writers = new Map([...items].map(([kind, pieces]) => [kind, this.finish(pieces, kind)]))
    const [only, ...others] = writers.values()
    if (only !== undefined && others.length === 0) return only
    return (row, run, cursorOf) => {
      const write = writers.get(String(row['$kind']))
      if (write === undefined) throw new TypeError(`A row is of the kind ${String(row['$kind'])}.`)
      return write(row, run, cursorOf)
    }
  }

  #textWriter(kind: string, text: JsonText): Write {
    const constant = text.every((piece) => typeof piece === 'string') ? text.join('') : null
    if (constant !== null) return () => constant
    const texts = (this.texts[kind] ??= [])
    const name = `text${texts.push(text) - 1}`
    // proof: the row was read with its texts
    return (row) => row[name] as string
  }

  /** What is read of each row of a root field, whatever the values of its arguments. */
  get projection(): Omit<Projection, 'relations'> {
    const lists = this.lists.map(({ relation, rows, total }): ListProjection => ({ relation, item: rows.#item, total }))
    return { columns: this.everyColumn ? null : this.columns, texts: this.texts[''] ?? [], lists }
  }

  get #item(): ItemProjection {
    const columns = this.everyColumn ? Object.values(this.shape?.columns ?? {}).flatMap((types) => Object.keys(types)) : this.columns
    return { columns: new Set(columns), texts: this.texts }
  }
}
