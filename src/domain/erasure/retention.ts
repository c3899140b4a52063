import type { Tx } from '../../data/database.ts'
import {
  activitiesAtOnce,
  activityTableNames,
  deleteActivities,
  selectContactIdsBehind,
  selectContactsDeletedBefore,
} from '../../data/sql/delete-old-activities.ts'
import { selectOpenErasures } from '../../data/sql/begin-erasures.ts'
import { transaction } from '../../data/transaction.ts'
import type { SecretKeys } from '../../kernel/secret-keys.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Context } from '../context.ts'
import { beginErasures } from './begin.ts'
import { maxErasures } from './commands.ts'
import { finishErasures } from './finish.ts'
import { organizationIds } from '../organizations/queries.ts'

/** How long data is kept. Null: without end. */
export interface Retention {
  /** Contacts that were deleted this many days ago are erased. */
  readonly purgeDeletedAfterDays: number | null
  /** Messages, calls, events, and tickets that are solved or closed, are removed after this many days. */
  readonly activitiesKeptDays: number | null
}

export interface RetentionServices {
  readonly db: Tx
  readonly now: Clock
  readonly secretKeys: SecretKeys
}

const day = 24 * 60 * 60 * 1000
/** How long merged contacts stay at least, because a merge can be taken back so long, in milliseconds. */
const mergesKept = 30 * day
/** How many contacts are looked at in a statement. */
const contactsAtOnce = 1000
/** How long a process that erases may be silent before another one goes on, in milliseconds. */
const resumeAfter = 60_000
const never = () => false

/** Finishes erasures that a process has left: it ended on the way, or its caller waited no longer. @returns how many */
export async function resumeErasures(services: RetentionServices): Promise<number> {
  const now = services.now()
  const open = await selectOpenErasures(services.db, { before: new Date(now.getTime() - resumeAfter), now })
  for (const organizationId of new Set(open.map((erasure) => erasure.organizationId))) {
    const ids = open.filter((erasure) => erasure.organizationId === organizationId).map(({ contactId }) => contactId)
    for (let start = 0; start < ids.length; start += maxErasures) {
      await finishErasures(actingFor(services, organizationId), ids.slice(start, start + maxErasures), never)
    }
  }
  return open.length
}

/**
 * Erases contacts that were deleted at least so many days ago, of every organization. Their addresses are not suppressed, because no person has asked for
 * it; opt-outs, complaints and blocks that are on record hold on, as hashes. @returns how many
 */
export async function purgeDeletedContacts(services: RetentionServices, days: number): Promise<number> {
  const now = services.now().getTime()
  const times = { before: new Date(now - days * day), mergedBefore: new Date(now - mergesKept) }
  let count = 0
  for (const id of await organizationIds(services.db)) {
    const context = actingFor(services, id)
    for (;;) {
      const ids = await selectContactsDeletedBefore(services.db, id, times, maxErasures)
      if (ids.length === 0) break
      const reason = `Deleted ${days} days ago`
      const found = await transaction(services.db, (tx) => beginErasures(tx, context, ids, { reason, suppress: false }))
      await finishErasures(context, found, never)
      count += ids.length
    }
  }
  return count
}

/** Removes activities that are older than so many days, of every organization. Open and pending tickets stay. @returns how many */
export async function deleteOldActivities({ db, now }: RetentionServices, days: number): Promise<number> {
  const before = new Date(now().getTime() - days * day)
  let count = 0
  for (const id of await organizationIds(db)) {
    for (let contactIds = await selectContactIdsBehind(db, id, '', contactsAtOnce); contactIds.length > 0;) {
      for (const table of activityTableNames) {
        for (let removed = activitiesAtOnce; removed === activitiesAtOnce;) {
          removed = await deleteActivities(db, id, table, { contactIds, before })
          count += removed
        }
      }
      contactIds = await selectContactIdsBehind(db, id, contactIds.at(-1) ?? '', contactsAtOnce)
    }
  }
  return count
}

function actingFor({ db, now, secretKeys }: RetentionServices, organizationId: string): Context {
  return { actor: { organizationId, keyId: '', name: 'Retention', scopes: [] }, requestId: null, db, now, secretKeys }
}
