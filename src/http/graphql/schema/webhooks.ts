import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  rotateWebhookSecret,
  updateWebhookEndpoint,
} from '../../../domain/webhooks/commands.ts'
import { deliveryList, deliveryPosition, findWebhookEndpoints } from '../../../domain/webhooks/queries.ts'
import { replayWebhookDeliveries, testWebhookEndpoint } from '../../../domain/webhooks/replay.ts'
import type { ContactChangeKind as KindName } from '../../../domain/changes/rules.ts'
import { EventIdExpired } from '../../../domain/changes/rules.ts'
import { InvalidInput, NotFound } from '../../../kernel/errors.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { parseId } from '../../../kernel/ids.ts'
import { builder } from './builder.ts'
import { costOfItems } from './complexity.ts'
import { connectionTypes, edgeOf, resolveFilteredPage } from './connections.ts'
import { ContactChangeKind } from './contact-changes.ts'
import { ContactFilter } from './contact-filter.ts'
import { values } from './enums.ts'
import { mutation } from './mutations.ts'
import { node, NodeInterface } from './node.ts'

const Status = builder.enumType('WebhookDeliveryStatus', {
  description: 'How far a delivery is.',
  values: values({
    pending: 'It waits for its first attempt or for the next one.',
    delivered: 'The endpoint answered with a status of 200 to 299.',
    failed: 'All attempts failed. `replayWebhookDeliveries` sends it again.',
  }),
})

const Delivery = builder.prismaObject('WebhookDelivery', {
  interfaces: [NodeInterface],
  ...node('webhookDelivery', ({ loaders }, id) => loaders.webhookDelivery.load(id)),
  fields: (t) => ({
    type: t.exposeString('type', { nullable: false }),
    contactId: t.exposeID('contactId', { description: 'The contact that it is about; null for imports and tests.' }),
    importJobId: t.exposeID('importJobId', { description: 'The import that it is about; null for anything else.' }),
    kinds: t.field({
      type: [ContactChangeKind],
      nullable: { list: false, items: false },
      description: 'What happened to the contact.',
      // proof: only kinds of changes of contacts are stored
      resolve: ({ kinds }) => kinds as KindName[],
    }),
    fields: t.exposeStringList('fields', { nullable: false, description: 'The fields of the contact that changed, by their names.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', nullable: false, description: 'When the last of it happened.' }),
    status: t.expose('status', { type: Status, nullable: false, description: 'How far it is.' }),
    attempts: t.exposeInt('attempts', { nullable: false, description: 'How often it was sent.' }),
    nextAttemptAt: t.field({
      type: 'DateTime',
      description: 'When it is sent next, at the earliest; null if it has ended.',
      resolve: ({ status, nextAttemptAt }) => (status === 'pending' ? nextAttemptAt : null),
    }),
    deliveredAt: t.expose('deliveredAt', { type: 'DateTime' }),
    lastStatusCode: t.exposeInt('lastStatusCode', {}),
    lastError: t.exposeString('lastError', {}),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false, description: 'When it was put in the queue.' }),
  }),
})

const Deliveries = connectionTypes(Delivery, 'WebhookDelivery', {
  page: 'A page of deliveries.',
  edge: 'A delivery and its position in the list.',
})

const Endpoint = builder.prismaObject('WebhookEndpoint', {
  interfaces: [NodeInterface],
  ...node('webhookEndpoint', ({ loaders }, id) => loaders.webhookEndpoint.load(id)),
  fields: (t) => ({
    url: t.exposeString('url', { nullable: false }),
    description: t.exposeString('description', {}),
    kinds: t.field({
      type: [ContactChangeKind],
      nullable: { list: false, items: false },
      description: 'The kinds of changes that are sent; empty: all.',
      // proof: only kinds of changes of contacts are stored
      resolve: ({ kinds }) => kinds as KindName[],
    }),
    filter: t.field({
      type: 'JSON',
      description: 'Which contacts it follows, in the form of `ContactFilter`; null: all.',
      // proof: only objects are stored
      resolve: ({ filter }) => filter as JsonObject | null,
    }),
    importedContacts: t.exposeBoolean('importedContacts', { nullable: false }),
    enabled: t.exposeBoolean('enabled', { nullable: false, description: 'Whether events are sent.' }),
    previousSecretExpiresAt: t.expose('previousSecretExpiresAt', { type: 'DateTime' }),
    failingSince: t.expose('failingSince', { type: 'DateTime' }),
    switchedOffAt: t.expose('switchedOffAt', { type: 'DateTime' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false, description: 'When it was created.' }),
    createdBy: t.exposeString('createdBy', { nullable: false }),
    deliveries: t.connection(
      {
        type: Delivery,
        nullable: false,
        description: 'What was sent and what waits, the latest first. Deliveries that ended are kept as long as changes.',
        args: { status: t.arg({ type: Status, description: 'Only those with this status. Default: all.' }) },
        resolve: resolveFilteredPage({
          list: ({ id }) => deliveryList(id),
          read: ({ id }, { status }, { loaders }, page) => loaders.webhookDeliveries({ status: status ?? null, page }).load(id),
          position: deliveryPosition,
        }),
      },
      Deliveries.Connection,
      Deliveries.Edge,
    ),
  }),
})

builder.queryField('webhookEndpoints', (t) =>
  t.field({
    type: [Endpoint],
    nullable: { list: false, items: false },
    complexity: costOfItems(20),
    description: 'The webhook endpoints of your organization, at most 20, the oldest first. Needs the scope settings:write.',
    resolve: (_root, _args, context) => findWebhookEndpoints(context),
  }),
)

const secretDescription = 'The secret that signs, `whsec_…`. It is shown only once.'

mutation('createWebhookEndpoint', {
  description:
    'Lets your server receive what happens to contacts from now on, signed after Standard Webhooks. Needs the scope settings:write, and contacts:read.',
  input: {
    description: 'Where to send which events.',
    fields: (t) => ({
      url: t.string({ required: true, description: 'An https URL on the public internet, at most 2,000 characters.' }),
      kinds: t.field({ type: [ContactChangeKind], description: 'The kinds of changes to send. Default: all.' }),
      filter: t.field({ type: ContactFilter, description: 'Which contacts to follow. Default: all.' }),
      importedContacts: t.boolean({
        description:
          'Whether each contact that an import changes is an event of its own, instead of one event for the import. Default: false.',
      }),
      description: t.string({ description: 'What it is for, at most 500 characters.' }),
    }),
  },
  errors: { types: [InvalidInput], description: 'The new endpoint, or why there is none.' },
  resolve: (input, context) => createWebhookEndpoint(context, input, context.webhooks),
  payload: {
    description: 'The endpoint receives events.',
    fields: (t) => ({
      webhookEndpoint: t.field({ type: Endpoint, nullable: false, description: 'The new endpoint.', resolve: ({ endpoint }) => endpoint }),
      secret: t.exposeString('secret', { nullable: false, description: secretDescription }),
    }),
  },
})

mutation('updateWebhookEndpoint', {
  description:
    'Changes a webhook endpoint. One that is enabled again continues where it stopped, as far as changes are kept. Needs the scope settings:write, and ' +
    'contacts:read.',
  input: {
    description: 'A change of a webhook endpoint. Omitted fields keep their values.',
    fields: (t) => ({
      webhookEndpointId: t.id({ required: true, description: 'The id of the endpoint.' }),
      url: t.string({ description: 'An https URL on the public internet.' }),
      kinds: t.field({ type: [ContactChangeKind], description: 'The kinds of changes to send; null: all.' }),
      filter: t.field({ type: ContactFilter, description: 'Which contacts to follow; null: all.' }),
      importedContacts: t.boolean({ description: 'Whether each contact that an import changes is an event of its own.' }),
      description: t.string({ description: 'What it is for; null removes it.' }),
      enabled: t.boolean({ description: 'Whether events are sent.' }),
    }),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The endpoint, or why it did not change.' },
  resolve: ({ webhookEndpointId, ...input }, context) =>
    updateWebhookEndpoint(context, parseId('webhookEndpoint', webhookEndpointId, 'webhookEndpointId'), input, context.webhooks),
  payload: {
    description: 'The endpoint has changed.',
    fields: (t) => ({
      webhookEndpoint: t.field({ type: Endpoint, nullable: false, description: 'The endpoint now.', resolve: (endpoint) => endpoint }),
    }),
  },
})

mutation('deleteWebhookEndpoint', {
  description: 'Removes a webhook endpoint and its deliveries. Events that wait are not sent any more. Needs the scope settings:write.',
  input: {
    description: 'The endpoint to remove.',
    fields: (t) => ({ webhookEndpointId: t.id({ required: true, description: 'The id of the endpoint.' }) }),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The id of the removed endpoint, or why it was not removed.' },
  async resolve({ webhookEndpointId }, context) {
    await deleteWebhookEndpoint(context, parseId('webhookEndpoint', webhookEndpointId, 'webhookEndpointId'))
    return { deletedId: webhookEndpointId }
  },
  payload: {
    description: 'The endpoint is removed.',
    fields: (t) => ({ deletedId: t.exposeID('deletedId', { nullable: false, description: 'The id that the endpoint had.' }) }),
  },
})

mutation('rotateWebhookSecret', {
  description:
    'Gives a webhook endpoint a new secret. Until the overlap ends, events are signed with the new and the previous one. Needs the scope settings:write, ' +
    'and contacts:read.',
  input: {
    description: 'The endpoint whose secret to replace.',
    fields: (t) => ({
      webhookEndpointId: t.id({ required: true, description: 'The id of the endpoint.' }),
      overlapHours: t.int({ description: 'How long the previous secret signs as well, 0 to 168 hours. Default: 24.' }),
    }),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The new secret, or why there is none.' },
  resolve: ({ webhookEndpointId, overlapHours }, context) =>
    rotateWebhookSecret(context, parseId('webhookEndpoint', webhookEndpointId, 'webhookEndpointId'), overlapHours ?? null),
  payload: {
    description: 'The endpoint has a new secret.',
    fields: (t) => ({
      webhookEndpoint: t.field({ type: Endpoint, nullable: false, description: 'The endpoint.', resolve: ({ endpoint }) => endpoint }),
      secret: t.exposeString('secret', { nullable: false, description: secretDescription }),
    }),
  },
})

mutation('testWebhookEndpoint', {
  description:
    'Sends a `webhook.test` event to an endpoint at once and waits for its answer, at most 10 seconds. It is not retried. Needs the scope settings:write.',
  input: {
    description: 'The endpoint to test.',
    fields: (t) => ({ webhookEndpointId: t.id({ required: true, description: 'The id of the endpoint.' }) }),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The delivery, or why there is none.' },
  resolve: ({ webhookEndpointId }, context) =>
    testWebhookEndpoint(context, parseId('webhookEndpoint', webhookEndpointId, 'webhookEndpointId'), context.webhooks.poster),
  payload: {
    description: 'The event was sent.',
    fields: (t) => ({
      delivery: t.field({ type: Delivery, nullable: false, description: 'What it came to.', resolve: (delivery) => delivery }),
      deliveryEdge: t.field({
        type: Deliveries.Edge,
        nullable: false,
        description: 'The delivery and its position in `WebhookEndpoint.deliveries`.',
        resolve: (delivery) => edgeOf(delivery, deliveryList(delivery.endpointId), deliveryPosition),
      }),
    }),
  },
})

mutation('replayWebhookDeliveries', {
  description:
    'Sends events to an endpoint again: all that follow an event id, or deliveries that ended, by their ids or by the time at which they were queued. Needs the ' +
    'scope settings:write, and contacts:read.',
  input: {
    description: 'What to send again: `after`, or `deliveryIds`, or `from` with or without `to`.',
    fields: (t) => ({
      endpointId: t.id({ required: true, description: 'The id of the endpoint.' }),
      after: t.string({ description: 'An event id: the endpoint reads the feed again from there. The events have new ids.' }),
      deliveryIds: t.idList({ description: 'Deliveries that ended, at most 1,000.' }),
      from: t.field({ type: 'DateTime', description: 'Deliveries that were queued at this time or later. They keep their ids.' }),
      to: t.field({ type: 'DateTime', description: 'Deliveries that were queued before this time. Default: now.' }),
    }),
  },
  errors: { types: [InvalidInput, NotFound, EventIdExpired], description: 'How much is sent again, or why nothing is.' },
  resolve: ({ endpointId, ...request }, context) =>
    replayWebhookDeliveries(context, parseId('webhookEndpoint', endpointId, 'endpointId'), request),
  payload: {
    description: 'The events wait to be sent.',
    fields: (t) => ({
      webhookEndpoint: t.field({ type: Endpoint, nullable: false, description: 'The endpoint.', resolve: ({ endpoint }) => endpoint }),
      count: t.exposeInt('count', {
        description: 'How many deliveries are sent again; null with `after`: the feed is read to find out.',
      }),
    }),
  },
})
