import type { GraphQLField } from 'graphql'
import type { Projection, ProjectedRow, Relation, RelationShape } from '../../../data/sql/relations.ts'
import type { List, Page, PageRequest, Position } from '../../../kernel/page.ts'
import type { GraphQLContext } from './builder.ts'

/*
 * What the compiler needs to know of a field, declared beside the field. A field without a declaration is answered by its resolver, for all rows of a page at
 * once, and everything around it is still compiled.
 */

interface Declared {
  readonly computed?: ComputedField
  readonly relation?: RelationField
  readonly root?: RootField
  readonly needs?: readonly string[]
}

export interface ComputedField {
  readonly columns: readonly string[]
  readonly from: (row: ProjectedRow, args: Record<string, unknown>) => unknown
  /** The one column whose value it is, where it is nothing else. */
  readonly column?: string
}

/** Where rows stand in a list that is paged by cursors. */
export interface Ordered {
  readonly position: (row: ProjectedRow) => Position
  /** The columns that a position is made of. */
  readonly positionColumns: readonly string[]
}

/** Rows that belong to the row that the field stands on: a connection, or a plain list where there is no order. */
export interface RelationField {
  readonly shape: RelationShape
  /** The object type of each kind of rows, where the field's type is an interface. */
  readonly types?: Readonly<Record<string, string>>
  readonly order: (Ordered & { readonly list: (parentId: string) => List }) | null
  /** @throws whatever the resolver refuses for these arguments */
  relation(context: GraphQLContext, args: Record<string, unknown>, page: PageRequest): Relation
}

/** What is read of each row, once it is known which row that is; null where there may be many. */
export type Project = (id: string | null) => Projection

/** A field of Query whose rows are read together with what is selected of them. */
export type RootField = { readonly type: string } & (
  | {
      /** Whether the rows are of the type at all, by the arguments alone. */
      readonly applies?: (args: Record<string, unknown>) => boolean
      one(context: GraphQLContext, args: Record<string, unknown>, project: Project): Promise<ProjectedRow | null>
    }
  | {
      list(context: GraphQLContext, args: Record<string, unknown>): List
      page(context: GraphQLContext, args: Record<string, unknown>, page: PageRequest, project: Project): Promise<Page<ProjectedRow>>
      position(args: Record<string, unknown>): (row: ProjectedRow) => Position
    }
)

/** A field that is computed from some columns of its row, and its arguments. Spread it into the field's options. */
export function computedFrom<Row, Args, Value>(columns: readonly string[], resolve: (row: Row, args: Args) => Value) {
  return { resolve, extensions: { computed: { columns, from: resolve } } }
}

/** A field that holds a column which not every row has, and is null for one that does not. Spread it into the field's options. */
export function columnIfAny<Row, Value>(column: string, resolve: (row: Row) => Value) {
  return { resolve, extensions: { computed: { columns: [column], from: resolve, column } } }
}

/** The columns that a field's resolver reads of its row. Default: all. Spread it into the field's options. */
export function needs(...columns: readonly string[]) {
  return { extensions: { needs: columns } }
}

/** A field whose rows are read along with those that it stands on. Spread it into the field's options. */
export function compiledRelation<Row, Args>(relation: Relations<Row, Args>) {
  return { extensions: { relation } }
}

/** The same with the types of the noun. They hold for the rows that its relation reads. */
interface Relations<Row, Args> extends Pick<RelationField, 'shape' | 'types'> {
  readonly order: {
    readonly list: (parentId: string) => List
    readonly position: (row: Row) => Position
    readonly positionColumns: readonly (keyof Row & string)[]
  } | null
  relation(context: GraphQLContext, args: Args, page: PageRequest): Relation
}

/** A field of Query whose rows are read with all that is selected of them. Spread it into the field's options. */
export function compiledRoot<Args>(root: Roots<Args>) {
  return { extensions: { root } }
}

type Roots<Args> = { readonly type: string } & (
  | {
      readonly applies?: (args: Args) => boolean
      one(context: GraphQLContext, args: Args, project: Project): Promise<ProjectedRow | null>
    }
  | {
      list(context: GraphQLContext, args: Args): List
      page(context: GraphQLContext, args: Args, page: PageRequest, project: Project): Promise<Page<ProjectedRow>>
      // The rows have the columns that a position is made of.
      // oxlint-disable-next-line no-explicit-any
      position(args: Args): (row: any) => Position
    }
)

/** What is declared of a field. */
export function declaredOf({ extensions }: GraphQLField<unknown, unknown>): Declared {
  const { pothosExposedField: exposed } = extensions
  const declared = extensions as Declared // proof: only the functions above write these extensions
  if (typeof exposed !== 'string') return declared
  return { ...declared, computed: { columns: [exposed], from: (row) => row[exposed], column: exposed } }
}
