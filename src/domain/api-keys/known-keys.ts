import { LRUCache } from 'lru-cache'
import type { ReadDb } from '../../data/database.ts'
import type { ApiKey } from '../../data/generated/client.ts'
import { selectApiKey } from '../../data/sql/find-api-key.ts'

/**
 * For how long a key that was found good is taken for good without asking again, in milliseconds. Looking it up would be a third of what a small
 * request costs. Revoking a key waits for as long: when it returns, no process accepts the key any more.
 */
export const keyLease = 1000

/** Finds the key with a hash; null if there is none. */
export type FindKey = (db: ReadDb, hash: Uint8Array) => Promise<ApiKey | null>

/** Finds keys of one database, and knows those that are good for the length of a lease. */
export function rememberingKeys(): FindKey {
  const known = new LRUCache<string, ApiKey>({ max: 10_000, ttl: keyLease })
  return async (db, hash) => {
    const name = Buffer.from(hash).toString('base64')
    const remembered = known.get(name)
    if (remembered !== undefined) return remembered
    // What the database says held when it was asked, and may not hold any more when it has answered.
    const asked = performance.now()
    const key = await selectApiKey(db, hash)
    if (key !== null && key.revokedAt === null) known.set(name, key, { start: asked })
    return key
  }
}
