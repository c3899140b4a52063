import type { Logger } from 'pino'
import type { Db } from '../data/database.ts'
import { forgetOldChanges } from '../domain/changes/commands.ts'
import { findInvalidEmails } from '../domain/contacts/check-emails.ts'
import { forgetExpiredAnswers } from '../domain/idempotency/commands.ts'
import { refreshSearchColumns } from '../domain/contacts/refresh-search.ts'
import { forgetOldImports } from '../domain/imports/forget.ts'
import { learnStaleHabits } from '../domain/next-best-action/commands.ts'
import type { Clock } from '../kernel/time.ts'

const hour = 60 * 60 * 1000

/** How long after the start: first of all there are those who have waited for it. */
const pause = 10_000

/** Clears away what has had its time and learns anew what has grown old, a moment after the start and every hour. @returns stops it */
export function startMaintenance({ db, now, log }: { readonly db: Db; readonly now: Clock; readonly log: Logger }): () => void {
  const maintain = async () => {
    try {
      await forgetExpiredAnswers(db, now())
      await refreshSearchColumns(db)
      await forgetOldImports(db, now())
      await forgetOldChanges(db, now())
      await learnStaleHabits(db, now())
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
  const first = setTimeout(() => void maintain().then(check), pause)
  const timer = setInterval(() => void maintain(), hour)
  first.unref()
  timer.unref()
  return () => {
    clearTimeout(first)
    clearInterval(timer)
  }
}
