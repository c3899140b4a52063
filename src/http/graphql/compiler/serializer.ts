import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  type SelectionSetNode,
} from 'graphql'

/** Why an operation is executed field by field after all. Never told to anybody. */
export class NotWhole extends Error {}

/** A field that is computed from the row that it stands on alone, and from which of its columns. Spread it into the field's options. */
export function computedFrom<Row, Value>(columns: readonly string[], resolve: (row: Row) => Value) {
  return { resolve, extensions: { computed: { columns, from: resolve } satisfies Computed<Row> } }
}

/** A field that holds a column which not every row has, and is null for one that does not. Spread it into the field's options. */
export function columnIfAny<Row, Value>(column: string, resolve: (row: Row) => Value) {
  return { resolve, extensions: { computed: { columns: [column], from: resolve, column } satisfies Computed<Row> } }
}

interface Computed<Row> {
  readonly columns: readonly string[]
  readonly from: (row: Row) => unknown
  /** The one column whose value it is, where it is nothing else. */
  readonly column?: string
}

/** Writes a value that was read as the JSON that was asked for. @throws NotWhole if it is not what the schema promises */
export type Write = (value: unknown) => string

/**
 * How a field is read that comes along with the rows of its type, such as a list that hangs on each.
 * @param columns those that are needed of the rows that the field answers with
 */
export type ReadAlong = (field: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[], columns: ReadonlySet<string>) => Read

type Read = (row: unknown) => unknown

/** Which fields of rows come as text, a run of them at a time. */
export interface Texts {
  /** Whether a field comes as text: if it does it is taken along with those before it. */
  take(type: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): boolean
  /** Ends a run, if there is one. @returns the text in a row; null if none was taken */
  end(): ((row: unknown) => string) | null
}

/** Where it is looked up what is selected. */
export interface Document {
  readonly schema: GraphQLSchema
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
}

export interface Shaping extends Document {
  /** By type and field, such as `Contact.notes`. */
  readonly readAlong: Readonly<Record<string, ReadAlong>>
  readonly texts: Texts
}

/**
 * How the values of a type are written as they are selected: what the executor would find out anew for each value is found out once.
 * Only fields that stand on the row that was read, are computed from it alone, or are read along with it have a shape.
 * @param columns is told which columns of the rows are needed
 * @throws NotWhole if a field has none, or a directive decides about one
 */
export function writeOf(type: GraphQLOutputType, sets: readonly SelectionSetNode[], shaping: Shaping, columns: Set<string>): Write {
  if (isNonNullType(type)) {
    const write = writeOf(type.ofType, sets, shaping, columns)
    return (value) => {
      const written = write(value)
      if (written === 'null') throw new NotWhole()
      return written
    }
  }
  if (isListType(type)) {
    const write = writeOf(type.ofType, sets, shaping, columns)
    return (value) => (isNothing(value) ? 'null' : `[${(value as unknown[]).map((item) => write(item)).join(',')}]`) // proof: what is read for a list is one
  }
  if (isLeafType(type)) return (value) => (isNothing(value) ? 'null' : JSON.stringify(type.serialize(value)))
  const write = isAbstractType(type) ? abstractWrite(type, sets, shaping, columns) : objectWrite(type, sets, shaping, columns)
  return (value) => (isNothing(value) ? 'null' : write(value))
}

function abstractWrite(type: GraphQLAbstractType, sets: readonly SelectionSetNode[], shaping: Shaping, columns: Set<string>): Write {
  const writes = new Map(
    shaping.schema.getPossibleTypes(type).map((possible) => [possible.name, objectWrite(possible, sets, shaping, columns)]),
  )
  const resolveType = type.resolveType
  if (!resolveType) throw new NotWhole()
  return (value) => {
    // proof: the types of this schema are told by the value alone
    const name = (resolveType as (value: unknown) => unknown)(value)
    const write = typeof name === 'string' ? writes.get(name) : undefined
    if (write === undefined) throw new NotWhole()
    return write(value)
  }
}

function objectWrite(type: GraphQLObjectType, sets: readonly SelectionSetNode[], shaping: Shaping, columns: Set<string>): Write {
  const parts: ((row: unknown) => string)[] = []
  const endText = () => {
    const text = shaping.texts.end()
    if (text !== null) parts.push(text)
  }
  for (const [key, nodes] of selected(type, sets, shaping)) {
    if (shaping.texts.take(type, key, nodes)) continue
    endText()
    const [name, write] = [JSON.stringify(key), fieldWrite(type, nodes, shaping, columns)]
    parts.push((row) => `${name}:${write(row)}`)
  }
  endText()
  return (row) => `{${parts.map((part) => part(row)).join(',')}}`
}

function fieldWrite(type: GraphQLObjectType, nodes: readonly FieldNode[], shaping: Shaping, columns: Set<string>): Write {
  const name = nodes[0]?.name.value ?? ''
  if (name === '__typename') return () => JSON.stringify(type.name)
  const field = type.getFields()[name]
  if (field === undefined) throw new NotWhole()
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  const along = shaping.readAlong[`${type.name}.${name}`]
  const below = along === undefined ? columns : new Set<string>()
  const write = writeOf(field.type, sets, shaping, below)
  const read = along?.(field, nodes, below) ?? readOfPage(type, name) ?? readOf(field, columns)
  return (row) => write(read(row))
}

/** What `connectionOf` makes has its fields under their own names. */
function readOfPage({ name: type }: GraphQLObjectType, name: string): Read | null {
  if (name === 'nodes' && type.endsWith('Connection')) {
    // proof: the type of a connection says so
    return (page) => (page as { edges: { node: unknown }[] }).edges.map(({ node }) => node)
  }
  return type === 'PageInfo' || type.endsWith('Edge') || type.endsWith('Connection') ? property(name) : null
}

/** The column that a field holds; null for one that is more than a column. */
export function columnOf(field: GraphQLField<unknown, unknown>): string | null {
  return computedOf(field)?.column ?? null
}

function readOf(field: GraphQLField<unknown, unknown>, columns: Set<string>): Read {
  const computed = computedOf(field)
  if (computed === null) throw new NotWhole()
  for (const column of computed.columns) columns.add(column)
  return computed.from
}

/** How a field is found from the row that it stands on alone; null for one that needs more. */
function computedOf({
  args,
  extensions: { pothosExposedField: exposed, computed },
}: GraphQLField<unknown, unknown>): Computed<unknown> | null {
  if (typeof exposed === 'string') return { columns: [exposed], from: property(exposed), column: exposed }
  // proof: nobody writes this extension but computedFrom and columnIfAny
  return computed === undefined || args.length > 0 ? null : (computed as Computed<unknown>)
}

function property(name: string): Read {
  // proof: what is read are rows, and the pages of a list
  return (row) => (row as Record<string, unknown>)[name]
}

/** What a field's node selects for one type, by the name that it has in the answer. */
export function selected(type: GraphQLObjectType, sets: readonly SelectionSetNode[], document: Document): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>()
  const collect = (set: SelectionSetNode) => {
    for (const selection of set.selections) {
      if (selection.directives?.length) throw new NotWhole()
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value
        fields.set(key, [...(fields.get(key) ?? []), selection])
        continue
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? document.fragments[selection.name.value] : selection
      if (fragment === undefined || fragment.directives?.length) throw new NotWhole()
      if (isAbout(fragment.typeCondition?.name.value, type, document.schema)) collect(fragment.selectionSet)
    }
  }
  sets.forEach(collect)
  return fields
}

function isAbout(condition: string | undefined, type: GraphQLObjectType, schema: GraphQLSchema): boolean {
  if (condition === undefined || condition === type.name) return true
  const wanted = schema.getType(condition)
  return isAbstractType(wanted) && schema.isSubType(wanted, type)
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined
}
