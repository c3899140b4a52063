import type { Logger } from 'pino'
import type { Db } from './data/database.ts'
import { forgetExpiredAnswers } from './domain/idempotency/commands.ts'
import { forgetOldImports } from './domain/imports/forget.ts'
import type { Clock } from './kernel/time.ts'

const hour = 60 * 60 * 1000

/** Clears away what has had its time, at the start and every hour. @returns stops it */
export function startMaintenance({ db, now, log }: { readonly db: Db; readonly now: Clock; readonly log: Logger }): () => void {
  const clear = async () => {
    try {
      await forgetExpiredAnswers(db, now())
      await forgetOldImports(db, now())
    } catch (error) {
      log.error({ err: error }, 'maintenance failed')
    }
  }
  void clear()
  const timer = setInterval(() => void clear(), hour)
  timer.unref()
  return () => clearInterval(timer)
}
