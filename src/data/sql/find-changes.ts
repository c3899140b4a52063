import type { ReadDb } from '../database.ts'
import { type Change, Prisma } from '../generated/client.ts'
import { parsePlace, type Place, placeAt } from '../place.ts'

export interface ChangesFound {
  /** In the order of their transactions' numbers. */
  readonly changes: Change[]
  /** The place to read on from. */
  readonly place: Place
  readonly hasMore: boolean
  /** What was committed when this was read. */
  readonly seen: Place
}

type Row = { readonly snapshot: string } & { readonly [Field in keyof Change]: Change[Field] | null }

/** Reads changes on from a place: those that are committed by now and were not known there. None is passed over, and none waits for another. */
export async function selectChanges(db: ReadDb, organizationId: string, from: Place, limit: number): Promise<ChangesFound> {
  const parts = [...from.parts].map(([transaction, id]) => Prisma.sql`and not (transaction_id = ${transaction} and id <= ${id})`)
  const rest = parts.length === 0 ? Prisma.empty : Prisma.join(parts, ' ')
  const changes = (condition: Prisma.Sql) => Prisma.sql`(
    select organization_id as "organizationId", transaction_id as "transactionId", id, kind, contact_id as "contactId",
      subject_id as "subjectId", fields, occurred_at as "occurredAt"
    from changes
    where organization_id = ${organizationId} and ${condition} ${rest}
    order by transaction_id, id
    limit ${limit + 1})`
  const underWay = changes(Prisma.sql`transaction_id = any(${[...from.underWay]}::bigint[])`)
  // One whose transaction is still to come was written by another server, and has come from there with a dump.
  const later = changes(Prisma.sql`transaction_id >= ${from.next} and transaction_id < now.next`)
  // Joined to the left, so that the snapshot is there where there are no changes.
  const rows = await db.$queryRaw<Row[]>`
    select now.snapshot, c.*
    from (select snapshot::text, pg_snapshot_xmax(snapshot)::text::bigint as next from pg_current_snapshot() snapshot) now
    left join lateral (
      select * from (${underWay} union all ${later}) c order by "transactionId", id limit ${limit + 1}
    ) c on true
    order by "transactionId", id`
  const seen = parsePlace(rows[0]?.snapshot ?? '')
  const found = rows.filter(isChange)
  const hasMore = found.length > limit
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return { changes: page, place: hasMore && last !== undefined ? placeAt(last, from, seen) : seen, hasMore, seen }
}

function isChange(row: Row): row is Row & Change {
  return row.id !== null
}
