import type { Logger } from 'pino'
import type { Db } from '../data/database.ts'
import { indexPendingDefinitions } from '../domain/attributes/indexing.ts'
import { deleteOldChanges } from '../domain/changes/commands.ts'
import { followingPreviousRelease } from '../domain/contacts/adopt.ts'
import { findInvalidEmails } from '../domain/contacts/check-emails.ts'
import { deleteOldActivities, purgeDeletedContacts, resumeErasures, type Retention } from '../domain/erasure/retention.ts'
import { deleteExpiredAnswers } from '../domain/idempotency/commands.ts'
import { refreshSearchColumns } from '../domain/contacts/refresh-search.ts'
import { deleteOldImports } from '../domain/imports/job/delete-old.ts'
import { learnStaleHabits } from '../domain/next-best-action/commands.ts'
import { deleteOldReservations } from '../domain/reservations/commands.ts'
import { deleteOldDeliveries } from '../domain/webhooks/queue.ts'
import { findLostOptIns } from '../domain/preferences/lost-opt-ins.ts'
import type { HttpSettings } from '../http/settings.ts'
import type { SecretKeys } from '../kernel/secret-keys.ts'
import type { Clock } from '../kernel/time.ts'

const minute = 60 * 1000
const hour = 60 * minute
const day = 24 * hour

/** The delay after the start, so that the first requests are served first. */
const pause = 10_000

export interface MaintenanceServices {
  readonly db: Db
  readonly now: Clock
  readonly log: Logger
  readonly secretKeys: SecretKeys
  readonly settings: Pick<HttpSettings, 'changesKeptDays'>
  readonly retention: Retention
}

/**
 * Removes what has expired every hour and what retention does not keep every day, and looks every minute whether erasures are to be finished, attributes to be
 * indexed and reply habits to be learned again, and for a day after an upgrade what processes of the release before have written; first shortly after the start.
 * @returns stops it
 */
export function startMaintenance({ db, now, log, secretKeys, settings, retention }: MaintenanceServices): () => void {
  const services = { db, now, secretKeys }
  const followPreviousRelease = followingPreviousRelease(db, now)
  /** What fails is logged, and tried again the next time. */
  const task = (name: string, work: () => Promise<void>) => async () => {
    try {
      await work()
    } catch (error) {
      log.error({ err: error }, `${name} failed`)
    }
  }
  const adopt = task('adopting what the release before has written', async () => {
    const count = await followPreviousRelease()
    if (count > 0) log.info({ count }, 'contacts that a process of the release before has written were adopted')
  })
  const maintain = task('maintenance', async () => {
    await deleteExpiredAnswers(db, now())
    await refreshSearchColumns(db)
    await deleteOldImports(db, now())
    await deleteOldChanges(db, now(), settings.changesKeptDays)
    await deleteOldReservations(db, now())
    await deleteOldDeliveries(db, now(), settings.changesKeptDays)
  })
  const check = task('checking stored data', async () => {
    for (const { organizationId, count, contactIds } of await findInvalidEmails(db))
      log.warn(
        { organization_id: organizationId, count, contact_ids: contactIds },
        'contacts have email addresses that are not valid; correct them',
      )
    for (const { organizationId, count, contactIds } of await findLostOptIns(db))
      log.warn(
        { organization_id: organizationId, count, contact_ids: contactIds },
        'opt-ins of an earlier release license nothing, because their address is not known; ask these contacts again',
      )
  })
  const retain = task('retention', async () => {
    const { purgeDeletedAfterDays, activitiesKeptDays } = retention
    const contacts = purgeDeletedAfterDays === null ? 0 : await purgeDeletedContacts(services, purgeDeletedAfterDays)
    const activities = activitiesKeptDays === null ? 0 : await deleteOldActivities(services, activitiesKeptDays)
    if (contacts + activities > 0) log.info({ contacts, activities }, 'retention removed what is no longer kept')
  })
  const resume = task('finishing erasures', async () => {
    const count = await resumeErasures(services)
    if (count > 0) log.info({ count }, 'erasures were finished')
  })
  const learn = task('learning reply habits', () => learnStaleHabits(db, now()))
  const index = task('indexing attributes', () => indexPendingDefinitions(db, now))
  // One after the other: learning from a long history, or indexing very many contacts, may take longer than the time between two looks.
  let isCatchingUp = false
  const catchUp = async () => {
    if (isCatchingUp) return
    isCatchingUp = true
    await resume().then(learn).then(index)
    isCatchingUp = false
  }
  const first = setTimeout(() => void adopt().then(maintain).then(catchUp).then(retain).then(check), pause)
  const timers = [
    setInterval(() => void adopt(), minute),
    setInterval(() => void maintain(), hour),
    setInterval(() => void retain(), day),
    setInterval(() => void catchUp(), minute),
  ]
  for (const timer of [first, ...timers]) timer.unref()
  return () => {
    clearTimeout(first)
    for (const timer of timers) clearInterval(timer)
  }
}
