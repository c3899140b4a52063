import { isStillValid } from './find-preferences.ts'
import type { PageRequest } from '../../kernel/page.ts'
import { snakeCase } from '../../kernel/text.ts'
import { type Call, type Event, type Message, type Note, Prisma, type Ticket } from '../generated/client.ts'
import { activityColumns, type ActivityKind as Kind, columnsOfEntry, entryFields } from './activity-tables.ts'
import { type ContactText, contactText } from './json-projection.ts'
import { timelinePages, type TimelineQuery } from './find-timeline.ts'
import { keyset } from './keyset.ts'

/**
 * Which columns of contacts are read, and along with them which lists, and which columns of their rows; null for a list that is not wanted.
 * A list without fields is read for the texts alone: a page from its beginning on.
 */
export interface ListsQuery {
  /** Null for every column. */
  readonly fields: ReadonlySet<string> | null
  /** What is read as text. */
  readonly texts: readonly ContactText[]
  readonly notes: { readonly page: PageRequest; readonly fields: ReadonlySet<string> | null } | null
  readonly timeline: (TimelineQuery & { readonly fields: ReadonlySet<string> | null }) | null
}

/** What comes with the row of a contact: the texts, and of each list that was wanted its rows, each the values of its columns; null if there are none. */
export interface ListsRow {
  readonly [text: `text${number}`]: string
  readonly notes?: readonly unknown[][] | null
  readonly timeline?: readonly unknown[][] | null
}

/** A row of which only some columns were read: those that were wanted, and those that tell its place and its kind. */
export type NoteRead = Partial<Note> & Pick<Note, 'id' | 'createdAt'>
export type ActivityRead = Message | Call | Ticket | Event

const noteColumns = {
  id: 'text',
  createdAt: 'timestamptz',
  body: 'text',
  pinned: 'boolean',
  author: 'text',
  updatedAt: 'timestamptz',
} satisfies Readonly<Record<Exclude<keyof Note, 'organizationId' | 'contactId'>, string>>

/** The columns that tell the kinds apart: they are there, whether or not they were read. */
const telling = { message: { channel: undefined }, call: { durationSeconds: undefined }, ticket: { priority: undefined }, event: {} }

/**
 * The contacts that a statement finds, in its order, each with its lists: one row for a contact whatever hangs on it, so that a page with everything
 * nested is one statement and as many rows as it has contacts.
 * @param contacts a query whose rows have the columns that Prisma names; they must be known to be visible
 */
export function withLists(contacts: Prisma.Sql, organizationId: string, lists: ListsQuery): Prisma.Sql {
  const { notes, timeline } = lists
  const columns = [contactColumn(lists.fields), ...textColumns(organizationId, lists)]
  if (notes !== null && notes.fields !== null) columns.push(notesColumn(organizationId, notes.page, notes.fields))
  if (timeline !== null && timeline.fields !== null) columns.push(timelineColumn(organizationId, timeline, timeline.fields))
  return columns.length === 1 && lists.fields === null ? contacts : Prisma.sql`select ${Prisma.join(columns)} from (${contacts}) c`
}

function textColumns(organizationId: string, { texts, notes, timeline }: ListsQuery): Prisma.Sql[] {
  if (texts.length === 0) return []
  const sources = {
    notes: () => notesPage(organizationId, withoutNext(asked(notes)).page),
    timeline: (columns: (kind: Kind) => Prisma.Sql) => timelinePage(organizationId, withoutNext(asked(timeline)), columns),
    preferences: () => Prisma.sql`p.organization_id = ${organizationId} and p.contact_id = c.id and ${isStillValid}`,
  }
  return texts.map((text, index) => Prisma.sql`${contactText(text, sources)} as ${Prisma.raw(`text${index}`)}`)
}

function asked<List>(list: List | null): List {
  if (list === null) throw new Error('A list is to be written that was not asked for.')
  return list
}

/** A list whose page is read without the row that tells whether there are more. */
function withoutNext<List extends { readonly page: PageRequest }>(list: List): List {
  return { ...list, page: { ...list.page, more: false } }
}

function notesColumn(organizationId: string, page: PageRequest, fields: ReadonlySet<string>): Prisma.Sql {
  const values = Prisma.raw(noteFields(fields).map(ofRow('n')).join(', '))
  return Prisma.sql`(select json_agg(json_build_array(${values})) from (${notesPage(organizationId, page)}) n) as notes`
}

function notesPage(organizationId: string, request: PageRequest): Prisma.Sql {
  const page = keyset({ key: Prisma.sql`n.created_at`, id: Prisma.sql`n.id`, direction: 'desc' }, request)
  return Prisma.sql`
    select n.* from notes n
    where n.organization_id = ${organizationId} and n.contact_id = c.id and ${page.condition}
    order by ${page.orderBy} limit ${page.limit}`
}

function timelineColumn(organizationId: string, query: TimelineQuery, fields: ReadonlySet<string>): Prisma.Sql {
  const read = entryFieldsOf(fields)
  const entries = timelinePage(organizationId, query, (kind) => columnsOfEntry(kind, read))
  return Prisma.sql`(select json_agg(json_build_array(${Prisma.raw(['a.kind', ...read.map(ofRow('a'))].join(', '))})) from (${entries}) a) as timeline`
}

function timelinePage(organizationId: string, query: TimelineQuery, columns: (kind: Kind) => Prisma.Sql): Prisma.Sql {
  return timelinePages(query, { organizationId: Prisma.sql`${organizationId}`, contactId: Prisma.sql`c.id` }, columns)
}

function contactColumn(fields: ReadonlySet<string> | null): Prisma.Sql {
  if (fields === null) return Prisma.sql`c.*`
  const columns = [...fields].toSorted().map((field) => `c."${field}"`)
  return Prisma.raw(columns.join(', '))
}

function ofRow(row: string): (field: string) => string {
  return (field) => `${row}.${snakeCase(field)}`
}

// One order for the same fields, however they were asked for: as few texts as can be, because each is prepared.
function noteFields(wanted: ReadonlySet<string>): string[] {
  return Object.keys(noteColumns).filter((field) => field === 'id' || field === 'createdAt' || wanted.has(field))
}

function entryFieldsOf(wanted: ReadonlySet<string>): string[] {
  return entryFields.filter((field) => field === 'id' || field === 'occurredAt' || wanted.has(field))
}

/** How notes are read that came with a contact. Made once for a statement, and used for each of its rows. */
export function notesReader(wanted: ReadonlySet<string>): (rows: ListsRow['notes']) => NoteRead[] {
  const read = rowReader(noteFields(wanted), 0, noteColumns)
  // proof: these are the columns that were asked for, in their order
  return (rows) => (rows ?? []).map((row) => read(row) as unknown as NoteRead)
}

/** How timeline entries are read that came with a contact. Made once for a statement, and used for each of its rows. */
export function timelineReader(wanted: ReadonlySet<string>): (rows: ListsRow['timeline']) => ActivityRead[] {
  const fields = entryFieldsOf(wanted)
  const reader = (kind: Kind) => rowReader(fields, 1, activityColumns[kind])
  const read = { message: reader('message'), call: reader('call'), ticket: reader('ticket'), event: reader('event') }
  return (rows) =>
    (rows ?? []).map((row) => {
      // proof: the statement names its kinds itself
      const kind = row[0] as Kind
      // proof: these are columns of that very table, those that were asked for
      return { ...telling[kind], ...read[kind](row) } as unknown as ActivityRead
    })
}

/** @param from where the first field stands among the values; a field that the table has no column for is passed over */
function rowReader(fields: readonly string[], from: number, columns: Readonly<Record<string, string>>) {
  const places = fields
    .map((field, index) => ({ field, at: from + index, isMoment: columns[field] === 'timestamptz' }))
    .filter(({ field }) => field in columns)
  return (values: readonly unknown[]) => {
    const row: Record<string, unknown> = {}
    for (const { field, at, isMoment } of places) row[field] = isMoment ? moment(values[at]) : values[at]
    return row
  }
}

function moment(value: unknown): Date | null {
  return typeof value === 'string' ? new Date(value) : null
}
