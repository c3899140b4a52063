import type { ActivityKind } from '../../domain/activities/describe.ts'
import { timelineList, timelinePosition } from '../../domain/timeline/queries.ts'
import { TimelineEntry } from './activities.ts'
import { builder } from './builder.ts'
import { connectionOf, pageRequest } from './connections.ts'
import { Contact } from './contacts.ts'
import { values } from './enums.ts'

export const TimelineKind = builder.enumType('TimelineKind', {
  description: 'The kinds of things that happen between a contact and the organization.',
  values: values<ActivityKind>({
    message: 'A message, on any channel.',
    call: 'A phone call.',
    ticket: 'A request for help.',
    event: 'Anything else that the contact did.',
  }),
})

const TimelineEdge = builder.edgeObject({
  type: TimelineEntry,
  name: 'TimelineEdge',
  description: 'Something that happened and its place in the timeline.',
})
const TimelineConnection = builder.connectionObject(
  { type: TimelineEntry, name: 'TimelineConnection', description: 'A page of a timeline.' },
  TimelineEdge,
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
        kinds: t.arg({ type: [TimelineKind], description: 'Any of these kinds; all of them if nothing is said.' }),
        from: t.arg({ type: 'DateTime', description: 'What happened at this moment or later.' }),
        to: t.arg({ type: 'DateTime', description: 'What happened before this moment.' }),
      },
      async resolve(contact, { kinds, from, to, ...args }, context, info) {
        const list = timelineList(contact.id)
        const page = await context.loaders.timeline({ filter: { kinds, from, to }, page: pageRequest(list, args, info) }).load(contact.id)
        return connectionOf(page, list, timelinePosition)
      },
    },
    TimelineConnection,
    TimelineEdge,
  ),
)
