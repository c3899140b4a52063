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
