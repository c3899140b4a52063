import type pg from 'pg'
import { StreamSlots } from './stream-slots.ts'

/** The connections that reads of any length are streamed over: Prisma's client has no cursors. */
export interface StreamSource {
  readonly pool: pg.Pool
  readonly kind: 'embedded' | 'server'
  /** How many readers may stream at once. */
  readonly slots: StreamSlots
  /** The connections to the primary, where these are to a replica; null otherwise. */
  readonly primary: pg.Pool | null
}

export function streamSourceOf(pool: pg.Pool, kind: StreamSource['kind'], primary: pg.Pool | null = null): StreamSource {
  return { pool, kind, primary, slots: new StreamSlots(kind === 'embedded' ? 10 : (pool.options.max ?? 10)) }
}
