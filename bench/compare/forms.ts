import { type FieldNode, Kind, parse, print, type SelectionNode, visit } from 'graphql'

/** How a document is sent: as it was written, as Apollo Client 4 sends it, or as Relay's compiler prints it. */
export const forms = ['hand', 'apollo', 'relay'] as const
export type Form = (typeof forms)[number]

/** The body of a request. */
export function bodyOf(form: Form, query: string, variables: object): string {
  switch (form) {
    case 'hand':
      return JSON.stringify({ query, variables })
    case 'apollo': {
      const extensions = { clientLibrary: { name: '@apollo/client', version: '4.0.0' } }
      return JSON.stringify({ operationName: /^\w+ (\w+)/.exec(query)?.[1], variables, extensions, query: withTypenames(query) })
    }
    case 'relay':
      return JSON.stringify({ query: asRelay(query), variables })
  }
}

/** `__typename` at the end of each selection set below the root. */
function withTypenames(query: string): string {
  return print(
    visit(parse(query), {
      Field: {
        leave: (node) => (node.selectionSet ? selecting(node, [...node.selectionSet.selections, field('__typename')]) : undefined),
      },
    }),
  )
}

/** Edges with cursors and `__typename`, and `pageInfo`, for each connection. */
function asRelay(query: string): string {
  return print(
    visit(parse(query), {
      Field: {
        leave(node) {
          const selections = node.selectionSet?.selections ?? []
          const nodes = selections.find((one) => one.kind === Kind.FIELD && one.name.value === 'nodes')
          if (nodes?.kind !== Kind.FIELD) return undefined
          const edges = field('edges', [field('node', [...(nodes.selectionSet?.selections ?? []), field('__typename')]), field('cursor')])
          const pageInfo = field('pageInfo', [field('endCursor'), field('hasNextPage')])
          return selecting(node, [...selections.filter((one) => one !== nodes), edges, pageInfo])
        },
      },
    }),
  )
}

function selecting(node: FieldNode, selections: readonly SelectionNode[]): FieldNode {
  return { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections } }
}

function field(name: string, selections: readonly SelectionNode[] = []): FieldNode {
  const node: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: name } }
  return selections.length === 0 ? node : selecting(node, selections)
}

/** The items of a connection, in whichever form it was asked for. */
export function itemsOf(connection: any): any[] | undefined {
  return connection?.nodes ?? connection?.edges?.map(({ node }: { node: unknown }) => node)
}
