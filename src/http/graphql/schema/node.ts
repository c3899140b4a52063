import { idKind } from '../../../kernel/ids.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { builder, type GraphQLContext } from './builder.ts'

interface HasId {
  readonly id: string
}

/** How a node of each kind is loaded, and the type that it has: every room registers its own. */
const kinds = new Map<string, { typename: string; load: (context: GraphQLContext, id: string) => Promise<HasId | null> }>()

/** Lets `node(id:)` find things of a kind of id. */
export function registerNode(kind: string, typename: string, load: (context: GraphQLContext, id: string) => Promise<HasId | null>): void {
  kinds.set(kind, { typename, load })
}

export const NodeInterface = builder.interfaceRef<HasId>('Node').implement({
  description: 'Anything that can be asked for by its id alone.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'Names the thing in both doors; its prefix says what it is.' }),
  }),
  resolveType: (value) => kinds.get(idKind(value.id) ?? '')?.typename,
})

builder.queryField('node', (t) =>
  t.field({
    type: NodeInterface,
    description: 'Anything with an id; null if there is no such thing in your organization.',
    args: { id: t.arg.id({ required: true, description: 'The id, such as `con_01jm8xw4r2e5tvq0c9h3kzb7nd`.' }) },
    resolve(_root, { id }, context) {
      const kind = kinds.get(idKind(id) ?? '')
      if (kind !== undefined) return kind.load(context, id)
      throw new InvalidInput('This is not the id of anything that can be asked for.', {
        field: 'id',
        value: id.slice(0, 120),
        expected: 'an id such as con_01jm8xw4r2e5tvq0c9h3kzb7nd',
      })
    },
  }),
)
