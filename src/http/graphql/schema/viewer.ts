import { updateOrganizationSettings } from '../../../domain/organizations/commands.ts'
import { findOwnApiKey } from '../../../domain/api-keys/queries.ts'
import { getOrganization } from '../../../domain/organizations/queries.ts'
import type { Actor } from '../../../domain/context.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { builder } from './builder.ts'

const OrganizationSettings = builder
  .objectRef<{ defaultCountry: string | null; quietHours: boolean; marketingNeedsOptIn: boolean }>('OrganizationSettings')
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
      marketingNeedsOptIn: t.exposeBoolean('marketingNeedsOptIn', {
        nullable: false,
        description: 'Whether marketing needs a recorded opt-in for the channel.',
      }),
    }),
  })

const Organization = builder.prismaObject('Organization', {
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'The id of the organization.' }),
    name: t.exposeString('name', { nullable: false }),
    settings: t.field({
      type: OrganizationSettings,
      nullable: false,
      description: 'How it wants its contacts to be treated.',
      resolve: (organization) => organization,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
  }),
})

const ApiKey = builder.prismaObject('ApiKey', {
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'The id of the key; not the key itself.' }),
    name: t.exposeString('name', { nullable: false }),
    hint: t.exposeString('hint', { nullable: false }),
    scopes: t.exposeStringList('scopes', { nullable: false }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
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

const UpdateOrganizationSettingsInput = builder.inputType('UpdateOrganizationSettingsInput', {
  description: 'How your organization wants its contacts to be treated. What is not said stays as it is.',
  fields: (t) => ({
    defaultCountry: t.string({
      description: 'ISO 3166-1 alpha-2 code to read phone numbers without a country prefix in; null if every number must carry one.',
    }),
    quietHours: t.boolean({ description: 'Whether messages wait until the contact’s local daytime.' }),
    marketingNeedsOptIn: t.boolean({ description: 'Whether marketing needs a recorded opt-in for the channel.' }),
  }),
})

builder.mutationField('updateOrganizationSettings', (t) =>
  t.field({
    type: Organization,
    description: 'Changes how your organization wants its contacts to be treated. Needs the scope settings:write.',
    errors: { types: [InvalidInput], union: { description: 'Your organization, or why nothing changed.' } },
    args: { input: t.arg({ type: UpdateOrganizationSettingsInput, required: true, description: 'The settings.' }) },
    async resolve(_root, { input }, context) {
      await updateOrganizationSettings(context, input)
      return getOrganization(context)
    },
  }),
)
