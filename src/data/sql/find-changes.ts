import type { ReadDb } from '../database.ts'
import type { Change } from '../generated/client.ts'

/** A place among the changes of an organization: everything at it or before it is known. */
export interface Place {
  readonly transaction: bigint
  readonly id: bigint
}

export interface ChangesFound {
  /** Those after the place, in their order. */
  readonly changes: Change[]
  /** The place to read on from. */
  readonly place: Place
  /** Whether there are more to be read at once. */
  readonly hasMore: boolean
  /** Whether there are some that have to wait until a transaction that began before theirs has ended. */
  readonly areSomeWaiting: boolean
  /** What was committed when this was read. */
  readonly snapshot: Snapshot
}

/** Which transactions have ended at a moment. */
export interface Snapshot {
  /** All that are older than this one have. */
  readonly oldest: bigint
  /** Neither this one nor a later one has. */
  readonly next: bigint
  /** Of those between, these have not. */
  readonly underWay: ReadonlySet<bigint>
}

type Row = { readonly snapshot: string } & { readonly [Field in keyof Change]: Change[Field] | null }

/**
 * Reads changes on from a place. Transactions do not commit in the order of their numbers: one whose number is smaller may commit after
 * this has been read. So only those are read that are older than every transaction under way, and none is ever passed over.
 */
export async function selectChanges(db: ReadDb, organizationId: string, after: Place, limit: number): Promise<ChangesFound> {
  // Joined to the left, so that it is known how far everything is settled where there are no changes.
  const rows = await db.$queryRaw<Row[]>`
    select now.snapshot, c.*
    from (select pg_current_snapshot()::text as snapshot) now
    left join lateral (
      select organization_id as "organizationId", transaction_id as "transactionId", id, kind, contact_id as "contactId",
        subject_id as "subjectId", fields, occurred_at as "occurredAt"
      from changes
      where organization_id = ${organizationId} and (transaction_id, id) > (${after.transaction}, ${after.id})
      order by transaction_id, id
      limit ${limit}
    ) c on true
    order by "transactionId", id`
  const snapshot = parseSnapshot(rows[0]?.snapshot ?? '')
  const changes = rows.filter(isChange).filter(({ transactionId }) => transactionId < snapshot.oldest)
  const last = changes.at(-1)
  const hasMore = last !== undefined && changes.length === limit
  return {
    changes,
    place: hasMore ? { transaction: last.transactionId, id: last.id } : { transaction: snapshot.oldest, id: 0n },
    hasMore,
    areSomeWaiting: !hasMore && rows.some((row) => isChange(row) && row.transactionId >= snapshot.oldest),
    snapshot,
  }
}

/** Whether a transaction had been committed at that moment, if it has been by now. */
export function isCommitted({ oldest, next, underWay }: Snapshot, transaction: bigint): boolean {
  return transaction < oldest || (transaction < next && !underWay.has(transaction))
}

/** PostgreSQL writes it as `oldest:next:under way`, these with commas between them. */
function parseSnapshot(text: string): Snapshot {
  const [oldest = '', next = '', underWay = ''] = text.split(':')
  return { oldest: BigInt(oldest), next: BigInt(next), underWay: new Set(underWay === '' ? [] : underWay.split(',').map(BigInt)) }
}

function isChange(row: Row): row is Row & Change {
  return row.id !== null
}
