import { z } from '@hono/zod-openapi'
import { type Activity, activityKinds, describeActivity } from '../../domain/activities/describe.ts'
import { findTimeline, timelineList, timelinePosition } from '../../domain/timeline/queries.ts'
import { parseId } from '../../kernel/ids.ts'
import { parseDateOrDateTime } from '../../kernel/time.ts'
import { endpoint } from './endpoint.ts'
import {
  channelSchema,
  commaList,
  contactIdParams,
  directionSchema,
  jsonObject,
  pageQuery,
  pageRequest,
  paginationOf,
  snakeKeys,
} from './fields.ts'

const kind = z.enum(activityKinds, { error: `expected one of ${activityKinds.join(', ')}` })

export const timelineEntrySchema = z
  .object({
    id: z.string(),
    kind,
    occurred_at: z.iso.datetime(),
    channel: channelSchema
      .nullable()
      .openapi({ description: 'The channel of a message; `voice` for a call; null for a ticket and an event.' }),
    direction: directionSchema.nullable().openapi({ description: 'Null for a ticket and an event.' }),
    status: z.string().nullable().openapi({ description: 'How far it has come, in the words of its kind; null for an event.' }),
    title: z.string().openapi({ description: 'One line that says what it was.' }),
    body: z.string().nullable().openapi({ description: 'The text of a message.' }),
    data: jsonObject.openapi({ description: 'What else is known, by its kind.' }),
  })
  .openapi('TimelineEntry')

/** An activity in REST's spelling: what all kinds share, and beside it the rest. */
export function presentEntry(activity: Activity): z.input<typeof timelineEntrySchema> {
  const { kind, channel, direction, status, title, body } = describeActivity(activity)
  return {
    id: activity.id,
    kind,
    occurred_at: activity.occurredAt.toISOString(),
    channel,
    direction,
    status,
    title,
    body,
    data: dataOf(activity),
  }
}

function dataOf(activity: Activity): Record<string, unknown> {
  const shown = new Set(['organizationId', 'id', 'contactId', 'occurredAt', 'channel', 'direction', 'status', 'body', 'addressKey'])
  return snakeKeys(Object.fromEntries(Object.entries(activity).filter(([field]) => !shown.has(field))))
}

export const readTimeline = endpoint({
  operation: 'getContactTimeline',
  summary: 'Everything that happened with a contact',
  description:
    'Messages, calls, tickets and events, as they are recorded, newest first. For how the contact came and moved, oldest first, see its journey.',
  tag: 'History',
  scope: 'contacts:read',
  params: contactIdParams,
  query: z.strictObject({
    ...pageQuery,
    kinds: commaList
      .pipe(z.array(kind))
      .optional()
      .openapi({ description: `Any of these kinds, separated by commas: ${activityKinds.join(', ')}.`, type: 'string' }),
    from: z.string().optional().openapi({ description: 'What happened at this date or date-time, or later.' }),
    to: z.string().optional().openapi({ description: 'What happened before this date or date-time.' }),
  }),
  paged: true,
  replies: { 200: z.array(timelineEntrySchema) },
  async handle(context, { params, query }) {
    const contactId = parseId('contact', params.id)
    const list = timelineList(contactId)
    const filter = {
      kinds: query.kinds,
      from: query.from === undefined ? null : parseDateOrDateTime(query.from, 'from'),
      to: query.to === undefined ? null : parseDateOrDateTime(query.to, 'to'),
    }
    const page = await findTimeline(context, contactId, filter, pageRequest(list, query))
    return { status: 200, data: page.items.map(presentEntry), pagination: paginationOf(page, list, timelinePosition) }
  },
})
