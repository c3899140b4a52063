import type { SendReservation as Row } from '../../../data/generated/client.ts'
import { releaseReservation } from '../../../domain/reservations/commands.ts'
import { getWrittenReservation } from '../../../domain/reservations/queries.ts'
import { reservationStatuses, type ReservationStatus as Status, statusOf } from '../../../domain/reservations/rules.ts'
import { reserveSend } from '../../../domain/sending/commands.ts'
import { SendNotAllowed } from '../../../domain/sending/errors.ts'
import { InvalidInput, NotFound } from '../../../kernel/errors.ts'
import { parseId } from '../../../kernel/ids.ts'
import { meanings } from '../../error-catalog.ts'
import { builder, type SchemaTypes } from './builder.ts'
import { Contact } from './contacts.ts'
import { Channel, MessageCategory } from './enums.ts'
import { ErrorInterface } from './errors.ts'
import { mutation } from './mutations.ts'
import { node, NodeInterface } from './node.ts'
import { SendDecision } from './sending.ts'
import { Topic } from './topics.ts'

const statusMeanings: Readonly<Record<Status, string>> = {
  held: 'The slot is kept.',
  used: 'Its message or call was recorded, and takes the slot.',
  released: 'The slot was given back.',
  expired: 'The slot is free again: no message was recorded in time.',
}

const ReservationStatus = builder.enumType('ReservationStatus', {
  description: 'The status of a reservation.',
  values: Object.fromEntries(
    reservationStatuses.map((status) => [status.toUpperCase(), { value: status, description: statusMeanings[status] }]),
  ),
})

const SendReservation = builder.objectRef<Row>('SendReservation').implement({
  description: 'A slot of the frequency caps that is kept for one message or call.',
  interfaces: [NodeInterface],
  ...node('sendReservation', ({ loaders }, id) => loaders.sendReservation.load(id)),
  fields: (t) => ({
    status: t.field({
      type: ReservationStatus,
      nullable: false,
      description: 'Its status.',
      resolve: (reservation, _args, context) => statusOf(reservation, context.now()),
    }),
    contact: t.field({
      type: Contact,
      description: 'The contact; null if it is deleted.',
      resolve: (reservation, _args, context) => context.loaders.contact.load(reservation.contactId),
    }),
    channel: t.expose('channel', { type: Channel, nullable: false, description: 'The channel to send on.' }),
    category: t.expose('category', { type: MessageCategory, nullable: false, description: 'Why it is to be sent.' }),
    topic: t.field({
      type: Topic,
      nullable: true,
      description: 'The topic that the message belongs to; null: none.',
      resolve: ({ topicId }, _args, context) => (topicId === null ? null : context.loaders.topic.load(topicId)),
    }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'The address that the message is to go to; null: the primary one of the contact for the channel.',
    }),
    at: t.expose('occursAt', { type: 'DateTime', nullable: false, description: 'When it is to be sent.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: false, description: 'When the slot frees by itself.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false, description: 'When the slot was reserved.' }),
    decision: t.field({
      type: SendDecision,
      nullable: false,
      description: 'The decision on which the slot was reserved: that the message may be sent.',
      resolve: ({ occursAt }) => ({ allowed: true, reasons: [], nextAllowedAt: occursAt }),
    }),
  }),
})

builder.objectType(SendNotAllowed, {
  name: 'SendNotAllowed',
  description: meanings.SEND_NOT_ALLOWED.when,
  interfaces: [ErrorInterface],
  fields: (t) => ({
    decision: t.expose('decision', {
      type: SendDecision,
      nullable: false,
      description: 'Every reason, and when the message may be sent.',
    }),
  }),
})

const payload = (description: string) => ({
  description,
  fields: (t: PothosSchemaTypes.ObjectFieldBuilder<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>, Row>) => ({
    reservation: t.field({
      type: SendReservation,
      nullable: false,
      description: 'The reservation.',
      resolve: (reservation) => reservation,
    }),
  }),
})

mutation('reserveSend', {
  description:
    'Decides whether a message may be sent, and if so keeps a slot of the frequency caps for it: of several senders that ask at once, no more get one ' +
    'than there are. Send the message, and record it by `recordActivities` with `reservationId`, which takes the slot. A slot that is neither ' +
    'taken nor released frees when the reservation expires. Needs the scope contacts:write.',
  input: {
    description: 'The message to reserve a slot for.',
    fields: (t) => ({
      contactId: t.id({ required: true, description: 'The id of the contact.' }),
      channel: t.field({ type: Channel, required: true, description: 'The channel to send on.' }),
      category: t.field({ type: MessageCategory, required: true, description: 'Why it is to be sent.' }),
      topic: t.string({ description: 'The key or the id of the topic that it belongs to. Default: none.' }),
      address: t.string({ description: 'One of the addresses of the contact. Default: its primary one for the channel.' }),
      at: t.field({ type: 'DateTime', description: 'When it is to be sent. Default: now.' }),
      expiresInSeconds: t.int({ description: 'For how long the slot is kept, 1 to 604,800 (7 days). Default: 300.' }),
    }),
  },
  errors: { types: [SendNotAllowed, InvalidInput, NotFound], description: 'The reservation, or why there is none.' },
  async resolve(input, context) {
    const id = await reserveSend(context, { ...input, contactId: parseId('contact', input.contactId, 'contactId') })
    return getWrittenReservation(context, id)
  },
  payload: payload('The slot is kept.'),
})

mutation('releaseReservation', {
  description: 'Gives the slot of a reservation back whose message is not sent. Needs the scope contacts:write.',
  input: {
    description: 'The reservation to release.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The id of the reservation.' }) }),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The reservation, or why it was not released.' },
  async resolve({ id }, context) {
    return getWrittenReservation(context, await releaseReservation(context, id))
  },
  payload: payload('The slot is free, unless it was before.'),
})
