import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import { type ConsentRecord, Prisma } from '../generated/client.ts'
import { consentColumns } from './find-preferences.ts'
import { keyset } from './keyset.ts'
import { idArray } from './id-array.ts'

export interface ConsentRecordsOfContact {
  readonly records: ConsentRecord[]
  readonly total: number | null
}

/**
 * One page of the consent ledger of each of several contacts, latest entry first, in one statement.
 * The contacts must be known to be visible; one without records is there with an empty page.
 */
export async function selectConsentRecords(
  db: ReadDb,
  organizationId: string,
  contactIds: readonly string[],
  request: PageRequest,
): Promise<Map<string, ConsentRecordsOfContact>> {
  const page = keyset({ key: Prisma.sql`r.recorded_at`, id: Prisma.sql`r.id`, direction: 'desc' }, request)
  const ofContact = Prisma.sql`r.organization_id = ${organizationId} and r.contact_id = wanted.id`
  const total = request.total
    ? Prisma.sql`(select count(*)::int from (select from consent_records r where ${ofContact} limit ${maxTotal + 1}) m)`
    : Prisma.sql`null::int`
  const rows = await db.sql<(ConsentRecord & { wanted: string; total: number | null })[]>`
    select wanted.id as wanted, ${total} as total, r.*
    from unnest(${idArray(contactIds)}) wanted(id)
    left join lateral (
      select ${consentColumns} from consent_records r
      where ${ofContact} and ${page.condition}
      order by ${page.orderBy} limit ${page.limit}
    ) r on true`
  const found = new Map<string, ConsentRecordsOfContact>()
  for (const { wanted, total, ...record } of rows) {
    const ofContact = found.get(wanted) ?? { records: [], total }
    if (record.id !== null) ofContact.records.push(record)
    found.set(wanted, ofContact)
  }
  return found
}
