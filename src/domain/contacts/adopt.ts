import type { Db } from '../../data/database.ts'
import {
  adoptContact,
  selectChangedContacts,
  selectOldestTransaction,
  selectUnadopted,
  selectUpgradedAt,
} from '../../data/sql/adopt-previous-release.ts'
import { transaction } from '../../data/transaction.ts'
import type { Clock } from '../../kernel/time.ts'
import { refreshSearchColumnsOf } from './refresh-search.ts'

/** How long after the upgrade of a database processes of the release before may still write to it. */
const overlap = 24 * 60 * 60 * 1000

const batchSize = 500

/**
 * Follows what has changed since the last time, and brings the contacts that processes of the release before this one have written into the tables that
 * only this release keeps: addresses, suppressions, search columns. Does nothing from a day after the upgrade on.
 * @returns follows; its result is how many contacts were adopted
 */
export function followingPreviousRelease(db: Db, now: Clock): () => Promise<number> {
  let from = 0n
  return async () => {
    const since = await selectUpgradedAt(db)
    if (since === null || now().getTime() > since.getTime() + overlap) return 0
    const next = await selectOldestTransaction(db)
    let adopted = 0
    for (const { id } of await db.organization.findMany({ orderBy: { id: 'asc' }, select: { id: true } }))
      adopted += await adoptChanged(db, id, { from, since })
    from = next
    return adopted
  }
}

async function adoptChanged(db: Db, organizationId: string, { from, since }: { from: bigint; since: Date }): Promise<number> {
  let adopted = 0
  for (let after = { transactionId: from, id: -1n }; ;) {
    const changes = await selectChangedContacts(db, organizationId, { after, limit: batchSize })
    const contactIds = [...new Set(changes.map(({ contactId }) => contactId))]
    const unadopted = await selectUnadopted(db, organizationId, { contactIds, since })
    for (const id of unadopted) await transaction(db, (tx) => adoptContact(tx, organizationId, id))
    await refreshSearchColumnsOf(db, organizationId, unadopted)
    adopted += unadopted.length
    const last = changes.at(-1)
    if (last === undefined || changes.length < batchSize) return adopted
    after = last
  }
}
