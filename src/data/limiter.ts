import { Redis } from 'ioredis'
import type pg from 'pg'
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'

/** Where counts are kept: in this process, or in a store that several processes share. */
export type LimiterStore = { readonly kind: 'memory' } | { readonly kind: 'postgres' } | { readonly kind: 'redis'; readonly url: string }

/** The store of a setting: `memory`, `postgres`, or the URL of a Redis. */
export function limiterStoreNamed(text: string): LimiterStore {
  return text === 'memory' || text === 'postgres' ? { kind: text } : { kind: 'redis', url: text }
}

export interface Limit {
  /** Names what is counted. */
  readonly name: string
  /** How much may be used within the window. */
  readonly points: number
  /** The length of the window, in seconds; it begins with the first use. */
  readonly window: number
}

export interface Usage {
  readonly allowed: boolean
  readonly remaining: number
  /** Seconds until the window ends and everything is free again, rounded up. */
  readonly reset: number
}

/** Counts uses against a limit. */
export interface Limiter {
  consume(key: string, points: number): Promise<Usage>
  /** What is used now, without using any of it; null where nothing was used within the window. */
  peek(key: string): Promise<Usage | null>
}

export interface Limiters {
  create(limit: Limit): Limiter
  /** Whether a Redis server can be asked right now; null where none is meant to be. */
  isRedisReady(): boolean | null
  close(): Promise<void>
}

/**
 * Makes limiters on a store. While a shared store cannot be reached, each process counts for itself: a request is never refused, nor
 * let pass without a count, because of the store. When it is back, uses of the meantime are not added.
 * @param openPool opens connections that are used for nothing else
 */
export function createLimiters(store: LimiterStore, openPool: () => pg.Pool): Limiters {
  const pool = store.kind === 'postgres' ? openPool() : null
  pool?.on('error', () => {})
  const redis = store.kind === 'redis' ? connectRedis(store.url) : null
  return {
    create({ name, points, window }) {
      const options = { keyPrefix: name, points, duration: window }
      const insuranceLimiter = new RateLimiterMemory(options)
      switch (store.kind) {
        case 'memory':
          return counting(insuranceLimiter)
        case 'postgres':
          return counting(
            new RateLimiterPostgres({
              ...options,
              storeClient: pool,
              storeType: 'pool',
              tableName: 'rate_limits',
              tableCreated: true,
              clearExpiredByTimeout: true,
              insuranceLimiter,
            }),
          )
        case 'redis':
          return counting(new RateLimiterRedis({ ...options, keyPrefix: `contact-gateway:${name}`, storeClient: redis, insuranceLimiter }))
      }
    },
    isRedisReady: () => redis && redis.status === 'ready',
    async close() {
      redis?.disconnect()
      await pool?.end()
    },
  }
}

/** How long a request waits for a Redis server that is connected and says nothing, in milliseconds; then it is counted here. */
const redisPatience = 250

/** A connection that is never waited for: while there is none, commands fail at once, and it comes back by itself. */
function connectRedis(url: string): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
    commandTimeout: redisPatience,
    // A server that has gone silent is taken for gone, so that only the first requests wait for it.
    socketTimeout: 2 * redisPatience,
  })
  redis.on('error', () => {})
  return redis
}

function counting(limiter: RateLimiterAbstract): Limiter {
  const consume = async (key: string, points: number) => {
    try {
      return { result: await limiter.consume(key, points), allowed: true }
    } catch (refused) {
      // The library throws its result where the limit is passed, and errors for anything else.
      if (refused instanceof RateLimiterRes) return { result: refused, allowed: false }
      throw refused
    }
  }
  return {
    async consume(key, points) {
      const first = await consume(key, points)
      if (!endsTooLate(first.result, limiter.duration)) return usage(first.result, first.allowed)
      await limiter.delete(key)
      const again = await consume(key, points)
      return usage(again.result, again.allowed)
    },
    async peek(key) {
      const used = await limiter.get(key)
      return used === null || endsTooLate(used, limiter.duration) ? null : usage(used, used.remainingPoints > 0)
    },
  }
}

/**
 * Whether a window ends later than a window can: it began before the clock was set back. Counting would go on in it until the clock is there again. Clocks
 * of several machines may differ by less than a window.
 * @param window in seconds
 */
function endsTooLate({ msBeforeNext }: RateLimiterRes, window: number): boolean {
  return msBeforeNext > 2 * window * 1000
}

function usage(result: RateLimiterRes, allowed: boolean): Usage {
  return { allowed, remaining: Math.max(0, result.remainingPoints), reset: Math.max(1, Math.ceil(result.msBeforeNext / 1000)) }
}
