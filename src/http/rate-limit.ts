import type { Limiter, Limiters } from '../data/limiter.ts'
import type { Actor } from '../domain/context.ts'
import { DomainError } from '../kernel/errors.ts'
import type { RequestInfo } from './request-context.ts'
import type { RateLimits } from './settings.ts'

/** What is counted apart: reading, writing, requests about many contacts, and the cost of GraphQL operations. */
export type RateClass = keyof RateLimits

/** The length of every window, in seconds. */
const window = 60

/** The key has used up what it may within the window. */
export class RateLimited extends DomainError {
  readonly retryAfter: number

  constructor(rateClass: RateClass, limit: number, retryAfter: number) {
    const what = { read: 'requests that read', write: 'requests that write', bulk: 'bulk requests', cost: 'units of operation cost' }[
      rateClass
    ]
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
}

/** Counts against the limits; where there are none, counts nothing. */
export function createRateLimiter(limits: RateLimits | null, limiters: Limiters): RateLimiter {
  if (limits === null) return { charge: async () => {}, usage: async () => [] }
  const create = (rateClass: RateClass): Limiter => limiters.create({ name: rateClass, points: limits[rateClass], window })
  const counters: Record<RateClass, Limiter> = { read: create('read'), write: create('write'), bulk: create('bulk'), cost: create('cost') }
  return {
    async charge(actor, request, rateClass, points) {
      const limit = limits[rateClass]
      const usage = await counters[rateClass].consume(`${actor.organizationId}:${actor.keyId}`, points)
      request.rateLimit = { limit, remaining: usage.remaining, reset: usage.reset }
      if (!usage.allowed) throw new RateLimited(rateClass, limit, usage.reset)
    },
    async usage({ organizationId, keyId }) {
      const classes = Object.keys(counters) as RateClass[] // Object.keys gives the keys of a record
      return Promise.all(
        classes.map(async (rateClass) => {
          const used = await counters[rateClass].peek(`${organizationId}:${keyId}`)
          const limit = limits[rateClass]
          return { rateClass, limit, remaining: used?.remaining ?? limit, reset: used?.reset ?? null }
        }),
      )
    },
  }
}
