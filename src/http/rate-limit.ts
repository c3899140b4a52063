import { LRUCache } from 'lru-cache'
import type { Limiter, Limiters } from '../data/limiter.ts'
import type { Actor } from '../domain/context.ts'
import { DomainError } from '../kernel/errors.ts'
import type { RequestInfo } from './request-context.ts'
import type { RateLimits } from './settings.ts'

/** What is counted apart: reading, writing, requests about many contacts, the cost of GraphQL operations, and rows that are written at once. */
export type RateClass = keyof RateLimits

/** How many refused GraphQL operations use up the limit on cost: 25 a second. */
const refusedAllowed = 1500

/** The length of every window, in seconds. */
const window = 60

/** The key has used up what it may within the window. */
export class RateLimited extends DomainError {
  readonly retryAfter: number

  constructor(rateClass: RateClass, limit: number, retryAfter: number) {
    const what = {
      read: 'requests that read',
      write: 'requests that write',
      bulk: 'bulk requests',
      cost: 'units of operation cost',
      rows: 'rows',
    }[rateClass]
    super(
      'RATE_LIMITED',
      `This credential has used its ${limit.toLocaleString('en')} ${what} a minute. Try again in ${retryAfter} seconds.`,
      {
        retryAfter,
        limit,
        window,
      },
    )
    this.retryAfter = retryAfter
  }
}

/** What is left of one limit of a credential. */
export interface RateLimitUsage {
  readonly rateClass: RateClass
  readonly limit: number
  readonly remaining: number
  /** Seconds until everything is free again; null while nothing is used. */
  readonly reset: number | null
}

/** Counts what each credential uses, and refuses what is too much. */
export interface RateLimiter {
  /** @throws RateLimited */
  charge(actor: Actor, request: RequestInfo, rateClass: RateClass, points: number): Promise<void>
  /** What is left of each limit of a credential; empty where there are no limits. */
  usage(actor: Actor): Promise<RateLimitUsage[]>
  /** Charges a GraphQL operation that was refused before anything was charged for it: reading and checking it is work too. */
  chargeIfRefused(actor: Actor, request: RequestInfo): Promise<void>
  /** Refuses callers whose refused operations have used up their limit, before another one is read. @throws RateLimited */
  requireCredit(actor: Actor, request: RequestInfo): Promise<void>
}

/** The name under which the uses of a caller are counted. */
function keyOf({ organizationId, keyId }: Actor): string {
  return `${organizationId}:${keyId}`
}

/** Counts against the limits. Without limits, nothing is counted. */
export function createRateLimiter(limits: RateLimits | null, limiters: Limiters): RateLimiter {
  if (limits === null)
    return { charge: async () => {}, usage: async () => [], chargeIfRefused: async () => {}, requireCredit: async () => {} }
  const create = (rateClass: RateClass): Limiter => limiters.create({ name: rateClass, points: limits[rateClass], window })
  const counters: Record<RateClass, Limiter> = {
    read: create('read'),
    write: create('write'),
    bulk: create('bulk'),
    cost: create('cost'),
    rows: create('rows'),
  }
  // Asking the store before every operation would cost a statement each: only callers of refused ones are asked about.
  const refused = new LRUCache<string, true>({ max: 10_000, ttl: window * 1000 })
  return {
    async charge(actor, request, rateClass, points) {
      const limit = limits[rateClass]
      // A request is never charged more than all there is: it would never be allowed.
      const usage = await counters[rateClass].consume(keyOf(actor), Math.min(points, limit))
      // The headers are about the limit of the request itself; rows are counted beside it.
      if (rateClass !== 'rows' || !usage.allowed) request.rateLimit = { limit, remaining: usage.remaining, reset: usage.reset }
      if (!usage.allowed) throw new RateLimited(rateClass, limit, usage.reset)
    },
    async usage(actor) {
      const classes = Object.keys(counters) as RateClass[] // Object.keys gives the keys of a record
      return Promise.all(
        classes.map(async (rateClass) => {
          const used = await counters[rateClass].peek(keyOf(actor))
          const limit = limits[rateClass]
          return { rateClass, limit, remaining: used?.remaining ?? limit, reset: used?.reset ?? null }
        }),
      )
    },
    async chargeIfRefused(actor, request) {
      if (request.rateLimit !== null || request.errorCode === null) return
      refused.set(keyOf(actor), true)
      const { remaining, reset } = await counters.cost.consume(keyOf(actor), Math.ceil(limits.cost / refusedAllowed))
      request.rateLimit = { limit: limits.cost, remaining, reset }
    },
    async requireCredit(actor, request) {
      if (!refused.has(keyOf(actor))) return
      const { allowed, remaining, reset } = await counters.cost.consume(keyOf(actor), 0)
      if (allowed) return
      request.rateLimit = { limit: limits.cost, remaining, reset }
      throw new RateLimited('cost', limits.cost, reset)
    },
  }
}
