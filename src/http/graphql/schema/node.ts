import { idKind } from '../../../kernel/ids.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { builder, type GraphQLContext } from './builder.ts'
import { compiledRoot, type ReadOne } from './compiled-fields.ts'
import { costOfItems } from './complexity.ts'

interface HasId {
  readonly id: string
}

type LoadNode = (context: GraphQLContext, id: string) => Promise<HasId | null>

/** How a node of each kind is loaded, and its type. Each noun registers its own. */
const kinds = new Map<string, { typename: string; load: LoadNode; read: ReadOne | null }>()

/** Lets `node(id:)` find things of a kind of id. @param read reads one together with what is selected of it; it is there for contacts */
export function registerNode(kind: string, typename: string, load: LoadNode, read: ReadOne | null = null): void {
  kinds.set(kind, { typename, load, read })
}

export const NodeInterface = builder.interfaceRef<HasId>('Node').implement({
  description: 'An object that can be fetched by its id.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'The id, the same in GraphQL and REST; its prefix names the type.' }),
  }),
  resolveType: (value) => kinds.get(idKind(value.id) ?? '')?.typename,
})

/** The most nodes that one field reads. */
const maxNodes = 200

builder.queryFields((t) => ({
  node: t.field({
    type: NodeInterface,
    description: 'Anything with an id; null if your organization has no such thing.',
    args: { id: t.arg.id({ required: true, description: 'The id, such as `con_01jm8xw4r2e5tvq0c9h3kzb7nd`.' }) },
    resolve: (_root, { id }, context) => nodeById(context, id, 'id'),
    ...compiledRoot<{ id: string }>({
      type: 'Contact',
      applies: ({ id }) => idKind(id) === 'contact',
      one: async (context, { id }, project) => kinds.get('contact')?.read?.(context, id, project) ?? null,
    }),
  }),
  nodes: t.field({
    type: [NodeInterface],
    nullable: { list: false, items: true },
    complexity: ({ ids }) => costOfItems(ids.length),
    description:
      'Several things by their ids, in the order of the ids. An id that your organization does not have is null; an id that is malformed or that you may ' +
      'not read is null with an error of its own.',
    args: { ids: t.arg.idList({ required: true, description: `The ids, at most ${maxNodes}.` }) },
    resolve(_root, { ids }, context) {
      if (ids.length > maxNodes)
        throw new InvalidInput(`${ids.length.toLocaleString('en')} ids are too many. Send at most ${maxNodes} at a time.`, {
          field: 'ids',
          expected: `at most ${maxNodes} ids`,
        })
      return ids.map((id, index) => nodeById(context, id, `ids.${index}`))
    },
  }),
}))

/** @throws InvalidInput for a text that is not the id of a node */
async function nodeById(context: GraphQLContext, id: string, field: string): Promise<HasId | null> {
  const kind = kinds.get(idKind(id) ?? '')
  if (kind !== undefined) return kind.load(context, id)
  throw new InvalidInput('This is not the id of a node. Send an id that the API returned as `id`.', {
    field,
    value: id.slice(0, 120),
    expected: 'an id such as con_01jm8xw4r2e5tvq0c9h3kzb7nd',
  })
}
