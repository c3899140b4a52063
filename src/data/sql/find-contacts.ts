import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import { type Contact, Prisma } from '../generated/client.ts'
import { type ContactMatch, contactsMatching } from './contacts-matching.ts'
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

/**
 * One page of contacts and, if it is wanted, how many there are, in one statement.
 * The count stops one past the most that is told, so that it never costs more than that many rows.
 */
export async function selectContacts(db: ReadDb, query: ContactsQuery): Promise<{ rows: Contact[]; total: number | null }> {
  const matching = contactsMatching(query.organizationId, query.match)
  const page = keyset(sortOrder(query.sort, query.direction), query.page)
  const contacts = Prisma.sql`
    select ${contactColumns} from contacts c
    where ${matching} and ${page.condition}
    order by ${page.orderBy} limit ${page.limit}`
  if (!query.page.total) return { rows: await db.$queryRaw<Contact[]>(contacts), total: null }
  // Joined to the left, so that the total is there when the page is empty.
  const rows = await db.$queryRaw<(Contact & { total: number })[]>`
    select t.total, c.* from (
      select count(*)::int as total from (select from contacts c where ${matching} limit ${maxTotal + 1}) m
    ) t left join lateral (${contacts}) c on true`
  return { rows: rows.filter((row) => row.id !== null), total: rows[0]?.total ?? 0 }
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
