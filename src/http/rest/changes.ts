import { z } from '@hono/zod-openapi'
import { contactChangeKinds } from '../../domain/changes/rules.ts'
import { findContactChanges } from '../../domain/finding/changes.ts'
import { parseJsonText } from '../../kernel/json-text.ts'
import { snakeCase } from '../../kernel/text.ts'
import { filterBody, filterOfBody } from './contact-filter.ts'
import { contactSchema, presentContactsById } from './contact-presentation.ts'
import { endpoint } from './endpoint.ts'
import { commaList, parseInteger } from './fields.ts'
import { parseInput } from './parse.ts'

const kind = z.enum(contactChangeKinds, { error: `expected some of ${contactChangeKinds.join(', ')}` })

const changesQuery = z.strictObject({
  after: z
    .string()
    .optional()
    .openapi({ description: 'The `event_id` to read on from. Default: nothing is read, and the present `event_id` is returned.' }),
  first: z
    .string()
    .optional()
    .openapi({ description: 'How many contacts at most, 1 to 1,000.', type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
  kinds: commaList
    .pipe(z.array(kind))
    .optional()
    .openapi({ description: 'Kinds of changes, separated by commas. Default: all.', type: 'string' }),
  filter: z.string().optional().openapi({ description: 'The filter of `POST /search` as JSON. Default: all contacts.' }),
})

const changesSchema = z
  .object({
    changes: z.array(
      z.object({
        contact_id: z.string(),
        kinds: z.array(z.enum(contactChangeKinds)),
        fields: z.array(z.string()),
        occurred_at: z.iso.datetime(),
        matches: z
          .boolean()
          .openapi({ description: 'Whether the filter matches the contact now. Deleted, merged and erased contacts do not match.' }),
        contact: contactSchema.nullable().openapi({ description: 'The contact as it is now; null if it is gone.' }),
      }),
    ),
    event_id: z.string(),
    has_more: z.boolean(),
    kept_since: z.iso.datetime(),
  })
  .openapi('ContactChanges')

export const listChanges = endpoint({
  operation: 'listContactChanges',
  summary: 'Follow what happens to contacts',
  description:
    'One change for each contact, with all that happened to it since the event. Call again with the last `event_id`; nothing is missed within the days that changes are kept.',
  tag: 'Contacts',
  scope: 'contacts:read',
  query: changesQuery,
  replies: { 200: changesSchema },
  async handle(context, { query }) {
    const { after, kinds } = query
    const first = query.first === undefined ? undefined : parseInteger(query.first, 'first', 1000)
    const filter =
      query.filter === undefined ? {} : filterOfBody(parseInput(filterBody, parseJsonText(Buffer.from(query.filter)), 'field of filter'))
    const { changes, eventId, hasMore, keptSince } = await findContactChanges(context, { after, first, kinds, filter })
    // Not from a replica, which may not have what the feed reports yet.
    const reading = { ...context, db: context.feed.db }
    const ids = changes.map(({ contactId }) => contactId)
    const contacts = await presentContactsById(reading, ids)
    return {
      status: 200,
      data: {
        changes: changes.map((change) => {
          const contact = contacts.get(change.contactId) ?? null
          return {
            contact_id: change.contactId,
            kinds: change.kinds,
            fields: change.fields.map(snakeCase),
            occurred_at: change.occurredAt.toISOString(),
            matches: change.matches,
            contact,
          }
        }),
        event_id: eventId,
        has_more: hasMore,
        kept_since: keptSince.toISOString(),
      },
    }
  },
})
