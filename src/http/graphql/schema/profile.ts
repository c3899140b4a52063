import type { ActivityCount as Count } from '../../../data/sql/count-activities.ts'
import type { Contact as ContactRow } from '../../../data/generated/client.ts'
import { replyRates } from '../../../domain/profile/reply-rates.ts'
import type { Engagement as Judged, ReplyRate as Rate } from '../../../domain/profile/rules.ts'
import { Ticket } from './activities.ts'
import { builder } from './builder.ts'
import { Contact } from './contacts.ts'
import { Channel, Direction, LifecycleStage, TimelineKind } from './enums.ts'

const ReplyRate = builder.objectRef<Rate>('ReplyRate').implement({
  description: 'How much of what could be answered was answered on a channel.',
  fields: (t) => ({
    channel: t.expose('channel', { type: Channel, nullable: false, description: 'The channel.' }),
    sent: t.exposeInt('sent', {
      nullable: false,
      description: 'Messages that went out and are not transactional; on `VOICE` also the calls to the contact.',
    }),
    replied: t.exposeInt('replied', {
      nullable: false,
      description: 'Those after which the contact wrote on the channel within 14 days, and the calls that it answered.',
    }),
    rate: t.exposeFloat('rate', { nullable: false, description: '`replied` by `sent`, 0 to 1.' }),
  }),
})

const Engagement = builder.objectRef<Judged>('Engagement').implement({
  description:
    'How engaged a contact is, by what it does itself: messages to us that are not spam, calls to us and calls that it answered, tickets and events.',
  fields: (t) => ({
    score: t.exposeInt('score', { nullable: false, description: '0 to 100: the sum of the three parts that follow.' }),
    recency: t.exposeInt('recency', {
      nullable: false,
      description: '0 to 40: how lately the contact did something; half is gone after 30 days of silence.',
    }),
    frequency: t.exposeInt('frequency', {
      nullable: false,
      description: '0 to 30: how often it did something within 90 days; eight times make half of it.',
    }),
    replies: t.exposeInt('replies', {
      nullable: false,
      description: '0 to 30: how much it answered within a year: 30 · replied / (sent + 1).',
    }),
    replyRate: t.exposeFloat('replyRate', {
      description: 'The share of what could be answered that was, over all channels, 0 to 1; null if nothing was sent.',
    }),
    replyRates: t.field({
      type: [ReplyRate],
      nullable: { list: false, items: false },
      description: 'The same by channel, the busiest first; channels on which nothing was sent are left out.',
      resolve: ({ replyRates }) => [...replyRates],
    }),
    preferredChannel: t.expose('preferredChannel', {
      type: Channel,
      description: 'Where the contact itself spoke most within a year, what is older counting for less; null if it did not speak.',
    }),
    bestLocalHour: t.exposeInt('bestLocalHour', {
      description: 'The hour of the day, 0 to 23, around which the contact spoke most within a year; null if it did not speak.',
    }),
    timezone: t.exposeString('timezone', {
      nullable: false,
      description: 'The IANA time zone of that hour: the contact’s own, or UTC if it is unknown.',
    }),
    firstSeenAt: t.expose('firstSeenAt', { type: 'DateTime', description: 'When the contact first did something; null if it never did.' }),
    lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', description: 'When the contact last did something; null if it never did.' }),
  }),
})

const ProfileLifecycle = builder.objectRef<{ contact: ContactRow; since: Date }>('ProfileLifecycle').implement({
  description: 'Where a contact stands, and since when.',
  fields: (t) => ({
    stage: t.field({
      type: LifecycleStage,
      nullable: false,
      description: 'The stage that the contact is in.',
      resolve: ({ contact }) => contact.lifecycleStage,
    }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: false,
      description: 'When it came to the stage; when it was created, if it has not moved.',
    }),
  }),
})

const ActivityCount = builder.objectRef<Count>('ActivityCount').implement({
  description: 'How many activities of one sort there are.',
  fields: (t) => ({
    kind: t.expose('kind', { type: TimelineKind, nullable: false, description: 'The kind.' }),
    channel: t.expose('channel', {
      type: Channel,
      description: 'The channel of messages; `VOICE` for calls; null for tickets and events.',
    }),
    direction: t.expose('direction', { type: Direction, description: 'Who spoke; null for tickets and events.' }),
    count: t.exposeInt('count', { nullable: false, description: 'How many there are.' }),
  }),
})

const ContactProfile = builder.objectRef<ContactRow>('ContactProfile').implement({
  description: 'A contact summed up. Beside it, the contact itself has its block, notes, timeline and journey.',
  fields: (t) => ({
    lifecycle: t.field({
      type: ProfileLifecycle,
      nullable: false,
      description: 'Where the contact stands, and since when.',
      resolve: async (contact, _args, context) => ({ contact, since: (await context.loaders.standing.load(contact.id)).stageSince }),
    }),
    engagement: t.field({
      type: Engagement,
      nullable: false,
      description: 'How engaged the contact is.',
      resolve: async (contact, _args, context) => (await context.loaders.standing.load(contact.id)).engagement,
    }),
    activityCounts: t.field({
      type: [ActivityCount],
      nullable: { list: false, items: false },
      description: 'How many activities there are by kind, channel and direction; what there is none of is left out.',
      resolve: async (contact, _args, context) => [...(await context.loaders.activityCounts.load(contact.id))],
    }),
    openTickets: t.field({
      type: [Ticket],
      nullable: { list: false, items: false },
      description: 'The tickets that are open or pending, newest first, at most ten.',
      resolve: async (contact, _args, context) => [...(await context.loaders.openTickets.load(contact.id))],
    }),
  }),
})

builder.prismaObjectField(Contact, 'profile', (t) =>
  t.field({
    type: ContactProfile,
    nullable: false,
    description: 'The contact summed up: where it stands, how engaged it is, and what is open.',
    resolve: (contact) => contact,
  }),
)

builder.queryField('replyRates', (t) =>
  t.field({
    type: [ReplyRate],
    nullable: { list: false, items: false },
    complexity: { field: 200, multiplier: 11 },
    description:
      'How much of what was sent within a time the contacts of your organization answered, by channel, the busiest first. Channels on which nothing ' +
      'was sent are absent. Needs the scope contacts:read.',
    args: {
      from: t.arg({ type: 'DateTime', description: 'What was sent after this time. Default: 30 days before `to`.' }),
      to: t.arg({ type: 'DateTime', description: 'What was sent until this time, at most 366 days after `from`. Default: now.' }),
    },
    resolve: (_root, period, context) => replyRates(context, period),
  }),
)
