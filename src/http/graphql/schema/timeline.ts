import { type Activity, isActivityKind } from '../../../domain/activities/describe.ts'
import { changesAtOnce } from '../../../domain/changes/organization-feed.ts'
import { type TimelineFilter, timelineList, timelinePosition, timelinesOfContacts } from '../../../domain/timeline/queries.ts'
import { type TimelineEntryChange, type TimelineAdded as TimelineAddedEvent, watchTimeline } from '../../../domain/timeline/watch.ts'
import { idKind, parseId } from '../../../kernel/ids.ts'
import type { PageRequest } from '../../../kernel/page.ts'
import { TimelineEntry, typenames } from './activities.ts'
import { builder } from './builder.ts'
import { compiledRelation, needs } from './compiled-fields.ts'
import { connectionTypes, resolveFilteredPage } from './connections.ts'
import { Contact } from './contacts.ts'
import { TimelineKind } from './enums.ts'
import { costOfItems } from './complexity.ts'

const Timeline = connectionTypes(TimelineEntry, 'Timeline', {
  page: 'A page of a timeline.',
  edge: 'Something that happened and its position in the timeline.',
})

const latest: PageRequest = { limit: 1, direction: 'forward', from: null, total: false, more: false }

builder.prismaObjectField(Contact, 'lastActivity', (t) =>
  t.field({
    type: TimelineEntry,
    description: 'The latest message, call, ticket or event; null if there is none.',
    ...needs('id'),
    async resolve({ id }, _args, { loaders }) {
      const { items } = await loaders.timeline({ filter: {}, page: latest }).load(id)
      return items[0] ?? null
    },
  }),
)

builder.prismaObjectField(Contact, 'timeline', (t) =>
  t.connection(
    {
      type: TimelineEntry,
      nullable: false,
      description:
        'Everything that happened between the contact and the organization: messages, calls, tickets and events, as they are recorded, newest first. ' +
        'For how the contact came and moved, oldest first, ask for its journey.',
      args: {
        kinds: t.arg({ type: [TimelineKind], description: 'Any of these kinds. Default: all.' }),
        from: t.arg({ type: 'DateTime', description: 'Entries at or after this time.' }),
        to: t.arg({ type: 'DateTime', description: 'Entries before this time.' }),
      },
      resolve: resolveFilteredPage({
        list: ({ id }) => timelineList(id),
        read: ({ id }, { kinds, from, to }, { loaders }, page) => loaders.timeline({ filter: { kinds, from, to }, page }).load(id),
        position: timelinePosition,
      }),
      ...compiledRelation<Activity, TimelineFilter>({
        shape: timelinesOfContacts.shape,
        types: typenames,
        order: { list: timelineList, position: timelinePosition, positionColumns: ['occurredAt', 'id'] },
        relation: (context, { kinds, from, to }, page) => timelinesOfContacts.relation(context, { kinds, from, to }, page),
      }),
    },
    Timeline.Connection,
    Timeline.Edge,
  ),
)

const TimelineChange = builder.objectRef<TimelineEntryChange>('TimelineChange').implement({
  description: 'An entry of a timeline that is new, or of which something new is known.',
  fields: (t) => ({
    isNew: t.exposeBoolean('isNew', {
      nullable: false,
      description: 'Whether it was recorded just now; if not, what is recorded of it has changed, such as the status of a message.',
    }),
    entry: t.field({
      type: TimelineEntry,
      description: 'The entry at the time of delivery; null if the contact is deleted.',
      resolve: ({ id }, _args, { loaders }): Promise<Activity | null> => {
        const kind = idKind(id)
        return isActivityKind(kind) ? loaders[kind].load(id) : Promise.resolve(null)
      },
    }),
  }),
})

const TimelineAdded = builder.objectRef<TimelineAddedEvent>('TimelineAdded').implement({
  description: 'Something was recorded of the contact that is watched.',
  fields: (t) => ({
    eventId: t.exposeString('eventId', { nullable: false, description: 'Names the event: pass it as `after` to go on from here. Opaque.' }),
    entries: t.expose('entries', {
      type: [TimelineChange],
      nullable: false,
      complexity: costOfItems(changesAtOnce),
      description: `What was recorded, at most ${changesAtOnce} entries.`,
    }),
  }),
})

builder.subscriptionFields((t) => ({
  timelineAdded: t.field({
    type: TimelineAdded,
    nullable: false,
    description: 'What is recorded of one contact: messages, calls, tickets and events. Needs the scope contacts:read.',
    args: {
      contactId: t.arg.id({ required: true, description: 'The id of the contact.' }),
      after: t.arg.string({
        description: 'The `eventId` of the last event that you received: entries recorded later are delivered first.',
      }),
    },
    subscribe: (_root, { contactId, after }, context) =>
      context.keepOpen(() => watchTimeline(context, parseId('contact', contactId, 'contactId'), after ?? context.lastEventId)),
    resolve: (event) => event,
  }),
}))
