import {
  activityCounts,
  type ActivityGroup,
  type ActivityGrouping as ActivityGroupingWord,
} from '../../../domain/finding/activity-counts.ts'
import { type ContactCount as Row, contactCounts, type ContactGrouping } from '../../../domain/finding/counts.ts'
import { builder } from './builder.ts'
import { costOfCounts } from './complexity.ts'
import { ContactFilter } from './contact-filter.ts'
import { values } from './enums.ts'

const Grouping = builder.enumType('ContactGrouping', {
  description: 'What contacts are counted by.',
  values: values<ContactGrouping>({
    stage: 'Their lifecycle stage.',
    country: 'Their country.',
    source: 'How they came to be known.',
    tag: 'Their tags. A contact counts for each of its tags.',
    created_month: 'The month in which they were created, in UTC, such as `2026-03`.',
  }),
})

const ContactCount = builder.objectRef<Row>('ContactCount').implement({
  description: 'How many contacts have a value.',
  fields: (t) => ({
    key: t.string({
      description: 'The value, such as `CUSTOMER`, `DE` or `2026-03`; null for contacts that have none.',
      resolve: ({ key }) => key,
    }),
    count: t.exposeInt('count', { nullable: false, description: 'How many contacts have it.' }),
  }),
})

builder.queryField('contactCounts', (t) =>
  t.field({
    type: [ContactCount],
    nullable: { list: false, items: false },
    complexity: costOfCounts,
    description: 'How many contacts have each value, most first, at most 1,000 values. Exact. Needs the scope contacts:read.',
    args: {
      filter: t.arg({ type: ContactFilter, description: 'Which contacts are counted. Default: all.' }),
      by: t.arg({ type: Grouping, required: true, description: 'What they are counted by.' }),
    },
    async resolve(_root, { filter, by }, context) {
      const counts = await contactCounts(context, filter ?? {}, by)
      // Enum values are in capitals everywhere in this API.
      return by === 'stage' || by === 'source' ? counts.map(({ key, count }) => ({ key: key?.toUpperCase() ?? null, count })) : counts
    },
  }),
)

const ActivityGrouping = builder.enumType('ActivityGrouping', {
  description: 'What activities are counted by.',
  values: values<ActivityGroupingWord>({
    channel: 'The channel of messages, such as `SMS`; calls are on `VOICE`, tickets and events on none.',
    kind: 'The kind, such as `MESSAGE`.',
    day: 'The day in UTC, such as `2026-03-01`. Days without activities are absent.',
    week: 'The Monday of the week in UTC, such as `2026-02-23`. Weeks without activities are absent.',
  }),
})

const ActivityGroupCount = builder.objectRef<ActivityGroup>('ActivityGroupCount').implement({
  description: 'How many activities have a value.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The value; null for activities that have none.' }),
    count: t.exposeInt('count', { nullable: false, description: 'How many activities have it.' }),
  }),
})

builder.queryField('activityCounts', (t) =>
  t.field({
    type: [ActivityGroupCount],
    nullable: { list: false, items: false },
    complexity: { field: 100, multiplier: 25 },
    description: 'How many messages, calls, tickets and events there were, by value. Exact. Needs the scope contacts:read.',
    args: {
      by: t.arg({ type: ActivityGrouping, required: true, description: 'What they are counted by.' }),
      from: t.arg({ type: 'DateTime', description: 'At or after this time. Default: 30 days before `to`.' }),
      to: t.arg({ type: 'DateTime', description: 'Before this time, at most 366 days after `from`. Default: now.' }),
    },
    async resolve(_root, { by, from, to }, context) {
      const counts = await activityCounts(context, by, { from, to })
      return by === 'channel' || by === 'kind' ? counts.map(({ key, count }) => ({ key: key?.toUpperCase() ?? null, count })) : counts
    },
  }),
)
