import type { Contact } from '../../data/generated/client.ts'
import type { Projection } from '../../data/sql/relations.ts'
import { type ContactSort, type FoundContact, selectContacts } from '../../data/sql/find-contacts.ts'
import { type List, type Page, type PageRequest, pageOf, type Position } from '../../kernel/page.ts'
import type { WatchContext } from '../changes/feed.ts'
import { withColumns } from '../contacts/queries.ts'
import { type Actor, type ReadContext, requireScope } from '../context.ts'
import { type ContactFilter, resolveFilter } from './filter.ts'

export interface ContactOrder {
  readonly sort: ContactSort
  readonly direction: 'asc' | 'desc'
}

export const newestFirst: ContactOrder = { sort: 'createdAt', direction: 'desc' }

/** The list that a page of contacts belongs to: its cursors are good for this organization and this order only. */
export function contactList(actor: Actor, order: ContactOrder): List {
  return { name: `contacts:${actor.organizationId}:${order.sort}:${order.direction}`, key: order.sort === 'name' ? 'text' : 'moment' }
}

/** Where a contact stands in a list of that order. */
export function contactPosition(contact: Contact, order: ContactOrder): Position {
  switch (order.sort) {
    case 'createdAt':
      return { key: contact.createdAt, id: contact.id }
    case 'updatedAt':
      return { key: contact.updatedAt, id: contact.id }
    case 'name':
      return { key: contact.nameKey, id: contact.id }
  }
}

/**
 * A page of the contacts that match, with what the projection names. Default: every column. One statement, the total included.
 * @throws InvalidInput
 */
export async function findContacts(
  context: ReadContext,
  filter: ContactFilter,
  order: ContactOrder,
  page: PageRequest,
  projection?: Projection,
): Promise<Page<FoundContact>> {
  requireScope(context, 'contacts:read')
  const query = { organizationId: context.actor.organizationId, match: await resolveFilter(context, filter), ...order, page }
  const { rows, total } = await selectContacts(context.db, query, projection && withColumns(projection, ['id', sortColumns[order.sort]]))
  return pageOf(rows, page, total)
}

/** The same page, and if it is wanted the event before which it was read: reading on from there misses nothing. @throws InvalidInput */
export async function findContactsAndEvent(
  context: WatchContext,
  filter: ContactFilter,
  order: ContactOrder,
  page: PageRequest,
  projection?: Projection,
): Promise<Page<FoundContact>> {
  if (page.eventId !== true) return findContacts(context, filter, order, page, projection)
  requireScope(context, 'contacts:read')
  const eventId = await context.feed.presentEventId(context.actor.organizationId)
  return { ...(await findContacts(context, filter, order, page, projection)), eventId }
}

/** What a contact is sorted by. */
const sortColumns = { createdAt: 'createdAt', updatedAt: 'updatedAt', name: 'nameKey' } as const
