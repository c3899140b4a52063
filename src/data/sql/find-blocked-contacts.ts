import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import { type Contact, Prisma } from '../generated/client.ts'
import { contactColumns } from './find-contacts.ts'
import { keyset } from './keyset.ts'

/** One page of the blocked contacts, the latest block first, and how many there are if that is wanted, in one statement. */
export async function selectBlockedContacts(
  db: ReadDb,
  organizationId: string,
  request: PageRequest,
): Promise<{ rows: Contact[]; total: number | null }> {
  const page = keyset({ key: Prisma.sql`c.blocked_at`, id: Prisma.sql`c.id`, direction: 'desc' }, request)
  const blocked = Prisma.sql`c.organization_id = ${organizationId} and c.deleted_at is null and c.blocked_at is not null`
  const total = request.total
    ? Prisma.sql`(select count(*)::int from (select from contacts c where ${blocked} limit ${maxTotal + 1}) m)`
    : Prisma.sql`null::int`
  // Joined to the left, so that the total is there when the page is empty.
  const rows = await db.sql<(Contact & { total: number | null })[]>`
    select t.total, c.* from (select ${total} as total) t
    left join lateral (
      select ${contactColumns} from contacts c
      where ${blocked} and ${page.condition}
      order by ${page.orderBy} limit ${page.limit}
    ) c on true`
  return { rows: rows.filter((row) => row.id !== null), total: rows[0]?.total ?? null }
}
