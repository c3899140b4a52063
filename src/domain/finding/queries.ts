import type { Contact } from '../../data/generated/client.ts'
import type { Projection } from '../../data/sql/relations.ts'
import { selectDefinitions } from '../../data/sql/attribute-definitions.ts'
import {
  type AttributePosition,
  type AttributeQuery,
  selectContactsByAttribute,
  type SortedContact,
} from '../../data/sql/find-contacts-by-attribute.ts'
import { type ContactSort, type FoundContact, selectContacts } from '../../data/sql/find-contacts.ts'
import { isTimeWithZone } from '../../kernel/attribute-formats.ts'
import { InvalidCursor, InvalidInput, MissingRequiredField } from '../../kernel/errors.ts'
import { type List, type Page, type PageRequest, pageOf, type Position } from '../../kernel/page.ts'
import { shorten } from '../../kernel/text.ts'
import type { WatchContext } from '../changes/feed.ts'
import { withColumns } from '../contacts/queries.ts'
import { type Actor, type ReadContext, requireScope } from '../context.ts'
import type { ContactFilter } from './filter.ts'
import { resolveListFilter } from './index-path.ts'

export type ContactOrder = { readonly direction: 'asc' | 'desc' } & (
  | { readonly sort: ContactSort }
  /** By the values of a defined attribute; contacts without one come last. */
  | { readonly sort: 'attribute'; readonly attribute: string }
)

/** An order as callers name it. @throws MissingRequiredField, InvalidInput */
export function parseOrder(
  sort: ContactOrder['sort'],
  direction: ContactOrder['direction'],
  attribute: string | null | undefined,
): ContactOrder {
  if (sort === 'attribute') {
    if (typeof attribute === 'string') return { sort, direction, attribute }
    throw new MissingRequiredField('Which attribute? Name its key.', { field: 'orderBy.attribute', expected: 'the key of an attribute' })
  }
  if (attribute === null || attribute === undefined) return { sort, direction }
  throw new InvalidInput('An attribute goes with the order by attribute only.', {
    field: 'orderBy.attribute',
    value: shorten(attribute),
    expected: 'nothing',
  })
}

export const newestFirst: ContactOrder = { sort: 'createdAt', direction: 'desc' }

/** The list that a page of contacts belongs to: its cursors are good for this organization and this order only. */
export function contactList(actor: Actor, order: ContactOrder): List {
  const sort = order.sort === 'attribute' ? `attribute:${order.attribute}` : order.sort
  const isText = order.sort === 'attribute' || order.sort === 'name'
  return { name: `contacts:${actor.organizationId}:${sort}:${order.direction}`, key: isText ? 'text' : 'time' }
}

/** Where a contact stands in a list of that order. */
export function contactPosition(contact: Contact & Partial<Pick<SortedContact, 'sortValue'>>, order: ContactOrder): Position {
  switch (order.sort) {
    case 'createdAt':
      return { key: contact.createdAt, id: contact.id }
    case 'updatedAt':
      return { key: contact.updatedAt, id: contact.id }
    case 'name':
      return { key: contact.nameKey, id: contact.id }
    case 'attribute':
      return { key: typeof contact.sortValue === 'string' ? `=${contact.sortValue}` : '', id: contact.id }
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
  const { organizationId } = context.actor
  const match = await resolveListFilter(context, filter)
  if (order.sort === 'attribute') {
    const attribute = await requireSortable(context, order.attribute)
    const from = page.from && attributePosition(attribute.type, page.from)
    const query = { organizationId, match, attribute, direction: order.direction, page: { ...page, from } }
    const found = await selectContactsByAttribute(context.db, query, projection && withSortValue(projection))
    return pageOf(found.rows, page, found.total)
  }
  const query = { organizationId, match, ...order, page }
  const { rows, total } = await selectContacts(context.db, query, projection && withColumns(projection, ['id', sortColumns[order.sort]]))
  return pageOf(rows, page, total)
}

/** @throws InvalidInput for an attribute without a definition in use */
async function requireSortable({ db, actor }: ReadContext, key: string): Promise<AttributeQuery['attribute']> {
  const definition = (await selectDefinitions(db, actor.organizationId)).find((one) => one.key === key && one.isIndexed)
  if (definition !== undefined) return definition
  throw new InvalidInput('Contacts are sorted by attributes with a definition. Define this one with createAttributeDefinition.', {
    field: 'orderBy.attribute',
    value: shorten(key),
    expected: 'the key of an attribute with a definition that is not archived',
  })
}

/** The position that a cursor names. @throws InvalidCursor if its value is none of the type */
function attributePosition(type: AttributeQuery['attribute']['type'], { key, id }: Position): AttributePosition {
  if (key === '') return { value: null, id }
  const value = String(key).slice(1)
  const isNumber = type === 'number'
  const isTime = type === 'date' || type === 'date_time'
  if (isNumber ? /^-?\d{1,400}(\.\d{1,400})?$/.test(value) : !isTime || isTimeWithZone(value)) return { value, id }
  throw new InvalidCursor(shorten(value))
}

function withSortValue(projection: Projection): Projection {
  return projection.columns === null ? projection : { ...projection, columns: new Set([...projection.columns, 'id', 'sortValue']) }
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
