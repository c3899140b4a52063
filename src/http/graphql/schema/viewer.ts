import type { Organization as Row } from '../../../data/generated/client.ts'
import { updateOrganizationSettings } from '../../../domain/organizations/commands.ts'
import { findApiKeys, findOwnApiKey } from '../../../domain/api-keys/queries.ts'
import { getOrganization, getQuietHours } from '../../../domain/organizations/queries.ts'
import type { Actor } from '../../../domain/context.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import type { RateClass, RateLimitUsage } from '../../rate-limit.ts'
import { builder } from './builder.ts'
import { costOfItems } from './complexity.ts'
import { values } from './enums.ts'
import { mutation } from './mutations.ts'
import { node, NodeInterface } from './node.ts'
import { QuietHoursRule, QuietHoursRuleInput } from './quiet-hours.ts'

export const OrganizationSettings = builder
  .objectRef<
    Pick<
      Row,
      | 'defaultCountry'
      | 'quietHours'
      | 'marketingNeedsOptIn'
      | 'whatsappServiceWindow'
      | 'keywordChannels'
      | 'keywordLanguages'
      | 'stopWords'
      | 'startWords'
    >
  >('OrganizationSettings')
  .implement({
    description: 'How an organization wants its contacts to be treated.',
    fields: (t) => ({
      defaultCountry: t.exposeString('defaultCountry', {
        description:
          'ISO 3166-1 alpha-2 code that phone numbers without a country prefix are read in; null if every number must carry one.',
      }),
      quietHours: t.exposeBoolean('quietHours', {
        nullable: false,
        description: 'Whether messages wait until the contact’s local daytime.',
      }),
      quietHoursRules: t.field({
        type: [QuietHoursRule],
        nullable: { list: false, items: false },
        description:
          'When messages may go out where quiet hours are switched on: one rule for each group of channels, the defaults included, then those of countries.',
        resolve: (_settings, _args, context) => getQuietHours(context),
      }),
      marketingNeedsOptIn: t.exposeBoolean('marketingNeedsOptIn', {
        nullable: false,
        description: 'Whether marketing needs a recorded opt-in for the channel.',
      }),
      whatsappServiceWindow: t.exposeBoolean('whatsappServiceWindow', {
        nullable: false,
        description: 'Whether WhatsApp takes service messages only within 24 hours after the contact wrote there.',
      }),
    }),
  })

const ApiKey = builder.prismaObject('ApiKey', {
  interfaces: [NodeInterface],
  ...node('apiKey', ({ loaders }, id) => loaders.apiKey.load(id)),
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false }),
    hint: t.exposeString('hint', { nullable: false }),
    scopes: t.exposeStringList('scopes', { nullable: false }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime' }),
  }),
})

const Organization = builder.prismaObject('Organization', {
  interfaces: [NodeInterface],
  ...node('organization', ({ loaders }, id) => loaders.organization.load(id)),
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false }),
    settings: t.field({
      type: OrganizationSettings,
      nullable: false,
      description: 'How it wants its contacts to be treated.',
      resolve: (organization) => organization,
    }),
    apiKeys: t.field({
      type: [ApiKey],
      nullable: { list: true, items: false },
      complexity: costOfItems(25),
      description: 'The API keys that are not revoked, oldest first, at most 200. Needs the scope settings:write.',
      resolve: (_organization, _args, context) => findApiKeys(context),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
  }),
})

const RateLimitName = builder.enumType('RateLimitName', {
  description: 'What a rate limit counts, within windows of a minute.',
  values: values<RateClass>({
    read: 'REST requests that read.',
    write: 'REST requests that write.',
    bulk: 'REST requests about many contacts.',
    cost: 'The cost of GraphQL operations, as in `extensions.cost`.',
    rows: 'Rows of imports, contacts of bulk actions and items of batches, through either API.',
  }),
})

const RateLimit = builder.objectRef<RateLimitUsage>('RateLimit').implement({
  description: 'A rate limit of the credential, and what is left of it.',
  fields: (t) => ({
    name: t.expose('rateClass', { type: RateLimitName, nullable: false, description: 'What it counts.' }),
    limit: t.exposeInt('limit', { nullable: false, description: 'How much may be used within a window.' }),
    remaining: t.exposeInt('remaining', {
      nullable: false,
      description: 'How much is left of the present window, this operation included.',
    }),
    resetsAt: t.field({
      type: 'DateTime',
      description: 'When the window ends and all of the limit is free again; null while nothing is used.',
      resolve: ({ reset }, _args, { now }) => (reset === null ? null : new Date(now().getTime() + reset * 1000)),
    }),
  }),
})

const Viewer = builder.objectRef<Actor>('Viewer').implement({
  description: 'Who is asking: the organization and the key behind the credential.',
  fields: (t) => ({
    organization: t.field({
      type: Organization,
      nullable: false,
      description: 'The organization whose contacts are seen.',
      resolve: (_actor, _args, context) => getOrganization(context),
    }),
    key: t.field({
      type: ApiKey,
      description: 'The API key; null if you came with a token of an identity provider.',
      resolve: (_actor, _args, context) => findOwnApiKey(context),
    }),
    rateLimits: t.field({
      type: [RateLimit],
      nullable: { list: false, items: false },
      complexity: costOfItems(4),
      description: 'What is left of each rate limit; empty if the server has none.',
      resolve: (_actor, _args, context) => context.rateLimits(),
    }),
    scopes: t.stringList({
      nullable: { list: false, items: false },
      description: 'What the credential may do, such as `contacts:read`.',
      resolve: (actor) => [...actor.scopes],
    }),
  }),
})

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    nullable: false,
    description: 'Who is asking. Needs no scope.',
    resolve: (_root, _args, context) => context.actor,
  }),
)

mutation('updateOrganizationSettings', {
  description: 'Changes how your organization wants its contacts to be treated. Needs the scope settings:write.',
  input: {
    description: 'The settings to change. Omitted fields keep their values.',
    fields: (t) => ({
      defaultCountry: t.string({
        description: 'ISO 3166-1 alpha-2 code to read phone numbers without a country prefix in; null if every number must carry one.',
      }),
      quietHours: t.boolean({ description: 'Whether messages wait until the contact’s local daytime.' }),
      quietHoursRules: t.field({
        type: [QuietHoursRuleInput],
        description:
          'Replaces all rules, at most 200, one for each country and group. A group without a rule has the default: 08:00–21:00 for calls and text messages, ' +
          '09:00–21:00 for chats, any time for email, push and fax. An empty list returns to the defaults.',
      }),
      marketingNeedsOptIn: t.boolean({ description: 'Whether marketing needs a recorded opt-in for the channel.' }),
      whatsappServiceWindow: t.boolean({
        description: 'Whether WhatsApp takes service messages only within 24 hours after the contact wrote there. Default: false.',
      }),
    }),
  },
  errors: { types: [InvalidInput], description: 'Your organization, or why nothing changed.' },
  async resolve(input, context) {
    await updateOrganizationSettings(context, input)
    return getOrganization(context)
  },
  payload: {
    description: 'The settings are stored.',
    fields: (t) => ({
      organization: t.field({
        type: Organization,
        nullable: false,
        description: 'Your organization with its new settings.',
        resolve: (organization) => organization,
      }),
    }),
  },
})
