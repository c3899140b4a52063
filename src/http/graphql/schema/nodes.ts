import type { GraphQLSchema } from 'graphql'
import { idKind } from '../../../kernel/ids.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { builder, type GraphQLContext } from './builder.ts'
import { compiledRoot } from './compiled-fields.ts'
import { costOfItems } from './complexity.ts'
import { readContact } from './contacts.ts'
import { type HasId, nodeLoader, NodeInterface } from './node.ts'

/** The most nodes that one field reads. */
const maxNodes = 200

builder.queryFields((t) => ({
  node: t.field({
    type: NodeInterface,
    description: 'Anything with an id; null if your organization has no such thing.',
    args: { id: t.arg.id({ required: true, description: 'The id, such as `con_01jm8xw4r2e5tvq0c9h3kzb7nd`.' }) },
    resolve: (_root, { id }, context, { schema }) => loadNode(schema, context, id, 'id'),
    ...compiledRoot<{ id: string }>({
      type: 'Contact',
      applies: ({ id }) => idKind(id) === 'contact',
      one: (context, { id }, project) => readContact(context, id, project),
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
    resolve(_root, { ids }, context, { schema }) {
      if (ids.length > maxNodes)
        throw new InvalidInput(`${ids.length.toLocaleString('en')} ids are too many. Send at most ${maxNodes} at a time.`, {
          field: 'ids',
          expected: `at most ${maxNodes} ids`,
        })
      return ids.map((id, index) => loadNode(schema, context, id, `ids.${index}`))
    },
  }),
}))

/** @throws InvalidInput for a text that is not the id of a node */
async function loadNode(schema: GraphQLSchema, context: GraphQLContext, id: string, field: string): Promise<HasId | null> {
  const load = nodeLoader(schema, id)
  if (load !== undefined) return load(context, id)
  throw new InvalidInput('This is not the id of a node. Send an id that the API returned as `id`.', {
    field,
    value: id.slice(0, 120),
    expected: 'an id such as con_01jm8xw4r2e5tvq0c9h3kzb7nd',
  })
}
