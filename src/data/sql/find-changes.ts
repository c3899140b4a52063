import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadDb } from '../database.ts'
import { type Change, Prisma } from '../generated/client.ts'
import { committingAt, parsePosition, type FeedPosition, positionAt } from '../feed-position.ts'

export interface ChangesFound {
  /** In the order of their transactions' numbers. */
  readonly changes: Change[]
  /** The position to read on from. */
  readonly position: FeedPosition
  readonly hasMore: boolean
  /** What was committed when this was read. */
  readonly seen: FeedPosition
}

/**
 * Reads changes on from a position: those that are committed by now and were not known there. None is passed over, and none waits for another.
 *
 * The snapshot is read in a statement of its own, before the rows: on Citus, one beside the rows would be that of the node where the rows
 * are, while transactions are numbered by the coordinator. What is committed between the two statements is left to the next read.
 */
export async function selectChanges(db: ReadDb, organizationId: string, from: FeedPosition, limit: number): Promise<ChangesFound> {
  const seen = await readPosition(db)
  const parts = [...from.parts].map(([transaction, id]) => Prisma.sql`and not (transaction_id = ${transaction} and id <= ${id})`)
  const rest = parts.length === 0 ? Prisma.empty : Prisma.join(parts, ' ')
  const changes = (condition: Prisma.Sql) => Prisma.sql`(
    select organization_id as "organizationId", transaction_id as "transactionId", id, kind, contact_id as "contactId",
      subject_id as "subjectId", fields, occurred_at as "occurredAt"
    from changes
    where organization_id = ${organizationId} and ${condition} ${rest}
    order by transaction_id, id
    limit ${limit + 1})`
  const underWay = [...from.underWay].filter((transaction) => !seen.underWay.has(transaction))
  // One whose transaction is still to come was written by another server, and has come from there with a dump.
  const later = Prisma.sql`transaction_id >= ${from.next} and transaction_id < ${seen.next} and transaction_id <> all(${[...seen.underWay]}::bigint[])`
  const found = await db.sql<Change[]>`
    select * from (${changes(Prisma.sql`transaction_id = any(${underWay}::bigint[])`)} union all ${changes(later)}) c
    order by "transactionId", id limit ${limit + 1}`
  const hasMore = found.length > limit
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return { changes: page, position: hasMore && last !== undefined ? positionAt(last, from, seen) : seen, hasMore, seen }
}

/** How often a read waits until the nodes of Citus have committed, and how long each time, in milliseconds. */
const [waits, pause] = [20, 2]

/** What is committed by now, on Citus by the nodes too. */
async function readPosition(db: ReadDb): Promise<FeedPosition> {
  const { seen, committing } = await readSnapshot(db)
  let left = committing
  // Their notification may have come already and brought about this read. So wait for them, or they are delivered with the next one.
  for (let wait = 0; left.length > 0 && wait < waits; wait += 1) {
    await sleep(pause)
    const now = new Set((await readSnapshot(db)).committing)
    left = left.filter((transaction) => now.has(transaction))
  }
  return left.length === 0 ? seen : { ...seen, underWay: new Set([...seen.underWay, ...left]) }
}

/**
 * What is committed by now, and which of it the nodes of Citus may not show yet. If a statement was computed on the coordinator, Citus
 * commits there first and on the nodes afterwards, and holds the lock on the transaction's number until both are done. Within one
 * statement, the snapshot is taken before the locks are read.
 */
async function readSnapshot(db: ReadDb): Promise<{ seen: FeedPosition; committing: bigint[] }> {
  const [row] = await db.sql<{ snapshot: string; locked: string | null }[]>`
    select pg_current_snapshot()::text as snapshot,
      case when to_regclass('pg_catalog.pg_dist_transaction') is not null then
        (select string_agg(transactionid::text, ',') from (
          select distinct on (virtualtransaction) transactionid from pg_locks
          where locktype = 'transactionid' and mode = 'ExclusiveLock' and granted and pid <> pg_backend_pid()
          -- Behind the number of a transaction come those of its savepoints.
          order by virtualtransaction, age(transactionid) desc) transactions)
      end as locked`
  const seen = parsePosition(row?.snapshot ?? '')
  return { seen, committing: committingAt(seen, row?.locked?.split(',').map(BigInt) ?? []) }
}
