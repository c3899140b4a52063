import { z } from '@hono/zod-openapi'
import { contactList, type ContactOrder, contactPosition, findContacts, newestFirst, parseOrder } from '../../domain/finding/queries.ts'
import { contactSchema, presentContacts } from './contact-presentation.ts'
import { filterBody, filterOfBody } from './contact-filter.ts'
import { endpoint } from './endpoint.ts'
import { pageRequestOf, paginationOf } from './fields.ts'

const fields = ['created_at', 'updated_at', 'name', 'attribute'] as const
const directions = ['asc', 'desc'] as const
const sorts = { created_at: 'createdAt', updated_at: 'updatedAt', name: 'name', attribute: 'attribute' } as const

const orderBody = z
  .strictObject({
    field: z.enum(fields, { error: `expected one of ${fields.join(', ')}` }),
    direction: z.enum(directions, { error: 'expected asc or desc' }),
    attribute: z.string().optional().openapi({
      description: 'With `attribute` as the field: the key of an attribute with a definition. Contacts without a value come last.',
    }),
  })
  .openapi('ContactOrder')

const searchBody = z
  .strictObject({
    filter: filterBody.optional().openapi({ description: 'Which contacts. Its fields may also stand in the body itself. Default: all.' }),
    order_by: orderBody.optional().openapi({ description: 'Default: newest first.' }),
    cursor: z.string().nullish().openapi({ description: 'The `meta.pagination.cursor` of the previous page; absent for the first page.' }),
    limit: z.int().nullish().openapi({ description: 'How many contacts the page has, 1 to 200. Default: 25.' }),
  })
  .openapi('ContactSearch')

const own = new Set(['filter', 'order_by', 'cursor', 'limit'])

/** A body whose filter stands in it directly. */
function withFilter(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json) || 'filter' in json) return json
  const entries = Object.entries(json)
  const filter = entries.filter(([name]) => !own.has(name))
  return filter.length === 0
    ? json
    : Object.fromEntries([...entries.filter(([name]) => own.has(name)), ['filter', Object.fromEntries(filter)]])
}

export const postSearch = endpoint({
  operation: 'searchContacts',
  summary: 'Find contacts by a filter',
  description: 'The filter of exports and bulk actions, with `and`, `or` and `not`.',
  tag: 'Contacts',
  rate: 'read',
  scope: 'contacts:read',
  body: searchBody,
  bodyRequired: false,
  shape: withFilter,
  paged: true,
  replies: { 200: z.array(contactSchema) },
  async handle(context, { body }) {
    const { filter, order_by: orderBy } = body
    const order: ContactOrder = orderBy === undefined ? newestFirst : parseOrder(sorts[orderBy.field], orderBy.direction, orderBy.attribute)
    const list = contactList(context.actor, order)
    const page = await findContacts(context, filter === undefined ? {} : filterOfBody(filter), order, pageRequestOf(list, body))
    const pagination = paginationOf(page, list, (contact) => contactPosition(contact, order))
    return { status: 200, data: await presentContacts(context, page.items), pagination }
  },
})
