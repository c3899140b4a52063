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

interface Computed<Row> {
  readonly columns: readonly string[]
  readonly from: (row: Row) => unknown
}

/** Writes a value that was read as the answer that was asked for. @throws NotWhole if it is not what the schema promises */
export type Write = (value: unknown) => unknown

/**
 * How a field is read that comes along with the rows of its type, such as a list that hangs on each.
 * @param columns those that are needed of the rows that the field answers with
 */
export type ReadAlong = (field: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[], columns: ReadonlySet<string>) => Read

type Read = (row: unknown) => unknown

export interface Shaping {
  readonly schema: GraphQLSchema
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  /** By type and field, such as `Contact.notes`. */
  readonly readAlong: Readonly<Record<string, ReadAlong>>
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
      if (written === null || written === undefined) throw new NotWhole()
      return written
    }
  }
  if (isListType(type)) {
    const write = writeOf(type.ofType, sets, shaping, columns)
    return (value) => (isNothing(value) ? null : (value as unknown[]).map((item) => write(item))) // proof: what is read for a list is one
  }
  if (isLeafType(type)) return (value) => (isNothing(value) ? null : type.serialize(value))
  const write = isAbstractType(type) ? abstractWrite(type, sets, shaping, columns) : objectWrite(type, sets, shaping, columns)
  return (value) => (isNothing(value) ? null : write(value))
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
  const fields = [...selected(type, sets, shaping)].map(([key, nodes]) => ({ key, write: fieldWrite(type, nodes, shaping, columns) }))
  // The one name that an object has other plans for; those without a prototype, which know it as a name, take longer to write out.
  if (fields.some(({ key }) => key === '__proto__')) throw new NotWhole()
  return (row) => {
    const answer: Record<string, unknown> = {}
    for (const { key, write } of fields) answer[key] = write(row)
    return answer
  }
}

function fieldWrite(type: GraphQLObjectType, nodes: readonly FieldNode[], shaping: Shaping, columns: Set<string>): Write {
  const name = nodes[0]?.name.value ?? ''
  if (name === '__typename') return () => type.name
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

function readOf(field: GraphQLField<unknown, unknown>, columns: Set<string>): Read {
  const { pothosExposedField: exposed, computed } = field.extensions
  if (typeof exposed === 'string') {
    columns.add(exposed)
    return property(exposed)
  }
  if (computed === undefined || field.args.length > 0) throw new NotWhole()
  // proof: nobody writes this extension but computedFrom
  const { columns: needed, from } = computed as Computed<unknown>
  for (const column of needed) columns.add(column)
  return from
}

function property(name: string): Read {
  // proof: what is read are rows, and the pages of a list
  return (row) => (row as Record<string, unknown>)[name]
}

/** What a field's node selects for one type, by the name that it has in the answer. */
function selected(type: GraphQLObjectType, sets: readonly SelectionSetNode[], shaping: Shaping): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>()
  const collect = (set: SelectionSetNode) => {
    for (const selection of set.selections) {
      if (selection.directives?.length) throw new NotWhole()
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value
        fields.set(key, [...(fields.get(key) ?? []), selection])
        continue
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? shaping.fragments[selection.name.value] : selection
      if (fragment === undefined || fragment.directives?.length) throw new NotWhole()
      if (isAbout(fragment.typeCondition?.name.value, type, shaping.schema)) collect(fragment.selectionSet)
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
