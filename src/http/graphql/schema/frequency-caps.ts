import type { FrequencyCapRule as FrequencyCapRuleRow } from '../../../data/generated/client.ts'
import { deleteFrequencyCapRule, upsertFrequencyCapRule } from '../../../domain/frequency-caps/commands.ts'
import {
  findFrequencyCapRules,
  type FrequencyCap as Cap,
  type FrequencyCaps as Caps,
  getWrittenRule,
} from '../../../domain/frequency-caps/queries.ts'
import { ContactFilter } from './contact-filter.ts'
import { type RuleUsage, usageReach } from '../../../domain/frequency-caps/rule-usage.ts'
import type { Usage } from '../../../domain/frequency-caps/rules.ts'
import { InvalidInput, MissingRequiredField, NotFound } from '../../../kernel/errors.ts'
import { parseId } from '../../../kernel/ids.ts'
import { builder } from './builder.ts'
import { Contact } from './contacts.ts'
import { Channel, LifecycleStage, MessageCategory } from './enums.ts'
import { mutation } from './mutations.ts'
import { node, NodeInterface } from './node.ts'

const AudienceType = builder.objectRef<FrequencyCapRuleRow>('FrequencyCapAudience').implement({
  description: 'Whom a rule holds for: every list that is not empty must name the contact, and the filter must match it.',
  fields: (t) => ({
    lifecycleStages: t.field({
      type: [LifecycleStage],
      nullable: { list: false, items: false },
      description: 'Contacts in one of these stages; empty: in any.',
      resolve: (audience) => [...audience.lifecycleStages],
    }),
    tags: t.stringList({
      nullable: { list: false, items: false },
      description: 'Contacts with one of these tags, without regard to case; empty: with any or none.',
      resolve: (audience) => [...audience.tags],
    }),
    countryCodes: t.stringList({
      nullable: { list: false, items: false },
      description: 'Contacts in one of these countries (ISO 3166-1 alpha-2); empty: in any or none.',
      resolve: (audience) => [...audience.countryCodes],
    }),
    filter: t.field({
      type: 'JSON',
      description: 'Contacts that match this filter, as it was given; null: any.',
      // proof: only filters are stored, which are objects
      resolve: ({ filter }) => filter as never,
    }),
  }),
})

const RuleUsageType = builder.objectRef<RuleUsage>('FrequencyCapRuleUsage').implement({
  description: 'How many contacts a rule holds back at present.',
  fields: (t) => ({
    contactsSentTo: t.exposeInt('contactsSentTo', {
      nullable: false,
      description: 'Contacts of the audience that have had at least one message or call that counts now, or have one reserved.',
    }),
    contactsAtCap: t.exposeInt('contactsAtCap', {
      nullable: false,
      description: 'Those of them with no send left: `FrequencyCap.usage.remaining` of the rule is 0.',
    }),
    isExact: t.exposeBoolean('isExact', {
      nullable: false,
      description:
        `Whether both counts are exact. If not, the true counts are as high or higher: of the longest window of the rules that are asked about, ` +
        `the latest ${usageReach.toLocaleString('en')} messages, calls and reservations each are looked at, and the window of this rule has more.`,
    }),
  }),
})

export const FrequencyCapRule = builder.prismaObject('FrequencyCapRule', {
  interfaces: [NodeInterface],
  ...node('frequencyCapRule', ({ loaders }, id) => loaders.frequencyCapRule.load(id)),
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false }),
    channel: t.expose('channel', { type: Channel }),
    category: t.expose('category', { type: MessageCategory }),
    limit: t.exposeInt('limit', { nullable: false }),
    windowSeconds: t.exposeInt('windowSeconds', { nullable: false }),
    audience: t.field({ type: AudienceType, nullable: false, description: 'Whom the rule holds for.', resolve: (rule) => rule }),
    enabled: t.exposeBoolean('enabled', { nullable: false }),
    usage: t.field({
      type: RuleUsageType,
      nullable: true,
      // What is sent within the window is read, as for `contactCounts`.
      complexity: { field: 100, multiplier: 1 },
      description:
        'How many living contacts the rule holds back now, blocked ones included; none if it is switched off. Null, with an error, if it takes ' +
        'too long to count. Needs the scope contacts:read.',
      resolve: (rule, _args, context) => context.loaders.ruleUsage.load(rule),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false, description: 'When the rule was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', nullable: false, description: 'When the rule last changed.' }),
  }),
})

const FrequencyCapUsage = builder.objectRef<Usage>('FrequencyCapUsage').implement({
  description: 'How much of a cap is used up.',
  fields: (t) => ({
    used: t.exposeInt('used', { nullable: false, description: 'Messages within the window that ends now; failed ones do not count.' }),
    remaining: t.exposeInt('remaining', { nullable: false, description: 'How many more may be sent now.' }),
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next slot frees, so that one more may be sent than now; null if nothing is used.',
    }),
  }),
})

const ofRule = <Value>(read: (rule: FrequencyCapRuleRow) => Value) => ({ resolve: ({ rule }: Cap) => read(rule) })

const FrequencyCap = builder.objectRef<Cap>('FrequencyCap').implement({
  description: 'A rule that holds for a contact, and how much of it is used up.',
  fields: (t) => ({
    rule: t.field({ type: FrequencyCapRule, nullable: false, description: 'The rule.', ...ofRule((rule) => rule) }),
    name: t.string({ nullable: false, description: 'What people call the rule.', ...ofRule((rule) => rule.name) }),
    channel: t.field({
      type: Channel,
      description: 'The channel that is limited; null if messages on all channels count together.',
      ...ofRule((rule) => rule.channel),
    }),
    category: t.field({
      type: MessageCategory,
      description: 'The category that is limited; null if all but transactional messages count.',
      ...ofRule((rule) => rule.category),
    }),
    limit: t.int({ nullable: false, description: 'How many messages may be sent within the window.', ...ofRule((rule) => rule.limit) }),
    windowSeconds: t.int({
      nullable: false,
      description: 'The length of the rolling window, in seconds.',
      ...ofRule((rule) => rule.windowSeconds),
    }),
    audience: t.field({ type: AudienceType, nullable: false, description: 'Whom the rule holds for.', ...ofRule((rule) => rule) }),
    usage: t.expose('usage', { type: FrequencyCapUsage, nullable: false, description: 'How much of it is used up for this contact.' }),
  }),
})

const ChannelFrequencyCaps = builder.objectRef<Caps['groupedByChannel'][number]>('ChannelFrequencyCaps').implement({
  description: 'The caps of one channel.',
  fields: (t) => ({
    channel: t.expose('channel', { type: Channel, nullable: false, description: 'The channel.' }),
    rules: t.field({
      type: [FrequencyCap],
      nullable: { list: false, items: false },
      description: 'Its caps, by name.',
      resolve: ({ rules }) => [...rules],
    }),
  }),
})

const FrequencyCaps = builder.objectRef<Caps>('FrequencyCaps').implement({
  description: 'The limits on how many messages a contact may get: only rules that are enabled and hold for this contact.',
  fields: (t) => ({
    groupedByChannel: t.field({
      type: [ChannelFrequencyCaps],
      nullable: { list: false, items: false },
      complexity: { field: 1, multiplier: 3 },
      description: 'The caps of single channels; a channel without caps is left out.',
      resolve: ({ groupedByChannel }) => [...groupedByChannel],
    }),
    globalCaps: t.field({
      type: [FrequencyCap],
      nullable: { list: false, items: false },
      description: 'The caps that count all channels together.',
      resolve: ({ globalCaps }) => [...globalCaps],
    }),
  }),
})

builder.prismaObjectField(Contact, 'frequencyCaps', (t) =>
  t.field({
    type: FrequencyCaps,
    nullable: false,
    description: 'How many messages the contact may get, and how much of that is used up now.',
    resolve: (contact, _args, context) => context.loaders.frequencyCaps.load(contact),
  }),
)

builder.queryField('frequencyCapRules', (t) =>
  t.field({
    type: [FrequencyCapRule],
    nullable: { list: false, items: false },
    description:
      'Every frequency cap rule of your organization, those that are switched off included, by name. Needs the scope contacts:read.',
    resolve: (_root, _args, context) => findFrequencyCapRules(context),
  }),
)

const FrequencyCapAudienceInput = builder.inputType('FrequencyCapAudienceInput', {
  description: 'The contacts that a rule applies to. An omitted or empty list excludes no contact.',
  fields: (t) => ({
    lifecycleStages: t.field({ type: [LifecycleStage], description: 'Contacts in one of these stages.' }),
    tags: t.stringList({ description: 'Contacts with one of these tags, without regard to case; at most 100.' }),
    countryCodes: t.stringList({ description: 'Contacts in one of these countries (ISO 3166-1 alpha-2); at most 100.' }),
    filter: t.field({ type: ContactFilter, description: 'Contacts that match this filter when a message is decided on.' }),
  }),
})

mutation('upsertFrequencyCapRule', {
  description: 'Creates a frequency cap rule or changes one. Needs the scope settings:write.',
  input: {
    description:
      'A new rule, or with `id` a change of one: omitted fields keep their values. A new rule needs `name`, `limit` and `windowSeconds`.',
    fields: (t) => ({
      id: t.id({ description: 'The id of the rule to change. Default: a new rule is created.' }),
      name: t.string({ description: 'What people call the rule, 1 to 200 characters; no other rule may have the name.' }),
      channel: t.field({ type: Channel, description: 'The channel to limit; null counts messages on all channels together.' }),
      category: t.field({ type: MessageCategory, description: 'The category to limit; null counts all but transactional messages.' }),
      limit: t.int({ description: 'How many messages may be sent within the window, 1 to 1,000,000.' }),
      windowSeconds: t.int({ description: 'The length of the rolling window in seconds, from a minute to a year.' }),
      audience: t.field({
        type: FrequencyCapAudienceInput,
        description: 'The contacts that the rule applies to; replaces the stored audience. Null: all contacts.',
      }),
      enabled: t.boolean({ description: 'Whether the rule is in force. Default for a new rule: true.' }),
    }),
  },
  errors: { types: [InvalidInput, MissingRequiredField, NotFound], description: 'The rule, or why nothing was done.' },
  async resolve({ id, ...input }, context) {
    const ruleId = typeof id === 'string' ? parseId('frequencyCapRule', id) : null
    return getWrittenRule(context, await upsertFrequencyCapRule(context, ruleId, input))
  },
  payload: {
    description: 'The rule is stored.',
    fields: (t) => ({
      rule: t.field({ type: FrequencyCapRule, nullable: false, description: 'The rule in its current state.', resolve: (rule) => rule }),
    }),
  },
})

mutation('deleteFrequencyCapRule', {
  description: 'Removes a frequency cap rule for good. Needs the scope settings:write.',
  input: {
    description: 'The rule to remove.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The id of the rule.' }) }),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The id of the removed rule, or why it was not removed.' },
  async resolve({ id }, context) {
    await deleteFrequencyCapRule(context, parseId('frequencyCapRule', id))
    return { deletedId: id }
  },
  payload: {
    description: 'The rule is gone for good.',
    fields: (t) => ({ deletedId: t.exposeID('deletedId', { nullable: false, description: 'The id that the rule had.' }) }),
  },
})
