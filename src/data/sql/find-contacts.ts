import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import { snakeCase } from '../../kernel/text.ts'
import type { ReadDb } from '../database.ts'
import { type Contact, Prisma } from '../generated/client.ts'
import {
  and,
  contactConditions,
  type ContactMatch,
  contactsSeen,
  created,
  hasWords,
  livingContacts,
  matchingContacts,
  selectedByOne,
} from './contacts-matching.ts'
import { keyset, type SortOrder } from './keyset.ts'
import { columnsRead, projected, type ProjectedRow, type Projection, readLists } from './relations.ts'
import { idArray } from './id-array.ts'

export type ContactSort = 'createdAt' | 'updatedAt' | 'name'

export interface ContactsQuery {
  readonly organizationId: string
  readonly match: ContactMatch
  readonly sort: ContactSort
  readonly direction: 'asc' | 'desc'
  readonly page: PageRequest
}

/** A contact, of which only what its projection names was read, beside its id and what it is sorted by. */
export type FoundContact = Contact & ProjectedRow

const everyColumn: Projection = { columns: null, texts: [], lists: [], relations: [] }

const allColumns = Object.values(Prisma.ContactScalarFieldEnum).map((name) => ({ name, sql: `c.${snakeCase(name)} as "${name}"` }))

/** Every column of a contact, under the names that Prisma gives them. */
export const contactColumns = selected(allColumns)

/** The columns of a contact that a projection reads, beside its id: each of them costs the database a little wherever rows are passed on. */
function columnsOf(projection: Projection): Prisma.Sql {
  const read = columnsRead(projection)
  return read === null ? contactColumns : selected(allColumns.filter(({ name }) => name === 'id' || read.has(name)))
}

function selected(columns: typeof allColumns): Prisma.Sql {
  return Prisma.raw(columns.map(({ sql }) => sql).join(', '))
}

/** How many contacts are looked at in the order of the list before those that match are looked up. A common match has filled a page by then. */
const reach = Prisma.raw('500')
/** How many more are looked at where that is likely to fill the page: if so many times the matches that were found fill it. */
const further = { reach: Prisma.raw('10000'), gain: Prisma.raw('12') }
/** The same for several conditions without words, each of which may be common where all of them are rare. One match is enough then to expect others. */
const furthest = { reach: Prisma.raw('50000'), gain: Prisma.raw('100') }
/** How many contacts one condition may select to be called selective: they are all looked at then. */
const mostSelected = Prisma.raw('10000')

/**
 * How many rows are read for the pages of most clients. They stand in the statement itself: the planner, which takes any other limit for a tenth of all
 * contacts, then sees that a plan for whatever values is as good as one for these, and makes no more of them. There are few, because every text is prepared.
 */
const usualLimits = new Set([10, 20, 25, 50, 100, 200].flatMap((size) => [size, size + 1]))

const mostCounted = Prisma.raw(String(maxTotal + 1))

/**
 * One page of contacts and, if it is wanted, how many there are, in one statement.
 * The count stops one past the highest count that is reported, so that it never costs more than that many rows.
 */
export async function selectContacts(
  db: ReadDb,
  query: ContactsQuery,
  projection: Projection = everyColumn,
): Promise<{ rows: FoundContact[]; total: number | null }> {
  return readPage(db, readingOf(query, columnsOf(projection)), query, projection)
}

/** Reads a page in a way that was decided on, and its total if it is wanted. One statement. */
export async function readPage(
  db: ReadDb,
  { first, contacts: found, count }: Reading,
  { organizationId, page }: { readonly organizationId: string; readonly page: Pick<PageRequest, 'total'> },
  projection: Projection = everyColumn,
): Promise<{ rows: FoundContact[]; total: number | null }> {
  const contacts = projected(found, organizationId, projection)
  if (!page.total) return { rows: readLists(await db.sql<FoundContact[]>`${first}${contacts}`, projection), total: null }
  // Joined to the left, so that the total is there when the page is empty.
  const rows = await db.sql<(FoundContact & { total: number })[]>`
    ${first}select t.total, c.* from (select (${count})::int as total) t left join lateral (${contacts}) c on true`
  const present = rows.filter((row) => row.id !== null)
  return { rows: readLists(present, projection), total: rows[0]?.total ?? 0 }
}

/** The living ones of some contacts, in no order. */
export async function selectContactsById(
  db: ReadDb,
  organizationId: string,
  ids: readonly string[],
  projection: Projection = everyColumn,
): Promise<FoundContact[]> {
  const contacts = Prisma.sql`
    select ${columnsOf(projection)} from contacts c where ${livingContacts(organizationId)} and c.id = any(${idArray(ids)})`
  return readLists(await db.sql<FoundContact[]>`${projected(contacts, organizationId, projection)}`, projection)
}

/** How a page is read: what is found out first, then the contacts and the count, which both may go by it. */
export interface Reading {
  readonly first: Prisma.Sql
  readonly contacts: Prisma.Sql
  readonly count: Prisma.Sql
}

function readingOf(query: ContactsQuery, columns: Prisma.Sql): Reading {
  if (query.match.ids !== null) return byIds(query, columns)
  return isSelective(query) ? lookingAhead(query, columns) : inOrder(query, columns)
}

/** Named contacts are few: they are looked up by their key and sorted ("offset 0" keeps the planner from going along the list instead). */
function byIds(query: ContactsQuery, columns: Prisma.Sql): Reading {
  const named = Prisma.sql`contacts c where ${contactsSeen(query.organizationId, query.match)}`
  const { beyond, orderBy, limit } = listOf(query)
  return {
    first: Prisma.empty,
    contacts: Prisma.sql`
      select ${columns} from (select c.* from ${named} and ${beyond} offset 0) c order by ${orderBy} limit ${limit}`,
    count: counting(named),
  }
}

/** Whether more is asked of a contact than its position in the list. */
function isSelective({ organizationId, match, sort }: ContactsQuery): boolean {
  return contactConditions(organizationId, match).length > 0 || (sort !== 'createdAt' && created(match).length > 0)
}

function inOrder(query: ContactsQuery, columns: Prisma.Sql): Reading {
  const { list, limit } = listOf(query)
  const all = Prisma.sql`${livingContacts(query.organizationId)}${and(created(query.match))}`
  return {
    first: Prisma.empty,
    contacts: Prisma.sql`select ${columns} from ${list} limit ${limit}`,
    count: counting(Prisma.sql`contacts c where ${all}`),
  }
}

/**
 * Whether a match is common or rare, the next contacts of the list are looked at first, which costs little. Where too few of them match, many more
 * are looked at if that is likely to fill the page; only otherwise, and if there are more beyond them, all that match are looked up in the index and put in
 * order ("offset 0" keeps the planner from going on along the list). Where one condition alone selects few contacts, such as a value of an attribute, they
 * are looked up by it. So a page costs no more than that or as many rows as match, whatever the planner believes: its guess is wrong where words, tags and
 * stages go together or against each other, and a wrong guess is a walk to the end of the list. They are counted in the index as well, unless every tenth
 * of the next few matches: then along the list, and soon there are more than are counted.
 */
function lookingAhead(query: ContactsQuery, columns: Prisma.Sql): Reading {
  const { organizationId, match, sort } = query
  const { list, beyond, orderBy, limit } = listOf(query)
  const all = [...contactConditions(organizationId, match), ...(sort === 'createdAt' ? [] : created(match))]
  const conditions = Prisma.join(all, ' and ')
  const ownsMost = Prisma.sql`(select owns_most from share)`
  const matching = matchingContacts(organizationId, match, ownsMost)
  const looking = (within: Prisma.Sql, wanted: Prisma.Sql, onlyIf: Prisma.Sql) => Prisma.sql`
    select ${columns} from (select c.* from ${list} ${within}) c
    where ${onlyIf} and ${conditions} order by ${orderBy} limit ${wanted}`
  const nearby = Prisma.sql`(select count(*) from near)`
  const { reach: furtherReach, gain } = all.length > 1 && !hasWords(match) ? furthest : further
  const sorted = (contacts: Prisma.Sql) => Prisma.sql`
      select * from (
        select ${columns} from (select c.* from ${contacts} and ${beyond} offset 0) c
        order by ${orderBy} limit ${limit}
      ) found`
  const selected = selectedByOne(organizationId, match, ownsMost, Prisma.sql`${mostSelected} + 1`)
  const few = Prisma.sql`contacts c where c.id = any(array(select id from few)) and ${contactsSeen(organizationId, match)}`
  const ifSelective = (sql: (ids: Prisma.Sql) => Prisma.Sql) => (selected === null ? Prisma.empty : sql(selected))
  return {
    first: Prisma.sql`with near as materialized (${looking(Prisma.sql`limit ${reach}`, limit, Prisma.sql`true`)}
      ), further as materialized (${looking(
        Prisma.sql`offset ${reach} limit ${furtherReach}`,
        Prisma.sql`greatest(${limit} - ${nearby}, 0)`,
        Prisma.sql`${nearby} < ${limit} and ${nearby} * ${gain} >= ${limit}`,
      )}
      ), share as materialized (
        select has_most_contacts(${organizationId}) as owns_most
      ), ${ifSelective((ids) => Prisma.sql`few as materialized (${ids}), `)}ahead as materialized (
        select case
          when ${nearby} >= ${limit} then 'near'
          when ${nearby} + (select count(*) from further) >= ${limit} then 'further'
          when not exists (select from ${list} offset ${reach}) then 'near'
          ${ifSelective(() => Prisma.sql`when (select count(*) from few) <= ${mostSelected} then 'few'`)}
          else 'index' end as found
      ) `,
    contacts: Prisma.sql`
      select * from near where ${isFound('near')} or ${isFound('further')}
      union all
      select * from further where ${isFound('further')}
      ${ifSelective(() => Prisma.sql`union all ${sorted(few)} where ${isFound('few')}`)}
      union all
      ${sorted(Prisma.sql`${matching} c where true`)} where ${isFound('index')}`,
    count: Prisma.sql`select case
      when (select count(*) from (select c.* from ${list} limit 300) c where ${conditions}) >= 30
      then (${counting(Prisma.sql`contacts c where ${contactsSeen(organizationId, match)} order by ${orderBy}`, opaqueLimit(mostCounted))})
      ${ifSelective(() => Prisma.sql`when (select count(*) from few) <= ${mostSelected} then (${counting(few)})`)}
      else (${counting(Prisma.sql`${matching} c`)}) end`,
  }
}

/** Whether the page was found there. */
function isFound(where: 'near' | 'further' | 'few' | 'index'): Prisma.Sql {
  return Prisma.sql`(select found from ahead) = ${Prisma.raw(`'${where}'`)}`
}

function listOf({ organizationId, match, sort, direction, page }: ContactsQuery) {
  const { condition: beyond, orderBy, limit: rows } = keyset(sortOrder(sort, direction), page)
  const limit = usualLimits.has(rows) ? Prisma.raw(String(rows)) : Prisma.sql`${rows}`
  const within = Prisma.sql`${livingContacts(organizationId)}${and(sort === 'createdAt' ? created(match) : [])}`
  return { list: Prisma.sql`contacts c where ${within} and ${beyond} order by ${orderBy}`, beyond, orderBy, limit }
}

export function counting(contacts: Prisma.Sql, atMost = mostCounted): Prisma.Sql {
  return Prisma.sql`select count(*) from (select from ${contacts} limit ${atMost}) m`
}

/** A limit that the planner takes for a tenth of all, and so does not put them all in order first. */
function opaqueLimit(limit: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(select ${limit})`
}

function sortOrder(sort: ContactSort, direction: 'asc' | 'desc'): SortOrder {
  const id = Prisma.sql`c.id`
  switch (sort) {
    case 'createdAt':
      return { key: Prisma.sql`c.created_at`, id, direction }
    case 'updatedAt':
      return { key: Prisma.sql`c.updated_at`, id, direction }
    case 'name':
      return { key: Prisma.sql`c.name_key`, id, direction }
  }
}
