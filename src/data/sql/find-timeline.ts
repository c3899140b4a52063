import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import { type Call, type Event, type Message, Prisma, type Ticket } from '../generated/client.ts'
import { activityColumns, type ActivityKind as Kind, columnsOfEntry, entryFields } from './activity-tables.ts'
import { keyset } from './keyset.ts'
import { idArray } from './id-array.ts'
import type { Parent, Relation, RelationShape } from './relations.ts'

export interface TimelineQuery {
  readonly kinds: readonly Kind[]
  /** Inclusive. */
  readonly from: Date | null
  /** Exclusive. */
  readonly to: Date | null
  readonly page: PageRequest
}

export interface TimelineOfContact {
  readonly entries: (Message | Call | Ticket | Event)[]
  readonly total: number | null
}

/**
 * One page of what happened with each of several contacts, the kinds merged, newest first, in one statement. Each kind gives at
 * most a page from its own index, and of those the page is taken: what it costs depends on the page, not on the history.
 * The contacts must be known to be visible; one without entries is there with an empty page.
 */
export async function selectTimeline(
  db: ReadDb,
  organizationId: string,
  contactIds: readonly string[],
  query: TimelineQuery,
): Promise<Map<string, TimelineOfContact>> {
  const wanted: Parent = { organizationId: Prisma.sql`${organizationId}`, id: Prisma.sql`wanted.id` }
  const total = query.page.total
    ? Prisma.sql`(select count(*)::int from (select from ${allEntries(query, wanted)} limit ${maxTotal + 1}) m)`
    : Prisma.sql`null::int`
  const rows = await db.sql<WideRow[]>`
    select wanted.id as wanted, ${total} as total, a.*
    from unnest(${idArray(contactIds)}) wanted(id)
    left join lateral (${timelinePages(query, wanted, (kind) => columnsOf[kind])}) a on true`
  const found = new Map<string, TimelineOfContact>()
  for (const row of rows) {
    const ofContact = found.get(row.wanted) ?? { entries: [], total: row.total }
    if (row.kind !== null) ofContact.entries.push(narrow(row.kind, row))
    found.set(row.wanted, ofContact)
  }
  return found
}

/** What the rows of a timeline look like. */
export const timelineShape: RelationShape = {
  columns: activityColumns,
  // These columns distinguish the kinds.
  blank: { message: { channel: undefined }, call: { durationSeconds: undefined }, ticket: { priority: undefined } },
}

/** One page of the timeline of each contact of a statement, newest first. */
export function timelineRelation(query: TimelineQuery): Relation {
  return {
    shape: timelineShape,
    rows(parent, columns) {
      // One order for the same columns, however they were selected: as few texts as can be, because each is prepared.
      const read = entryFields.filter((field) => field === 'id' || field === 'occurredAt' || columns.has(field))
      return timelinePages(query, parent, (kind) => columnsOfEntry(kind, read))
    },
    all: (parent) => allEntries(query, parent),
  }
}

/** All entries, no more of a kind than are counted. */
function allEntries(query: TimelineQuery, parent: Parent): Prisma.Sql {
  const matching = conditionsOf(query, parent)
  const entries = query.kinds.map((kind) => Prisma.sql`(select from ${tableOf[kind]} a where ${matching} limit ${maxTotal + 1})`)
  return Prisma.sql`(${Prisma.join(entries, ' union all ')}) a`
}

/** The page of one contact's timeline, the kinds merged. @param columns what is read of each kind, the same for all of them */
function timelinePages(query: TimelineQuery, whose: Parent, columns: (kind: Kind) => Prisma.Sql): Prisma.Sql {
  const page = keyset({ key: Prisma.sql`a.occurred_at`, id: Prisma.sql`a.id`, direction: 'desc' }, query.page)
  const pages = query.kinds.map(
    (kind) => Prisma.sql`(
      select ${columns(kind)} from ${tableOf[kind]} a
      where ${conditionsOf(query, whose)} and ${page.condition}
      order by ${page.orderBy} limit ${page.limit})`,
  )
  return Prisma.sql`select * from (${Prisma.join(pages, ' union all ')}) a order by ${page.orderBy} limit ${page.limit}`
}

function conditionsOf({ from, to }: TimelineQuery, { organizationId, id }: Parent): Prisma.Sql {
  const conditions = [Prisma.sql`a.organization_id = ${organizationId}`, Prisma.sql`a.contact_id = ${id}`]
  if (from !== null) conditions.push(Prisma.sql`a.occurred_at >= ${from}`)
  if (to !== null) conditions.push(Prisma.sql`a.occurred_at < ${to}`)
  return Prisma.join(conditions, ' and ')
}

/** The columns of every kind side by side; those that the row's own kind does not have are null. */
interface WideRow {
  readonly wanted: string
  readonly total: number | null
  readonly kind: Kind | null
  readonly [field: string]: unknown
}

function narrow(kind: Kind, row: WideRow): Message | Call | Ticket | Event {
  const narrow: Record<string, unknown> = {}
  for (const field of fieldsOf[kind]) narrow[field] = row[field]
  // proof: these are the columns of that very table, under the names that Prisma gives them
  return narrow as unknown as Message | Call | Ticket | Event
}

const fieldsOf: Readonly<Record<Kind, readonly string[]>> = {
  message: Object.keys(activityColumns.message),
  call: Object.keys(activityColumns.call),
  ticket: Object.keys(activityColumns.ticket),
  event: Object.keys(activityColumns.event),
}

const tableOf: Readonly<Record<Kind, Prisma.Sql>> = {
  message: Prisma.sql`messages`,
  call: Prisma.sql`calls`,
  ticket: Prisma.sql`tickets`,
  event: Prisma.sql`events`,
}

function wideColumns(kind: Kind): Prisma.Sql {
  // The page is found by the columns' own names.
  return Prisma.sql`${columnsOfEntry(kind, entryFields, (field) => `"${field}"`)}, a.occurred_at`
}

const columnsOf: Readonly<Record<Kind, Prisma.Sql>> = {
  message: wideColumns('message'),
  call: wideColumns('call'),
  ticket: wideColumns('ticket'),
  event: wideColumns('event'),
}
