import type { FieldNode, GraphQLField } from 'graphql'
import type { ItemProjection, JsonColumn, JsonRows, JsonText } from '../../../data/sql/json-projection.ts'
import type { ListProjection, ProjectedRow, RelationShape } from '../../../data/sql/relations.ts'
import type { PageRequest } from '../../../kernel/page.ts'
import type { RelationField } from '../schema/compiled-fields.ts'

/** What one request brings to a compiled query: the values of its arguments, and the pages that they ask for. */
export interface Run {
  readonly args: readonly Record<string, unknown>[]
  readonly pages: (PageRequest | undefined)[]
}

/** Writes what is selected of a row as JSON. */
export type Write = (row: ProjectedRow, run: Run) => string

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
  /** Its number among all of the operation, and that of its arguments. */
  readonly page: number
  readonly args: number
  readonly wants: PageWants
}

export interface PageWants {
  readonly total: boolean
  readonly more: boolean
  readonly eventId?: boolean
}

/** A list whose rows arrive as values. */
export interface ListPlan {
  readonly relation: number
  readonly rows: RowSource
  readonly total: boolean
}

/** A field and its node, to read arguments by. */
export interface ArgumentsPlan {
  readonly field: GraphQLField<unknown, unknown>
  readonly node: FieldNode
}

/** What is numbered through a whole operation. */
export interface Numbering {
  readonly arguments: ArgumentsPlan[]
  pages: number
  resolved: number
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

  relation(plan: Omit<RelationPlan, 'page'>): number {
    return this.relations.push({ ...plan, page: this.numbering.pages++ }) - 1
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
    const fields = { name: `resolved${this.numbering.resolved++}`, type, kind, nodes: [] }
    this.resolved.push(fields)
    return fields
  }

  /** Combines pieces into one function; what the database writes becomes texts of the rows. */
  finish(pieces: readonly Piece[], kind: string): Write {
    const writers: Write[] = []
    let text: (string | JsonColumn | JsonRows)[] = []
    const endText = () => {
      const only = text.every((piece) => typeof piece === 'string') ? text.join('') : null
      if (only === null) writers.push(this.#textWriter(kind, text))
      else if (only !== '') writers.push(() => only)
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
    return (row, run) => {
      let written = ''
      for (const write of writers) written += write(row, run)
      return written
    }
  }

  /** One function for the rows of all kinds. */
  writerOf(items: ItemPieces): Write {
    const writers = new Map([...items].map(([kind, pieces]) => [kind, this.finish(pieces, kind)]))
    const [only, ...others] = writers.values()
    if (only !== undefined && others.length === 0) return only
    return (row, run) => {
      const write = writers.get(String(row['$kind']))
      if (write === undefined) throw new TypeError(`A row is of the kind ${String(row['$kind'])}.`)
      return write(row, run)
    }
  }

  #textWriter(kind: string, text: JsonText): Write {
    const texts = (this.texts[kind] ??= [])
    const name = `text${texts.push(text) - 1}`
    // proof: the row was read with its texts
    return (row) => row[name] as string
  }

  get item(): ItemProjection {
    const columns = this.everyColumn ? Object.values(this.shape?.columns ?? {}).flatMap((types) => Object.keys(types)) : this.columns
    return { columns: new Set(columns), texts: this.texts }
  }

  get listProjections(): ListProjection[] {
    return this.lists.map(({ relation, rows, total }) => ({ relation, item: rows.item, total }))
  }
}

/** Whether the database writes all of it. */
export function isText(pieces: readonly Piece[]): pieces is JsonText {
  return pieces.every((piece) => typeof piece !== 'function')
}
