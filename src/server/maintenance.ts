import type { Logger } from 'pino'
import type { Db } from '../data/database.ts'
import { forgetOldChanges } from '../domain/changes/commands.ts'
import { findInvalidEmails } from '../domain/contacts/check-emails.ts'
import { forgetExpiredAnswers } from '../domain/idempotency/commands.ts'
import { refreshSearchColumns } from '../domain/contacts/refresh-search.ts'
import { forgetOldImports } from '../domain/imports/job/forget.ts'
import { learnStaleHabits } from '../domain/next-best-action/commands.ts'
import type { HttpSettings } from '../http/settings.ts'
import type { Clock } from '../kernel/time.ts'

const minute = 60 * 1000
const hour = 60 * minute

/** The delay after the start, so that the first requests are served first. */
const pause = 10_000

interface MaintenanceServices {
  readonly db: Db
  readonly now: Clock
  readonly log: Logger
  readonly settings: Pick<HttpSettings, 'changesKeptDays'>
}

/**
 * Removes what has expired every hour, and looks every minute whether reply habits are to be learned again; first shortly after the start.
 * @returns stops it
 */
export function startMaintenance({ db, now, log, settings }: MaintenanceServices): () => void {
  const maintain = async () => {
    try {
      await forgetExpiredAnswers(db, now())
      await refreshSearchColumns(db)
      await forgetOldImports(db, now())
      await forgetOldChanges(db, now(), settings.changesKeptDays)
    } catch (error) {
      log.error({ err: error }, 'maintenance failed')
    }
  }
  const check = async () => {
    try {
      for (const { organizationId, count, contactIds } of await findInvalidEmails(db))
        log.warn(
          { organization_id: organizationId, count, contact_ids: contactIds },
          'contacts have email addresses that are not valid; correct them',
        )
    } catch (error) {
      log.error({ err: error }, 'checking email addresses failed')
    }
  }
  // One after the other: learning from a long history may take longer than the time between two looks.
  let isLearning = false
  const learn = async () => {
    if (isLearning) return
    isLearning = true
    try {
      await learnStaleHabits(db, now())
    } catch (error) {
      log.error({ err: error }, 'learning reply habits failed')
    } finally {
      isLearning = false
    }
  }
  const first = setTimeout(() => void maintain().then(learn).then(check), pause)
  const timers = [setInterval(() => void maintain(), hour), setInterval(() => void learn(), minute)]
  for (const timer of [first, ...timers]) timer.unref()
  return () => {
    clearTimeout(first)
    for (const timer of timers) clearInterval(timer)
  }
}
