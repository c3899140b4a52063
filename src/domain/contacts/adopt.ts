import type { Db } from '../../data/database.ts'
import { nothingKnown, type FeedPosition } from '../../data/feed-position.ts'
import { adoptContact, selectUnadopted, selectUpgradedAt } from '../../data/sql/adopt-previous-release.ts'
import { selectChanges } from '../../data/sql/find-changes.ts'
import { transaction } from '../../data/transaction.ts'
import type { Clock } from '../../kernel/time.ts'
import { refreshSearchColumnsOf } from './refresh-search.ts'
import { organizationIds } from '../organizations/queries.ts'

/** How long after the upgrade of a database processes of the release before may still write to it. */
const overlap = 24 * 60 * 60 * 1000

const batchSize = 500

/**
 * Follows what has changed since the last time, and brings the contacts that processes of the release before this one have written into the tables that
 * only this release keeps: addresses, suppressions, search columns. Does nothing from a day after the upgrade on.
 * @returns follows; its result is how many contacts were adopted
 */
export function followingPreviousRelease(db: Db, now: Clock): () => Promise<number> {
  const positions = new Map<string, FeedPosition>()
  return async () => {
    const since = await selectUpgradedAt(db)
    if (since === null || now().getTime() > since.getTime() + overlap) return 0
    let adopted = 0
    for (const id of await organizationIds(db)) {
      for (let hasMore = true; hasMore;) {
        const found = await selectChanges(db, id, positions.get(id) ?? nothingKnown, batchSize)
        adopted += await adoptChanged(db, id, { contactIds: found.changes.flatMap(({ contactId }) => contactId ?? []), since })
        positions.set(id, found.position)
        hasMore = found.hasMore
      }
    }
    return adopted
  }
}

async function adoptChanged(
  db: Db,
  organizationId: string,
  { contactIds, since }: { readonly contactIds: readonly string[]; readonly since: Date },
): Promise<number> {
  const unadopted = await selectUnadopted(db, organizationId, { contactIds: [...new Set(contactIds)], since })
  for (const id of unadopted) await transaction(db, (tx) => adoptContact(tx, organizationId, id))
  await refreshSearchColumnsOf(db, organizationId, unadopted)
  return unadopted.length
}
