import {
  type FieldNode,
  getNamedType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  print,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'

/** How a client sends a document that was written by hand. */
export type ClientForm = 'by hand' | 'Apollo' | 'urql' | 'Relay'

export const clientForms: readonly ClientForm[] = ['by hand', 'Apollo', 'urql', 'Relay']

export function asClientSends(form: ClientForm, text: string, schema: GraphQLSchema): string {
  switch (form) {
    case 'by hand':
      return text
    case 'Apollo':
    case 'urql':
      return withTypenames(text)
    case 'Relay':
      return asRelay(text, schema)
  }
}

const typename = fieldNode('__typename')

/** Apollo Client and urql add `__typename` at the end of each selection set below the root. */
function withTypenames(text: string): string {
  return print(
    visit(parse(text), {
      SelectionSet(node, _key, parent) {
        const isRoot = parent !== undefined && !Array.isArray(parent) && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION
        return isRoot ? undefined : { ...node, selections: [...node.selections, typename] }
      },
    }),
  )
}

/** Relay's compiler pages by edges with cursors, asks for `pageInfo`, adds the id of whatever has one, and `__typename` to abstract types and edges' nodes. */
function asRelay(text: string, schema: GraphQLSchema): string {
  const types = new TypeInfo(schema)
  const visitor = visitWithTypeInfo(types, {
    Field: {
      leave(node) {
        const type = getNamedType(types.getType())
        if (node.selectionSet === undefined || !isCompositeType(type)) return undefined
        const isConnection = type.name.endsWith('Connection')
        const selections = isConnection
          ? connectionSelections(node.selectionSet.selections)
          : nodeSelections(node.selectionSet.selections, type)
        return { ...node, selectionSet: { ...node.selectionSet, selections } }
      },
    },
  })
  return print(visit(parse(text), visitor))
}

function connectionSelections(selections: readonly SelectionNode[]): SelectionNode[] {
  const written = selections.map((selection) => {
    if (selection.kind !== Kind.FIELD || selection.name.value !== 'nodes' || selection.selectionSet === undefined) return selection
    const node = fieldNode('node', [...selection.selectionSet.selections, typename])
    return {
      ...fieldNode('edges', [node, fieldNode('cursor')]),
      alias: { kind: Kind.NAME, value: selection.alias?.value ?? 'edges' },
    } as const
  })
  const page = {
    ...fieldNode(
      'pageInfo',
      ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'].map((name) => fieldNode(name)),
    ),
    alias: { kind: Kind.NAME, value: 'relayPage' },
  } as const
  return [...written, page]
}

function nodeSelections(selections: readonly SelectionNode[], type: ReturnType<typeof getNamedType>): SelectionNode[] {
  const hasId = (isObjectType(type) || isInterfaceType(type)) && 'id' in type.getFields()
  return [...selections, ...(hasId ? [fieldNode('id')] : []), ...(isAbstractType(type) ? [typename] : [])]
}

function fieldNode(name: string, selections: readonly SelectionNode[] = []): FieldNode {
  return {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: name },
    ...(selections.length > 0 && { selectionSet: { kind: Kind.SELECTION_SET, selections } }),
  }
}
