import { type GraphQLObjectType, type GraphQLSchema, isInterfaceType } from 'graphql'
import { idKind, type IdKind } from '../../../kernel/ids.ts'
import { builder, type GraphQLContext } from './builder.ts'

export interface HasId {
  readonly id: string
}

interface LoadedById {
  readonly kind: IdKind
  /** Loads one by its id; null if the organization has no such thing. */
  load(this: void, context: GraphQLContext, id: string): Promise<HasId | null>
}

/** Lets `node(id:)` find the objects of a type by a kind of id. Spread it into the options of the type. */
export function node(kind: IdKind, load: LoadedById['load']) {
  return { extensions: { node: { kind, load } satisfies LoadedById } }
}

export const NodeInterface = builder.interfaceRef<HasId>('Node').implement({
  description: 'An object that can be fetched by its id.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'The id, the same in GraphQL and REST; its prefix names the type.' }),
  }),
  resolveType: ({ id }, _context, { schema }) => nodeTypeOf(schema, id)?.name,
})

/** The type of the thing with an id; undefined if the id is not that of a node. */
function nodeTypeOf(schema: GraphQLSchema, id: string): GraphQLObjectType | undefined {
  const kind = idKind(id)
  return nodeTypes(schema).find((type) => loadedById(type)?.kind === kind)
}

function nodeTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const type = schema.getType(NodeInterface.name)
  return isInterfaceType(type) ? schema.getPossibleTypes(type) : []
}

function loadedById({ extensions }: GraphQLObjectType): LoadedById | undefined {
  return extensions['node'] as LoadedById | undefined // proof: only `node` writes this extension
}

/** How the thing with an id is loaded; undefined if the id is not that of a node. */
export function nodeLoader(schema: GraphQLSchema, id: string): LoadedById['load'] | undefined {
  const type = nodeTypeOf(schema, id)
  return type && loadedById(type)?.load
}
