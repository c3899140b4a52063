import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, openDatabase } from '../data/open-database.ts'
import type { Config } from '../config.ts'

/** Errors of a server that is not there yet: no connection, a name that is not known yet, and a PostgreSQL that is starting up. */
const notYet = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', '57P03'])

const pause = 500

/**
 * Opens the database. A server that is still starting is retried for `DATABASE_WAIT` seconds.
 * @param onWait called once, with the code of the error, when the first attempt failed
 */
export async function openDatabaseWhenReady({ database, databaseWait }: Config, onWait: (code: string) => void): Promise<Database> {
  const deadline = performance.now() + databaseWait
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openDatabase(database)
    } catch (error) {
      const code = codeOf(error)
      if (database.url === null || code === null || !notYet.has(code) || performance.now() + pause > deadline) throw error
      if (attempt === 1) onWait(code)
      await sleep(pause)
    }
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null
}
