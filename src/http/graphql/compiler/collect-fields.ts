import { collectSubFields } from '@graphql-tools/utils'
import {
  assertObjectType,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'

/** Where selections are looked up, and the variables that decide about `@include` and `@skip`. */
export interface Document {
  readonly schema: GraphQLSchema
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly variables: Readonly<Record<string, unknown>>
}

/** Something with a selection set: a field or an operation. */
export type Selecting = Pick<FieldNode, 'selectionSet'>

/** A field as an operation selects it. */
export interface SelectedField {
  /** Its name in the answer. */
  readonly key: string
  readonly name: string
  readonly field: GraphQLField<unknown, unknown>
  /** The first of its nodes, which has its arguments. */
  readonly node: FieldNode
  readonly nodes: readonly FieldNode[]
}

/** The object type of a field, or of the items of its list. @throws TypeError if it has no fields */
export function objectTypeOf({ field }: SelectedField): GraphQLObjectType {
  return assertObjectType(getNamedType(field.type))
}

/**
 * The pieces of a JSON object with the selected fields, in the order of the operation.
 * @param piecesOf the pieces of one field's value
 */
export function jsonObject<Piece>(
  type: GraphQLObjectType,
  selecting: readonly Selecting[],
  { schema, fragments, variables }: Document,
  piecesOf: (selected: SelectedField) => readonly (Piece | string)[],
): (Piece | string)[] {
  // proof: only selection sets are read
  const { fields } = collectSubFields(schema, fragments, variables, type, selecting as FieldNode[])
  const pieces = [...fields].flatMap(([key, nodes], at): (Piece | string)[] => {
    const [node] = nodes
    const name = node?.name.value ?? ''
    const field = type.getFields()[name]
    const before = `${at === 0 ? '{' : ','}${JSON.stringify(key)}:`
    if (name === '__typename') return [before, JSON.stringify(type.name)]
    if (node === undefined || field === undefined) throw new TypeError(`${type.name} has no field ${name}.`)
    return [before, ...piecesOf({ key, name, field, node, nodes })]
  })
  return [...pieces, pieces.length === 0 ? '{}' : '}']
}
