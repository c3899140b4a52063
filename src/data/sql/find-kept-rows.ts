import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import { Prisma } from '../generated/client.ts'
import { keyset } from './keyset.ts'
import { idArray } from './id-array.ts'

/** A row whose contact a rollback kept unchanged, and the reason. */
export interface KeptRow {
  readonly rowNumber: number
  readonly contactId: string
  readonly reasonCode: string
  readonly message: string
}

export interface KeptRowsOfImport {
  readonly rows: KeptRow[]
  readonly total: number | null
}

/**
 * One page of the rows of each of several imports that a rollback has left alone, in their order, in one statement.
 * The imports must be known to be visible; one without such rows is there with an empty page.
 */
export async function selectKeptRows(
  db: ReadDb,
  organizationId: string,
  importIds: readonly string[],
  request: PageRequest,
): Promise<Map<string, KeptRowsOfImport>> {
  const page = keyset({ key: Prisma.sql`r.row_number`, id: Prisma.sql`r.contact_id`, direction: 'asc' }, request)
  const kept = Prisma.sql`
    r.organization_id = ${organizationId} and r.import_job_id = wanted.id and r.outcome in ('created', 'updated') and r.reason_code is not null`
  const total = request.total
    ? Prisma.sql`(select count(*)::int from (select from import_rows r where ${kept} limit ${maxTotal + 1}) m)`
    : Prisma.sql`null::int`
  const rows = await db.sql<(KeptRow & { wanted: string; total: number | null })[]>`
    select wanted.id as wanted, ${total} as total, r.*
    from unnest(${idArray(importIds)}) wanted(id)
    left join lateral (
      select r.row_number as "rowNumber", r.contact_id as "contactId", r.reason_code as "reasonCode", r.message
      from import_rows r
      where ${kept} and ${page.condition}
      order by ${page.orderBy} limit ${page.limit}
    ) r on true`
  const found = new Map<string, KeptRowsOfImport>()
  for (const { wanted, total, ...row } of rows) {
    const ofImport = found.get(wanted) ?? { rows: [], total }
    if (row.rowNumber !== null) ofImport.rows.push(row)
    found.set(wanted, ofImport)
  }
  return found
}
