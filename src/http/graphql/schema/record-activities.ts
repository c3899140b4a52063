import type { Outcome } from '../../../domain/activities/batch.ts'
import { recordActivities } from '../../../domain/activities/commands.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { builder } from './builder.ts'
import { ExternalIdInput } from './contact-point-inputs.ts'
import { CallStatus, Channel, Direction, FailureReason, MessageCategory, MessageStatus, TicketPriority, TicketStatus } from './enums.ts'
import { ErrorCode } from './errors.ts'
import { costOfItems, costOfOne } from './complexity.ts'
import { type InputFields, mutation } from './mutations.ts'

export const ContactRef = builder.inputType('ContactRef', {
  description: 'Names a contact, by exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'The id of the contact.' }),
    phone: t.string({ description: 'One of its phone numbers, with the extension if it has one, however they are written.' }),
    email: t.string({ description: 'One of its email addresses, without regard to case.' }),
    externalId: t.field({ type: ExternalIdInput, description: 'The id that another system has for it.' }),
  }),
})

/** The inputs that all four kinds share. */
function activityFields(t: InputFields) {
  return {
    externalId: t.string({
      description: 'The id of the item in your system, at most 200 characters. An item with a known id is updated and not recorded twice.',
    }),
    contact: t.field({ type: ContactRef, required: true, description: 'Whom it happened with.' }),
    createContact: t.boolean({
      description: 'Whether to create the contact if none has the phone number or email address. Also needs the scope contacts:write.',
    }),
    occurredAt: t.field({ type: 'DateTime', required: true, description: 'When it happened: since 1970, and not in the future.' }),
  }
}

const MessageInput = builder.inputType('MessageInput', {
  description:
    'A message. If it is recorded again with the same `externalId`, the furthest status and the earliest of each time win; omitted fields stay unchanged.',
  fields: (t) => ({
    ...activityFields(t),
    channel: t.field({ type: Channel, required: true, description: 'The channel that it went through.' }),
    direction: t.field({ type: Direction, required: true, description: 'Who wrote it.' }),
    category: t.field({ type: MessageCategory, description: 'The purpose of the message. Outbound messages only. Default: `SERVICE`.' }),
    status: t.field({
      type: MessageStatus,
      description:
        'Delivery status. Default: the furthest status that the given times prove, at least `SENT`, or `RECEIVED` for inbound messages.',
    }),
    isAutomated: t.boolean({
      description:
        'Whether a machine sends it, such as a campaign. Does not answer a question of the contact. Default: false. Outbound messages only.',
    }),
    isAutomatic: t.boolean({
      description:
        'Whether a machine wrote it, such as an automatic reply. Never counts as an answer or a question. Default: whether the subject is one of an automatic reply. Inbound messages only.',
    }),
    reservationId: t.id({ description: 'The reservation whose slot of the frequency caps it takes; outbound only.' }),
    subject: t.string({ description: 'The subject, at most 500 characters.' }),
    body: t.string({ description: 'The text, at most 100,000 characters.' }),
    sentAt: t.field({ type: 'DateTime', description: 'When it was sent.' }),
    deliveredAt: t.field({ type: 'DateTime', description: 'When it arrived.' }),
    readAt: t.field({ type: 'DateTime', description: 'When it was opened.' }),
    address: t.string({
      description:
        'The address that it went to or came from. Default: that of its reservation, else the primary one of the contact for the channel.',
    }),
    failureReason: t.field({
      type: FailureReason,
      description:
        'Why it did not arrive: a hard bounce and an unreachable number make the address unreachable. A complaint is an opt-out. Outbound messages only.',
    }),
  }),
})

const CallInput = builder.inputType('CallInput', {
  description:
    'A phone call. If it is recorded again with the same `externalId`, the most significant status wins: an answered call outranks a missed one.',
  fields: (t) => ({
    ...activityFields(t),
    direction: t.field({ type: Direction, required: true, description: 'Who called.' }),
    status: t.field({ type: CallStatus, required: true, description: 'How it ended.' }),
    isAutomated: t.boolean({ description: 'Whether a machine calls. Default: false. Outbound calls only.' }),
    durationSeconds: t.int({ description: 'How long the two sides talked, in seconds, at most a week.' }),
    recordingUrl: t.string({ description: 'Where a recording is kept: an http or https address.' }),
    address: t.string({
      description: 'The number that was called or that called. Default: that of its reservation, else the primary one of the contact.',
    }),
    reservationId: t.id({ description: 'The reservation whose slot of the frequency caps it takes; outbound only.' }),
  }),
})

const TicketInput = builder.inputType('TicketInput', {
  description: 'A support ticket. If it is recorded again with the same `externalId`, the status with the later `statusAt` wins.',
  fields: (t) => ({
    ...activityFields(t),
    subject: t.string({ required: true, description: 'What it is about, at most 500 characters.' }),
    status: t.field({ type: TicketStatus, description: 'Status. Default: `CLOSED` if `closedAt` is given, else `OPEN`.' }),
    statusAt: t.field({
      type: 'DateTime',
      description: 'When it reached this status. Default: `closedAt`, else `openedAt`.',
    }),
    priority: t.field({ type: TicketPriority, description: 'Priority. Default for a new ticket: `NORMAL`.' }),
    firstReplyAt: t.field({ type: 'DateTime', description: 'When the first reply was sent.' }),
    closedAt: t.field({ type: 'DateTime', description: 'When it was closed.' }),
  }),
})

const EventInput = builder.inputType('EventInput', {
  description:
    'Another event of the contact, such as a page view or a purchase. If it is recorded again with the same `externalId`, the last version wins.',
  fields: (t) => ({
    ...activityFields(t),
    name: t.string({ required: true, description: 'What happened, such as `order_placed`, at most 100 characters.' }),
    properties: t.field({ type: 'JSON', description: 'What else is known about it: a JSON object of at most 16 KiB.' }),
  }),
})

const ActivityInput = builder.inputType('ActivityInput', {
  description: 'One thing that happened: exactly one of the four.',
  isOneOf: true,
  fields: (t) => ({
    message: t.field({ type: MessageInput, description: 'A message.' }),
    call: t.field({ type: CallInput, description: 'A call.' }),
    ticket: t.field({ type: TicketInput, description: 'A ticket.' }),
    event: t.field({ type: EventInput, description: 'An event.' }),
  }),
})

const RecordingStatus = builder.enumType('RecordingStatus', {
  description: 'What became of one item of a batch.',
  values: {
    CREATED: { value: 'created', description: 'It is new.' },
    UPDATED: { value: 'updated', description: 'It was on record, and something of it is news.' },
    UNCHANGED: { value: 'unchanged', description: 'It was on record, and nothing of it is news.' },
    REJECTED: { value: 'rejected', description: 'It was not recorded; `code` and `message` say why.' },
  } as const,
})

const ActivityOutcome = builder.objectRef<{ index: number; outcome: Outcome }>('ActivityOutcome').implement({
  description: 'What became of one item of a batch.',
  fields: (t) => ({
    index: t.exposeInt('index', { nullable: false, description: 'The position of the item in the input, from 0.' }),
    status: t.field({
      type: RecordingStatus,
      nullable: false,
      description: 'What became of it.',
      resolve: ({ outcome }) => outcome.status,
    }),
    activityId: t.id({
      description: 'The id of the message, call, ticket or event; null if it was rejected.',
      resolve: ({ outcome }) => (outcome.status === 'rejected' ? null : outcome.id),
    }),
    code: t.field({
      type: ErrorCode,
      description: 'Why it was rejected, for programs; null if it was not.',
      resolve: ({ outcome }) => (outcome.status === 'rejected' ? outcome.reason.code : null),
    }),
    message: t.string({
      description: 'Why it was rejected, or what of it was ignored, such as a status that goes backwards; null if there is nothing to say.',
      resolve: ({ outcome }) => (outcome.status === 'rejected' ? outcome.reason.message : outcome.ignored),
    }),
    field: t.string({
      description: 'The input that is wrong; null if it is not one alone.',
      resolve: ({ outcome }) => (outcome.status === 'rejected' ? (outcome.reason.details.field ?? null) : null),
    }),
  }),
})

mutation('recordActivities', {
  description:
    'Records messages, calls, tickets and events, at most 1,000 at a time, mixed. Each is idempotent by its `externalId`. An item that is wrong does not stop ' +
    'the others: its outcome says why. A message to a blocked contact is rejected with `CONTACT_BLOCKED`; one from a blocked contact is filed under spam. ' +
    'Needs the scope activities:write.',
  input: {
    description: 'The activities to record.',
    fields: (t) => ({
      activities: t.field({ type: [ActivityInput], required: true, description: '1 to 1,000 messages, calls, tickets and events.' }),
    }),
  },
  errors: { types: [InvalidInput], description: 'The outcome of each item, or why nothing was done.' },
  complexity: ({ input }) => costOfItems(input.activities.length),
  resolve: async ({ activities }, context) => ({ outcomes: await recordActivities(context, activities) }),
  payload: {
    description: 'The outcome of each item of a batch.',
    fields: (t) => ({
      outcomes: t.field({
        type: [ActivityOutcome],
        nullable: { list: false, items: false },
        complexity: costOfOne,
        description: 'One for each item of the input, in their order.',
        resolve: ({ outcomes }) => outcomes.map((outcome, index) => ({ index, outcome })),
      }),
    }),
  },
})
