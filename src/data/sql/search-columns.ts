import type { Tx } from '../database.ts'
import { type Contact, Prisma } from '../generated/client.ts'
import { idArray } from './id-array.ts'
import type { SearchColumns } from './write-contacts.ts'

type SqlDb = Pick<Tx, 'sql'> & { readonly prisma: Pick<Tx['prisma'], '$executeRaw'> }

export type OutdatedContact = Pick<
  Contact,
  'organizationId' | 'id' | 'phone' | 'phoneExtension' | 'email' | 'firstName' | 'lastName' | 'displayName' | 'company'
>

const outdatedColumns = Prisma.sql`
  c.organization_id as "organizationId", c.id, c.phone, c.phone_extension as "phoneExtension", c.email, c.first_name as "firstName",
  c.last_name as "lastName", c.display_name as "displayName", c.company`

/** Contacts of any organization, living or deleted, whose search columns an earlier version has made. The condition is that of their index. */
export function selectOutdatedContacts(db: SqlDb, limit: number): Promise<OutdatedContact[]> {
  return db.sql<OutdatedContact[]>`
    select ${outdatedColumns}
    from contacts c
    where c.search_version < 1
    limit ${limit}`
}

/** Those of an organization's contacts whose search columns an earlier version has made. */
export function selectOutdatedOf(db: SqlDb, organizationId: string, ids: readonly string[]): Promise<OutdatedContact[]> {
  return db.sql<OutdatedContact[]>`
    select ${outdatedColumns}
    from contacts c
    where c.organization_id = ${organizationId} and c.id = any(${idArray(ids)}) and c.search_version < 1`
}

/** Writes the search columns of an organization's contacts, unless they were changed since. What callers see of the contacts does not change. */
export async function updateSearchColumns(
  db: SqlDb,
  organizationId: string,
  contacts: readonly (SearchColumns & { readonly id: string })[],
): Promise<void> {
  await db.prisma.$executeRaw`
    update contacts c
    set search_text = r."searchText", search_digits = r."searchDigits", search_terms = r."searchTerms", search_version = r."searchVersion",
      name_key = r."nameKey"
    from json_to_recordset(${JSON.stringify(contacts)}::json)
      as r(id text, "searchText" text, "searchDigits" text, "searchTerms" int[], "searchVersion" int, "nameKey" text)
    where c.organization_id = ${organizationId} and c.id = r.id and c.search_version < r."searchVersion"`
}
