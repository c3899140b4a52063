import type { Event } from '../../../data/generated/client.ts'
import { type Activity, activityKind, type ActivityKind, describeActivity } from '../../../domain/activities/describe.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { builder } from './builder.ts'
import { columnIfAny, computedFrom, needs } from './compiled-fields.ts'
import { Contact } from './contacts.ts'
import {
  CallStatus,
  Channel,
  Direction,
  FailureReason,
  MessageCategory,
  MessageRoute,
  MessageStatus,
  TicketPriority,
  TicketStatus,
} from './enums.ts'
import { node, NodeInterface } from './node.ts'

/** The type of each kind of activity. */
export const typenames: Readonly<Record<ActivityKind, string>> = { message: 'Message', call: 'Call', ticket: 'Ticket', event: 'Event' }

/** What the four kinds of activity have in common, as the timeline shows them. */
export const TimelineEntry = builder.interfaceRef<Activity>('TimelineEntry').implement({
  interfaces: [NodeInterface],
  description: 'Something that happened between a contact and the organization: a message, a call, a ticket or an event.',
  resolveType: (activity) => typenames[activityKind(activity)],
  fields: (t) => ({
    occurredAt: t.expose('occurredAt', { type: 'DateTime', nullable: false, description: 'When it happened.' }),
    channel: t.field({
      type: Channel,
      description: 'The channel of a message; `VOICE` for a call; null for a ticket and an event.',
      ...computedFrom(['channel'], (activity: Activity) => describeActivity(activity).channel),
    }),
    direction: t.field({
      type: Direction,
      description: 'Who spoke; null for a ticket and an event.',
      ...columnIfAny('direction', (activity: Activity) => ('direction' in activity ? activity.direction : null)),
    }),
    title: t.string({
      nullable: false,
      description:
        'One line that says what it was: a message’s subject or the beginning of its text, how a call ended, a ticket’s subject, an event’s name.',
      ...computedFrom(['subject', 'body', 'direction', 'status', 'name'], (activity: Activity) => describeActivity(activity).title),
    }),
    externalId: t.exposeString('externalId', {
      description:
        'The id that the sending system has given; null if it gave none. Unique among the organization’s activities of the kind.',
    }),
    contact: t.field({
      type: Contact,
      description: 'Whom it happened with; null if the contact was deleted meanwhile.',
      ...needs('contactId'),
      resolve: (activity, _args, context) => context.loaders.contact.load(activity.contactId),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false, description: 'When it was first recorded.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', nullable: false, description: 'When what is recorded last changed.' }),
  }),
})

const interfaces = [NodeInterface, TimelineEntry]

builder.prismaObject('Message', {
  interfaces,
  ...node('message', ({ loaders }, id) => loaders.message.load(id)),
  fields: (t) => ({
    channel: t.expose('channel', { type: Channel, nullable: false, description: 'The channel that it went through.' }),
    direction: t.expose('direction', { type: Direction, nullable: false, description: 'Who wrote it.' }),
    category: t.expose('category', { type: MessageCategory }),
    status: t.expose('status', { type: MessageStatus, nullable: false, description: 'How far it has come.' }),
    routedTo: t.expose('routedTo', { type: MessageRoute }),
    isAutomatic: t.exposeBoolean('isAutomatic', {
      nullable: false,
      description: 'Whether a machine wrote it: an automatic reply if inbound, an automated message if outbound.',
    }),
    resolvedAt: t.expose('resolvedAt', { type: 'DateTime' }),
    subject: t.exposeString('subject', { description: 'The subject; null if it has none.' }),
    body: t.exposeString('body', { description: 'The text; null if it is not known.' }),
    sentAt: t.expose('sentAt', { type: 'DateTime', description: 'When it was sent; null if unknown.' }),
    deliveredAt: t.expose('deliveredAt', { type: 'DateTime', description: 'When it arrived; null if unknown.' }),
    readAt: t.expose('readAt', { type: 'DateTime', description: 'When it was opened; null if unknown.' }),
    failureReason: t.expose('failureReason', {
      type: FailureReason,
      nullable: true,
      description: 'Why it did not arrive; null if it did, or if that is not known.',
    }),
    mayBeOptOut: t.exposeBoolean('mayBeOptOut', {
      nullable: false,
      description: 'Whether an inbound message contains a stop word among others: it changed nothing, and a person should look.',
    }),
  }),
})

builder.prismaObject('Call', {
  interfaces,
  ...node('call', ({ loaders }, id) => loaders.call.load(id)),
  fields: (t) => ({
    direction: t.expose('direction', { type: Direction, nullable: false, description: 'Who called.' }),
    status: t.expose('status', { type: CallStatus, nullable: false, description: 'How it ended.' }),
    isAutomatic: t.exposeBoolean('isAutomatic', { nullable: false, description: 'Whether a machine made the call.' }),
    resolvedAt: t.expose('resolvedAt', { type: 'DateTime' }),
    durationSeconds: t.exposeInt('durationSeconds'),
    recordingUrl: t.exposeString('recordingUrl'),
  }),
})

export const Ticket = builder.prismaObject('Ticket', {
  interfaces,
  ...node('ticket', ({ loaders }, id) => loaders.ticket.load(id)),
  fields: (t) => ({
    subject: t.exposeString('subject', { nullable: false, description: 'What it is about.' }),
    status: t.expose('status', { type: TicketStatus, nullable: false, description: 'How far it has come.' }),
    statusAt: t.expose('statusAt', { type: 'DateTime', nullable: false }),
    priority: t.expose('priority', { type: TicketPriority, nullable: false, description: 'How urgent it is.' }),
    firstReplyAt: t.expose('firstReplyAt', { type: 'DateTime' }),
    closedAt: t.expose('closedAt', { type: 'DateTime' }),
  }),
})

builder.prismaObject('Event', {
  interfaces,
  ...node('event', ({ loaders }, id) => loaders.event.load(id)),
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false }),
    properties: t.field({
      type: 'JSON',
      nullable: false,
      description: 'What else is known about it.',
      ...computedFrom(['properties'], ({ properties }: Event) => (isJsonObject(properties) ? properties : {})),
    }),
  }),
})
