import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import { type Contact, Prisma } from '../generated/client.ts'
import { and, contactConditions, type ContactMatch, contactsMatching, contactsSeen, created, livingContacts } from './contacts-matching.ts'
import { keyset, type SortOrder } from './keyset.ts'

export type ContactSort = 'createdAt' | 'updatedAt' | 'name'

export interface ContactsQuery {
  readonly organizationId: string
  readonly match: ContactMatch
  readonly sort: ContactSort
  readonly direction: 'asc' | 'desc'
  readonly page: PageRequest
}

/** Every column of a contact, under the names that Prisma gives them. */
export const contactColumns = Prisma.sql`
  c.organization_id as "organizationId", c.id, c.phone, c.phone_extension as "phoneExtension", c.email, c.email_key as "emailKey",
  c.first_name as "firstName", c.last_name as "lastName", c.display_name as "displayName", c.company,
  c.country_code as "countryCode", c.timezone, c.language, c.lifecycle_stage as "lifecycleStage", c.tags, c.tag_keys as "tagKeys",
  c.custom_attributes as "customAttributes", c.source, c.search_text as "searchText", c.name_key as "nameKey", c.revision,
  c.blocked_at as "blockedAt", c.created_at as "createdAt", c.updated_at as "updatedAt", c.deleted_at as "deletedAt"`

/** How many contacts are looked at in the order of the list before those that match are looked up. A common match has filled a page by then. */
const reach = Prisma.raw('1000')

const mostCounted = Prisma.raw(String(maxTotal + 1))

/**
 * One page of contacts and, if it is wanted, how many there are, in one statement.
 * The count stops one past the most that is told, so that it never costs more than that many rows.
 */
export async function selectContacts(db: ReadDb, query: ContactsQuery): Promise<{ rows: Contact[]; total: number | null }> {
  const { first, contacts, count } = isSelective(query) ? lookingAhead(query) : inOrder(query)
  if (!query.page.total) return { rows: await db.$queryRaw<Contact[]>`${first}${contacts}`, total: null }
  // Joined to the left, so that the total is there when the page is empty.
  const rows = await db.$queryRaw<(Contact & { total: number })[]>`
    ${first}select t.total, c.* from (select (${count})::int as total) t left join lateral (${contacts}) c on true`
  return { rows: rows.filter((row) => row.id !== null), total: rows[0]?.total ?? 0 }
}

/** How a page is read: what is found out first, then the contacts and the count, which both may go by it. */
interface Reading {
  readonly first: Prisma.Sql
  readonly contacts: Prisma.Sql
  readonly count: Prisma.Sql
}

/** Whether more is asked of a contact than its place in the list. */
function isSelective({ match, sort }: ContactsQuery): boolean {
  return contactConditions(match).length > 0 || (sort !== 'createdAt' && created(match).length > 0)
}

function inOrder(query: ContactsQuery): Reading {
  const { list, limit } = listOf(query)
  const all = Prisma.sql`${livingContacts(query.organizationId)}${and(created(query.match))}`
  return { first: Prisma.empty, contacts: Prisma.sql`select ${contactColumns} from ${list} limit ${limit}`, count: counting(all) }
}

/**
 * Whether a match is common or rare, the next contacts of the list are looked at first, which costs little. Only if too few of them match, and
 * there are more beyond them, all that match are looked up in the index and put in order ("offset 0" keeps the planner from going on along the
 * list). So a page costs no more than that or as many rows as match, whatever the planner believes: its guess is wrong where words, tags and
 * stages go together or against each other, and a wrong guess is a walk to the end of the list. They are counted in the index as well, unless
 * every tenth of the next few matches: then along the list, and soon there are more than are counted.
 */
function lookingAhead(query: ContactsQuery): Reading {
  const { organizationId, match, sort } = query
  const { list, beyond, orderBy, limit } = listOf(query)
  const conditions = Prisma.join([...contactConditions(match), ...(sort === 'createdAt' ? [] : created(match))], ' and ')
  const matching = contactsMatching(organizationId, match)
  const isRare = Prisma.sql`(select is_rare from ahead)`
  return {
    first: Prisma.sql`with near as materialized (
        select ${contactColumns} from (select c.* from ${list} limit ${reach}) c
        where ${conditions} order by ${orderBy} limit ${limit}
      ), ahead as materialized (
        select (select count(*) from near) < ${limit} and exists (select from ${list} offset ${reach}) as is_rare
      ) `,
    contacts: Prisma.sql`
      select * from near where not ${isRare}
      union all
      select * from (
        select ${contactColumns} from (select c.* from contacts c where ${matching} and ${beyond} offset 0) c
        order by ${orderBy} limit ${limit}
      ) found where ${isRare}`,
    count: Prisma.sql`select case
      when (select count(*) from (select c.* from ${list} limit 300) c where ${conditions}) >= 30
      then (${counting(Prisma.sql`${contactsSeen(organizationId, match)} order by ${orderBy}`)})
      else (${counting(matching)}) end`,
  }
}

function listOf({ organizationId, match, sort, direction, page }: ContactsQuery) {
  const { condition: beyond, orderBy, limit } = keyset(sortOrder(sort, direction), page)
  const within = Prisma.sql`${livingContacts(organizationId)}${and(sort === 'createdAt' ? created(match) : [])}`
  return { list: Prisma.sql`contacts c where ${within} and ${beyond} order by ${orderBy}`, beyond, orderBy, limit }
}

function counting(condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`select count(*) from (select from contacts c where ${condition} limit ${mostCounted}) m`
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
