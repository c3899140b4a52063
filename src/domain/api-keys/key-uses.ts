import { LRUCache } from 'lru-cache'
import type { Tx } from '../../data/database.ts'
import { type KeyUse, recordKeyUses } from '../../data/sql/record-key-uses.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Actor } from '../context.ts'

/** The shortest time between two writes about one key, in milliseconds. */
const precision = 60_000
/** How long a use may wait to be written, in milliseconds. */
const delay = 5000

export interface KeyUses {
  /** Notes that a caller was authenticated. Callers with a token have no key and are left out. */
  readonly note: (actor: Actor) => void
  /** Writes what was noted, in one statement. */
  write(): Promise<void>
  /** Writes what is left, and stops. */
  stop(): Promise<void>
}

/**
 * Records when keys were last used, exact to a minute. Requests only note it in memory; a timer writes it, so that no request waits for the
 * statement or holds a connection for it.
 */
export function recordingKeyUses({
  db,
  now,
  onError,
}: {
  readonly db: Tx
  readonly now: Clock
  readonly onError: (error: unknown) => void
}): KeyUses {
  // At most as many as keys are cached: a key that falls out of it is written once more.
  const noted = new LRUCache<string, Date>({ max: 10_000 })
  let pending = new Map<string, KeyUse>()
  let writing = Promise.resolve()
  const writePending = async (): Promise<void> => {
    const uses = [...pending.values()]
    pending = new Map()
    if (uses.length === 0) return
    try {
      await recordKeyUses(db, uses)
    } catch (error) {
      // The next use of these keys is written in their stead.
      for (const { keyId } of uses) noted.delete(keyId)
      onError(error)
    }
  }
  // One after the other: a slow database does not get more statements.
  const write = () => (writing = writing.then(writePending))
  const timer = setInterval(() => void write(), delay)
  timer.unref()
  return {
    note({ organizationId, keyId }) {
      if (!keyId.startsWith('key_')) return
      const at = now()
      const before = noted.get(keyId)
      if (before !== undefined && at.getTime() - before.getTime() < precision) return
      noted.set(keyId, at)
      pending.set(keyId, { organizationId, keyId, at })
    },
    write,
    async stop() {
      clearInterval(timer)
      await write()
    },
  }
}
