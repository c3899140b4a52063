import type { Contact as ContactRow } from '../../../data/generated/client.ts'
import { journeyList, journeyPosition, type StageOfJourney } from '../../../domain/journey/queries.ts'
import type { JourneyEntry as Entry, JourneyType } from '../../../domain/journey/rules.ts'
import { builder } from './builder.ts'
import { connectionTypes, resolvePage } from './connections.ts'
import { Contact } from './contacts.ts'
import { Channel, Direction, LifecycleStage, values } from './enums.ts'

const JourneyEntryType = builder.enumType('JourneyEntryType', {
  description: 'The kinds of steps of a journey.',
  values: values<JourneyType>({
    created: 'The contact was created.',
    imported: 'The contact came in with an import.',
    first_touch: 'The first message or call on a channel.',
    touch: 'Any further message or call.',
    milestone: 'What the contact did or needed besides: an event or a ticket.',
    stage_changed: 'The contact moved to another lifecycle stage.',
    consent_changed: 'Consent for a channel changed.',
    blocked: 'The contact was blocked.',
    unblocked: 'The block of the contact ended.',
    suppressed: 'One of its addresses was put on the suppression list.',
    suppression_lifted: 'A suppression of one of its addresses was lifted.',
    merged: 'Other contacts were merged into the contact.',
  }),
})

const JourneyEntry = builder.objectRef<Entry>('JourneyEntry').implement({
  description: 'One step of a journey.',
  fields: (t) => ({
    occurredAt: t.expose('occurredAt', { type: 'DateTime', nullable: false, description: 'When it happened.' }),
    stage: t.expose('stage', {
      type: LifecycleStage,
      nullable: false,
      description: 'The stage that it happened in; of a change of stage, the one that was entered.',
    }),
    type: t.expose('type', { type: JourneyEntryType, nullable: false, description: 'What kind of step it is.' }),
    channel: t.expose('channel', { type: Channel, description: 'The channel of a touch or a consent; null for all else.' }),
    direction: t.expose('direction', { type: Direction, description: 'Who spoke; null for all but touches.' }),
    title: t.exposeString('title', { nullable: false, description: 'One line that says what it was.' }),
    detail: t.exposeString('detail', {
      description: 'How it ended, why or by whom; of an event the beginning of its properties; null if there is nothing to add.',
    }),
    referenceId: t.exposeID('referenceId', { nullable: false, description: 'The id of the record that the entry describes.' }),
  }),
})

const ChannelTouches = builder.objectRef<StageOfJourney['touches'][number]>('ChannelTouches').implement({
  description: 'How often there was contact on a channel.',
  fields: (t) => ({
    channel: t.expose('channel', { type: Channel, nullable: false, description: 'The channel.' }),
    count: t.exposeInt('count', { nullable: false, description: 'How many messages and calls, in either direction.' }),
  }),
})

const JourneyStage = builder.objectRef<StageOfJourney>('JourneyStage').implement({
  description: 'A time that a contact spent in one lifecycle stage.',
  fields: (t) => ({
    stage: t.expose('stage', { type: LifecycleStage, nullable: false, description: 'The stage.' }),
    enteredAt: t.expose('enteredAt', {
      type: 'DateTime',
      nullable: false,
      description: 'When the contact entered it; the first one when it was created.',
    }),
    leftAt: t.expose('leftAt', { type: 'DateTime', description: 'When the contact left it; null while it lasts.' }),
    durationSeconds: t.exposeInt('durationSeconds', { nullable: false, description: 'How long it lasted, or has lasted until now.' }),
    touches: t.field({
      type: [ChannelTouches],
      nullable: { list: false, items: false },
      description: 'The messages and calls within it, the busiest channel first; channels without any are left out.',
      resolve: ({ touches }) => [...touches],
    }),
  }),
})

const JourneyEntries = connectionTypes(JourneyEntry, 'JourneyEntry', {
  page: 'A page of a journey.',
  edge: 'A step of a journey and its position in it.',
})

const Journey = builder.objectRef<ContactRow>('Journey').implement({
  description: 'How a contact came and moved.',
  fields: (t) => ({
    currentStage: t.expose('lifecycleStage', { type: LifecycleStage, nullable: false, description: 'Where the contact stands now.' }),
    stages: t.field({
      type: [JourneyStage],
      nullable: { list: false, items: false },
      description: 'The stages that it was in, in their order; the last one is the current one.',
      resolve: async (contact, _args, context) => [...(await context.loaders.stages.load(contact.id))],
    }),
    entries: t.connection(
      {
        type: JourneyEntry,
        nullable: false,
        description: 'The steps, oldest first, each with the stage that it happened in.',
        resolve: resolvePage({
          list: ({ id }) => journeyList(id),
          read: ({ id }, { loaders }, page) => loaders.journey(page).load(id),
          position: journeyPosition,
        }),
      },
      JourneyEntries.Connection,
      JourneyEntries.Edge,
    ),
  }),
})

builder.prismaObjectField(Contact, 'journey', (t) =>
  t.field({
    type: Journey,
    nullable: false,
    description:
      'How the contact came and moved, oldest first: creation, first touch on each channel, changes of stage and of consent, blocks, milestones and touches. ' +
      'For what happened as it was recorded, newest first, ask for its timeline.',
    resolve: (contact) => contact,
  }),
)
