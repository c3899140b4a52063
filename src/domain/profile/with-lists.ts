import type { Contact } from '../../data/generated/client.ts'
import { type ActivityRead, type ListsQuery, type NoteRead, notesReader, timelineReader } from '../../data/sql/relations.ts'
import type { ContactText } from '../../data/sql/json-projection.ts'
import type { FoundContact } from '../../data/sql/find-contacts.ts'
import { type Page, type PageRequest, pageOf } from '../../kernel/page.ts'
import type { ContactFilter } from '../contacts/filter.ts'
import { type ContactOrder, contactsById, findContacts } from '../contacts/queries.ts'
import type { ReadContext } from '../context.ts'
import { parseTimelineFilter, type TimelineFilter } from '../timeline/queries.ts'

/**
 * Which fields of each contact are wanted, which lists with it, and which fields of their items; null for a list that is not. What stands in a text is
 * written by the database, and of a list that stands nowhere else no fields are wanted.
 */
export interface ListsWanted {
  readonly fields: ReadonlySet<string>
  readonly texts: readonly ContactText[]
  readonly notes: { readonly page: PageRequest; readonly fields: ReadonlySet<string> | null } | null
  readonly timeline: { readonly filter: TimelineFilter; readonly page: PageRequest; readonly fields: ReadonlySet<string> | null } | null
}

/**
 * A contact with what was wanted of it: the texts, the fields that were, its id and what it is sorted by; an item of a list has the fields that were wanted, its id
 * and its moment. What was not wanted is missing or empty.
 */
export interface ContactWithLists extends Contact {
  readonly [text: `text${number}`]: string
  readonly lists: { readonly notes: Page<NoteRead>; readonly timeline: Page<ActivityRead> }
}

/** A page of the contacts that match, each with its lists. One statement for all of it. @throws InvalidInput */
export async function findContactsWithLists(
  context: ReadContext,
  filter: ContactFilter,
  order: ContactOrder,
  page: PageRequest,
  wanted: ListsWanted,
): Promise<Page<ContactWithLists>> {
  const { items, ...place } = await findContacts(context, filter, order, page, listsQuery(wanted, keyOf[order.sort]))
  return { ...place, items: items.map(withListsOf(wanted)) }
}

/** One visible contact with its lists; null if there is none. One statement for all of it. @throws InvalidInput */
export async function contactWithLists(context: ReadContext, id: string, wanted: ListsWanted): Promise<ContactWithLists | null> {
  const row = (await contactsById(context, [id], listsQuery(wanted, 'id'))).get(id)
  return row === undefined ? null : withListsOf(wanted)(row)
}

/** What a contact is sorted by. */
const keyOf = { createdAt: 'createdAt', updatedAt: 'updatedAt', name: 'nameKey' } as const

function listsQuery({ timeline, ...wanted }: ListsWanted, key: keyof Contact): ListsQuery {
  const fields = new Set([...wanted.fields, 'id', key])
  if (timeline === null) return { ...wanted, fields, timeline }
  return { ...wanted, fields, timeline: { ...parseTimelineFilter(timeline.filter), page: timeline.page, fields: timeline.fields } }
}

const noPage = { items: [], hasNext: false, hasPrevious: false, total: null }

/** How rows become contacts with the lists that were wanted. The row itself gets its lists: it has many columns, and there may be many rows. */
function withListsOf(wanted: ListsWanted): (row: FoundContact) => ContactWithLists {
  const [notes, timeline] = [notesOf(wanted.notes), timelineOf(wanted.timeline)]
  return (row) =>
    Object.assign<Contact, Pick<ContactWithLists, 'lists'>>(row, {
      lists: { notes: notes(row), timeline: timeline(row) },
    })
}

function notesOf(wanted: ListsWanted['notes']): (row: FoundContact) => Page<NoteRead> {
  if (wanted === null || wanted.fields === null) return () => noPage
  const read = notesReader(wanted.fields)
  return ({ notes }) => pageOf(read(notes), wanted.page, null)
}

function timelineOf(wanted: ListsWanted['timeline']): (row: FoundContact) => Page<ActivityRead> {
  if (wanted === null || wanted.fields === null) return () => noPage
  const read = timelineReader(wanted.fields)
  return ({ timeline }) => pageOf(read(timeline), wanted.page, null)
}
