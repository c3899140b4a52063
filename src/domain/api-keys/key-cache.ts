import { LRUCache } from 'lru-cache'
import type { ReadDb } from '../../data/database.ts'
import { selectApiKey } from '../../data/sql/find-api-key.ts'
import type { Actor } from '../context.ts'
import { parseScopes } from './rules.ts'

/**
 * For how long a valid key stays in the cache, in milliseconds. Looking it up would be a third of what a small request costs. Revoking a key waits for as
 * long: when it returns, no process accepts the key any more.
 */
export const keyLease = 1000

/** The caller that a key belongs to, and until when the key is valid. */
export interface KeyHolder {
  readonly actor: Actor
  /** Null for a key that does not expire. */
  readonly expiresAt: Date | null
}

/** Finds the holder of the key with a hash; null if there is no such key, or it is revoked. */
export type FindKeyHolder = (db: ReadDb, hash: Uint8Array) => Promise<KeyHolder | null>

/** Reads the holder of a key. One statement. */
export const readKeyHolder: FindKeyHolder = async (db, hash) => {
  const key = await selectApiKey(db, hash)
  if (key === null || key.revokedAt !== null) return null
  const { organizationId, id, name, scopes, expiresAt } = key
  return { actor: { organizationId, keyId: id, name, scopes: parseScopes(scopes) }, expiresAt }
}

/** Reads the holders of keys of one database, and caches them for the length of a lease. */
export function cachingKeyHolders(): FindKeyHolder {
  const cache = new LRUCache<string, KeyHolder>({ max: 10_000, ttl: keyLease })
  return async (db, hash) => {
    const name = Buffer.from(hash).toString('base64')
    const cached = cache.get(name)
    if (cached !== undefined) return cached
    // The lease starts before the read: what the database says may not hold any more when it has answered.
    const asked = performance.now()
    const holder = await readKeyHolder(db, hash)
    if (holder !== null) cache.set(name, holder, { start: asked })
    return holder
  }
}
