import { archiveDefinition, createDefinition, enforceDefinition, updateDefinition } from '../../../domain/attributes/commands.ts'
import { allDefinitions, type DefinitionFit } from '../../../domain/attributes/queries.ts'
import type { UnfitValue } from '../../../data/sql/contact-attributes.ts'
import type { AttributeDefinition as Row } from '../../../data/generated/client.ts'
import { InvalidInput, MissingRequiredField, NotFound } from '../../../kernel/errors.ts'
import { parseId } from '../../../kernel/ids.ts'
import { builder } from './builder.ts'
import { mutation } from './mutations.ts'
import { node, NodeInterface } from './node.ts'

const AttributeType = builder.enumType('AttributeType', {
  description: 'What the values of a custom attribute are.',
  values: {
    TEXT: { value: 'text', description: 'Any text.' },
    NUMBER: { value: 'number', description: 'A number.' },
    BOOLEAN: { value: 'boolean', description: 'True or false.' },
    DATE: { value: 'date', description: 'A day, as `2026-02-01`.' },
    DATE_TIME: { value: 'date_time', description: 'A time with its zone, as `2026-02-01T09:30:00Z`.' },
    ENUM: { value: 'enum', description: 'One of the options.' },
    URL: { value: 'url', description: 'An address that starts with `http://` or `https://`.' },
  } as const,
})

const UnfitAttribute = builder.objectRef<UnfitValue>('UnfitAttribute').implement({
  description: 'A value of a contact that does not fit the definition of its attribute.',
  fields: (t) => ({
    contactId: t.exposeID('contactId', { nullable: false, description: 'The contact that has it.' }),
    value: t.field({
      type: 'JSON',
      nullable: false,
      description: 'The value.',
      // proof: the scalar writes whatever is JSON
      resolve: ({ value }) => value as never,
    }),
  }),
})

const AttributeFit = builder.objectRef<DefinitionFit>('AttributeFit').implement({
  description: 'How the values that living contacts have go with a definition.',
  fields: (t) => ({
    fitting: t.exposeInt('fitting', { nullable: false, description: 'How many contacts have a value that fits.' }),
    notFitting: t.exposeInt('notFitting', { nullable: false, description: 'How many contacts have a value that does not fit.' }),
    samples: t.field({
      type: [UnfitAttribute],
      nullable: { list: false, items: false },
      complexity: { field: 1, multiplier: 5 },
      description: 'Values that do not fit, at most 5.',
      resolve: ({ samples }) => [...samples],
    }),
  }),
})

export const AttributeDefinition = builder.prismaObject('AttributeDefinition', {
  description: 'Gives a custom attribute a type and a label. Contacts are found and sorted by its values at any size of the organization.',
  interfaces: [NodeInterface],
  ...node('attributeDefinition', ({ loaders }, id) => loaders.attributeDefinition.load(id)),
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'The key of the custom attribute.' }),
    label: t.exposeString('label', { nullable: false, description: 'The name for people.' }),
    type: t.expose('type', { type: AttributeType, nullable: false, description: 'What its values are.' }),
    options: t.exposeStringList('options', {
      nullable: false,
      description: 'The values of an `ENUM`, in the order in which they are shown.',
    }),
    enforced: t.boolean({
      nullable: false,
      description: 'Whether values that do not fit are refused.',
      resolve: ({ enforcedAt }) => enforcedAt !== null,
    }),
    archived: t.boolean({
      nullable: false,
      description: 'Whether it is out of use: values are neither checked nor indexed.',
      resolve: ({ archivedAt }) => archivedAt !== null,
    }),
    indexed: t.boolean({
      nullable: false,
      description:
        'Whether the values of all contacts are in the index. With very many contacts that takes some minutes; until then it serves no filter.',
      resolve: ({ indexedAt }) => indexedAt !== null,
    }),
    fit: t.field({
      type: AttributeFit,
      nullable: false,
      complexity: 50,
      description: 'How the values that contacts have go with it. All zero for an archived one. Needs the scope contacts:read.',
      resolve: ({ id }, _args, context) => context.loaders.attributeFit.load(id),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false, description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', nullable: false, description: 'When it last changed.' }),
  }),
})

builder.queryField('attributeDefinitions', (t) =>
  t.field({
    type: [AttributeDefinition],
    nullable: { list: false, items: false },
    complexity: { field: 1, multiplier: 10 },
    description: 'The definitions of custom attributes by their keys, the archived ones too. Needs the scope contacts:read.',
    resolve: (_root, _args, context) => allDefinitions(context),
  }),
)

const payload = (description: string) => ({
  description,
  fields: (t: Parameters<Parameters<typeof mutation<never, Row>>[1]['payload']['fields']>[0]) => ({
    definition: t.field({
      type: AttributeDefinition,
      nullable: false,
      description: 'The definition in its current state.',
      resolve: (row) => row,
    }),
  }),
})

mutation('createAttributeDefinition', {
  description:
    'Defines a custom attribute. Values of any type go on being accepted until `enforceAttributeDefinition`. Needs the scope settings:write.',
  input: {
    description: 'The attribute and its type.',
    fields: (t) => ({
      key: t.string({ required: true, description: 'The key of the custom attribute, 1 to 200 characters.' }),
      label: t.string({ description: 'The name for people, 1 to 200 characters. Default: the key.' }),
      type: t.field({ type: AttributeType, required: true, description: 'What its values are. It cannot be changed.' }),
      options: t.stringList({ description: 'The values of an `ENUM`, 1 to 200 texts of at most 200 characters.' }),
    }),
  },
  errors: { types: [InvalidInput, MissingRequiredField], description: 'The definition, or why nothing was done.' },
  resolve: (input, context) => createDefinition(context, input),
  payload: payload('The definition is stored, and the values of all contacts are indexed.'),
})

mutation('updateAttributeDefinition', {
  description: 'Changes a definition. Needs the scope settings:write.',
  input: {
    description: 'The definition, and what to change: omitted fields keep their values.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The id of the definition.' }),
      label: t.string({ description: 'The name for people, 1 to 200 characters.' }),
      options: t.stringList({
        description: 'The values of an `ENUM`. While it is enforced, no option that a contact has can be left out.',
      }),
    }),
  },
  errors: { types: [InvalidInput, MissingRequiredField, NotFound], description: 'The definition, or why nothing was done.' },
  resolve: ({ id, ...input }, context) => updateDefinition(context, parseId('attributeDefinition', id), input),
  payload: payload('The definition is changed.'),
})

mutation('enforceAttributeDefinition', {
  description:
    'Refuses values that do not fit from now on. It is refused itself while a contact has such a value. Needs the scope settings:write.',
  input: {
    description: 'The definition.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The id of the definition.' }),
      enforced: t.boolean({ description: 'False: accept any values again. Default: true.' }),
    }),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The definition, or why nothing was done.' },
  resolve: ({ id, enforced }, context) => enforceDefinition(context, parseId('attributeDefinition', id), enforced ?? true),
  payload: payload('The definition is enforced, or is not any more.'),
})

mutation('archiveAttributeDefinition', {
  description:
    'Takes a definition out of use: the values stay with the contacts, and are neither checked nor indexed. Needs the scope settings:write.',
  input: {
    description: 'The definition.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The id of the definition.' }),
      archived: t.boolean({ description: 'False: take it into use again, unenforced. Default: true.' }),
    }),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The definition, or why nothing was done.' },
  resolve: ({ id, archived }, context) => archiveDefinition(context, parseId('attributeDefinition', id), archived ?? true),
  payload: payload('The definition is archived, or is not any more.'),
})
