import type { Contact } from '../../data/generated/client.ts'
import {
  type ActivityRead,
  type ListsQuery,
  type NoteRead,
  readNotes,
  readPreferences,
  readTimeline,
} from '../../data/sql/contact-lists.ts'
import type { FoundContact } from '../../data/sql/find-contacts.ts'
import { type Page, type PageRequest, pageOf } from '../../kernel/page.ts'
import type { ContactFilter } from '../contacts/filter.ts'
import { type ContactOrder, contactsById, findContacts } from '../contacts/queries.ts'
import type { ReadContext } from '../context.ts'
import { onEveryChannel, type Preference } from '../preferences/queries.ts'
import { parseTimelineFilter, type TimelineFilter } from '../timeline/queries.ts'

/** Which fields of each contact are wanted, which lists with it, and which fields of their items; null for a list that is not. */
export interface ListsWanted {
  readonly fields: ReadonlySet<string>
  readonly notes: { readonly page: PageRequest; readonly fields: ReadonlySet<string> } | null
  readonly timeline: { readonly filter: TimelineFilter; readonly page: PageRequest; readonly fields: ReadonlySet<string> } | null
  readonly preferences: { readonly fields: ReadonlySet<string> } | null
}

/**
 * A contact with what was wanted of it: the fields that were, its id and what it is sorted by; an item of a list has the fields that were wanted, its id
 * and its moment. What was not wanted is missing or empty.
 */
export interface ContactWithLists extends Contact {
  readonly lists: { readonly notes: Page<NoteRead>; readonly timeline: Page<ActivityRead>; readonly preferences: readonly Preference[] }
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
  return { ...place, items: items.map((row) => withItsLists(row, wanted)) }
}

/** One visible contact with its lists; null if there is none. One statement for all of it. @throws InvalidInput */
export async function contactWithLists(context: ReadContext, id: string, wanted: ListsWanted): Promise<ContactWithLists | null> {
  const row = (await contactsById(context, [id], listsQuery(wanted, 'id'))).get(id)
  return row === undefined ? null : withItsLists(row, wanted)
}

/** What a contact is sorted by. */
const keyOf = { createdAt: 'createdAt', updatedAt: 'updatedAt', name: 'nameKey' } as const

function listsQuery({ timeline, ...wanted }: ListsWanted, key: keyof Contact): ListsQuery {
  const fields = new Set([...wanted.fields, 'id', key])
  if (timeline === null) return { ...wanted, fields, timeline }
  return { ...wanted, fields, timeline: { ...parseTimelineFilter(timeline.filter), page: timeline.page, fields: timeline.fields } }
}

const noPage = { items: [], hasNext: false, hasPrevious: false, total: null }

/** The row itself gets its lists: it has many columns, and there may be many rows. */
function withItsLists(row: FoundContact, wanted: ListsWanted): ContactWithLists {
  const { notes, timeline, preferences } = wanted
  return Object.assign<Contact, Pick<ContactWithLists, 'lists'>>(row, {
    lists: {
      notes: notes === null ? noPage : pageOf(readNotes(row.notes, notes.fields), notes.page, null),
      timeline: timeline === null ? noPage : pageOf(readTimeline(row.timeline, timeline.fields), timeline.page, null),
      preferences: preferences === null ? [] : onEveryChannel(readPreferences(row.preferences, preferences.fields)),
    },
  })
}
