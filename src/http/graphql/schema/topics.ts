import { upsertTopic } from '../../../domain/topics/commands.ts'
import { allTopics } from '../../../domain/topics/queries.ts'
import type { TopicOfContact, TopicPreference as Preference } from '../../../domain/preferences/topics.ts'
import { InvalidInput, MissingRequiredField, NotFound } from '../../../kernel/errors.ts'
import { parseId } from '../../../kernel/ids.ts'
import { requireScope } from '../../../domain/context.ts'
import { builder } from './builder.ts'
import { Contact } from './contacts.ts'
import { Channel, ConsentState, MessageCategory } from './enums.ts'
import { mutation } from './mutations.ts'
import { node, NodeInterface } from './node.ts'

const TopicDefault = builder.enumType('TopicDefault', {
  description: 'What holds for a contact that has said nothing about a topic.',
  values: {
    OPT_IN_NEEDED: { value: 'opt_in_needed', description: 'The contact gets its messages after an opt-in for the topic.' },
    SUBSCRIBED: { value: 'subscribed', description: 'The contact has subscribed. The consent for the channel still decides.' },
  } as const,
})

export const Topic = builder.prismaObject('Topic', {
  description: 'Something that contacts subscribe to, such as a newsletter.',
  interfaces: [NodeInterface],
  ...node('topic', ({ loaders }, id) => loaders.topic.load(id)),
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'The name for programs, such as `product_news`; unique.' }),
    name: t.exposeString('name', { nullable: false, description: 'The name for people.' }),
    channels: t.field({
      type: [Channel],
      nullable: { list: false, items: false },
      description: 'The channels that it is sent on; empty: all.',
      resolve: ({ channels }) => channels,
    }),
    defaultState: t.expose('defaultState', {
      type: TopicDefault,
      nullable: false,
      description: 'What holds without a statement of the contact.',
    }),
    category: t.expose('category', { type: MessageCategory, nullable: false, description: 'Why its messages are sent.' }),
    doubleOptIn: t.exposeBoolean('doubleOptIn', { nullable: false, description: 'Whether an opt-in waits for a confirmation.' }),
    archived: t.boolean({
      nullable: false,
      description: 'Whether nothing is sent for it any more. What is on record stays.',
      resolve: ({ archivedAt }) => archivedAt !== null,
    }),
  }),
})

const TopicPreference = builder.objectRef<Preference>('TopicPreference').implement({
  description: 'What holds for a contact on one channel of a topic.',
  fields: (t) => ({
    channel: t.expose('channel', { type: Channel, nullable: false, description: 'The channel.' }),
    state: t.expose('state', {
      type: ConsentState,
      nullable: false,
      description: '`PENDING` until the contact has confirmed; `UNKNOWN` after the consent has ended.',
    }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime', nullable: false, description: 'When it was given or withdrawn.' }),
    validUntil: t.expose('validUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'When the consent ends; null if it does not end by itself.',
    }),
  }),
})

const ContactTopic = builder.objectRef<TopicOfContact>('ContactTopic').implement({
  description: 'A topic, and what a contact has said about it.',
  fields: (t) => ({
    topic: t.field({ type: Topic, nullable: false, description: 'The topic.', resolve: ({ topic }) => topic }),
    preferences: t.field({
      type: [TopicPreference],
      nullable: { list: false, items: false },
      complexity: { field: 1, multiplier: 3 },
      description: 'What holds on each channel of which something is on record. A channel opt-out overrides it.',
      resolve: ({ preferences }) => [...preferences],
    }),
  }),
})

builder.prismaObjectField(Contact, 'topics', (t) =>
  t.field({
    type: [ContactTopic],
    nullable: { list: false, items: false },
    complexity: { field: 1, multiplier: 10 },
    description: 'The topics of the organization that are not archived, and what the contact has said about them.',
    resolve: (contact, _args, context) => context.loaders.topics.load(contact),
  }),
)

builder.queryField('topics', (t) =>
  t.field({
    type: [Topic],
    nullable: { list: false, items: false },
    complexity: { field: 1, multiplier: 10 },
    description: 'The topics of your organization by their keys, the archived ones too. Needs the scope contacts:read.',
    resolve(_root, _args, context) {
      requireScope(context, 'contacts:read')
      return allTopics(context)
    },
  }),
)

mutation('upsertTopic', {
  description: 'Creates a topic or changes one. Needs the scope settings:write.',
  input: {
    description: 'A new topic, or with `id` a change of one: omitted fields keep their values. A new topic needs `key` and `name`.',
    fields: (t) => ({
      id: t.id({ description: 'The id of the topic to change. Default: a new topic is created.' }),
      key: t.string({ description: 'The name for programs: 1 to 40 letters, digits and underscores.' }),
      name: t.string({ description: 'The name for people, 1 to 200 characters.' }),
      channels: t.field({ type: [Channel], description: 'The channels that it is sent on. Default: all.' }),
      defaultState: t.field({ type: TopicDefault, description: 'Default: `OPT_IN_NEEDED`.' }),
      category: t.field({ type: MessageCategory, description: 'Default: `MARKETING`.' }),
      doubleOptIn: t.boolean({ description: 'Whether an opt-in waits for a confirmation. Default: false.' }),
      archived: t.boolean({ description: 'Whether nothing is sent for it any more. Default: false.' }),
    }),
  },
  errors: { types: [InvalidInput, MissingRequiredField, NotFound], description: 'The topic, or why nothing was done.' },
  resolve: ({ id, ...input }, context) => upsertTopic(context, typeof id === 'string' ? parseId('topic', id) : null, input),
  payload: {
    description: 'The topic is stored.',
    fields: (t) => ({
      topic: t.field({ type: Topic, nullable: false, description: 'The topic in its current state.', resolve: (topic) => topic }),
    }),
  },
})
