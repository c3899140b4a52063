import type { Logger } from 'pino'
import type { Db } from '../data/database.ts'
import { workOnNextImport } from '../domain/imports/job/work.ts'
import type { SecretKeys } from '../kernel/secret-keys.ts'
import type { Clock } from '../kernel/time.ts'

interface WorkerServices {
  readonly db: Db
  readonly now: Clock
  readonly secretKeys: SecretKeys
  readonly log: Logger
}

/** Milliseconds until the next look for work where there was none; doubled with each look that fails, up to the longest. */
const pause = 500
const longestPause = 10_000

/** Works on imports in the background, one batch after the other. @returns stops it, when the batch under way is done */
export function startImportWorker({ db, now, secretKeys, log }: WorkerServices): () => Promise<void> {
  const stop = new AbortController()
  let failures = 0
  const worker = work()
  return () => {
    stop.abort()
    return worker
  }

  async function work(): Promise<void> {
    while (!stop.signal.aborted) {
      const worked = await step()
      await sleep(worked ? 0 : Math.min(pause * 2 ** failures, longestPause))
    }
  }

  async function step(): Promise<boolean> {
    try {
      const step = await workOnNextImport({ db, now, secretKeys })
      failures = 0
      if (step === null) return false
      const { id, status, processedRows, totalRows } = step.job
      if (step.error !== null) log.error({ err: step.error, import_job: id, status }, 'a batch of an import failed')
      else if (!step.job.isOpen)
        log.info({ import_job: id, status, processed_rows: processedRows, total_rows: totalRows }, 'an import ended')
      return true
    } catch (error) {
      failures += 1
      log.error({ err: error }, 'looking for imports failed')
      return false
    }
  }

  function sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, milliseconds)
      stop.signal.addEventListener('abort', done)
      function done(): void {
        clearTimeout(timer)
        stop.signal.removeEventListener('abort', done)
        resolve()
      }
    })
  }
}
