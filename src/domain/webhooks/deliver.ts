import { randomUUID } from 'node:crypto'
import type { WebhookDelivery, WebhookEndpoint } from '../../data/generated/client.ts'
import { transaction } from '../../data/transaction.ts'
import { type Attempt, type EndpointKey, recordAttempts, selectBacklog, selectDueDeliveries } from '../../data/sql/webhook-queue.ts'
import { audit } from '../audit/commands.ts'
import { bodiesOf } from './bodies.ts'
import { collectEvents } from './collect.ts'
import type { PostResult } from './post.ts'
import { longestFailure, nextAttempt, retryDelays } from './rules.ts'
import { secretsOf } from './secrets.ts'
import { actingFor, type WebhookServices } from './services.ts'
import { signatureHeaders } from './sign.ts'

/** How long an endpoint is one process's alone without a sign of life, in milliseconds: much longer than a group of requests takes. */
const leaseTime = 60_000
/** How many requests are sent to an endpoint at once. */
const requestsAtOnce = 25
/** Above this backlog the feed is not read on: it keeps what follows. */
const maxBacklog = 1000
/** How long an endpoint is left alone when nothing is known to do; a notification ends it earlier. In milliseconds. */
const longestRest = 30_000

/**
 * Reads the feed on for an endpoint and sends what is due, as the only process that does. Events of one contact are sent in order; an event that fails is
 * sent again later, and holds back those of its contact alone. While nothing succeeds, one event at a time is tried.
 * @returns whether there is more to do at once; null if there is no such endpoint, it is switched off, or another process is at it
 */
export async function workOnEndpoint(services: WebhookServices, key: EndpointKey): Promise<{ readonly hasMore: boolean } | null> {
  const lease = randomUUID()
  const endpoint = await claim(services, key, lease)
  if (endpoint === null) return null
  const backlog = await selectBacklog(services.db, key, maxBacklog)
  const hasMoreToRead = backlog.count < maxBacklog && (await collectEvents(services, endpoint, lease))
  const mayTry = endpoint.retryAt === null || endpoint.retryAt <= services.now()
  const isFailing = endpoint.failures > 0
  const sent = mayTry ? await sendGroup(services, endpoint, isFailing ? 1 : requestsAtOnce) : []
  const state = await stateAfter(services, endpoint, sent)
  const hasMore = state.enabled && state.retryAt === null && (hasMoreToRead || sent.length > 0)
  await release(services, endpoint, { lease, state, hasMore })
  return { hasMore }
}

async function claim({ db, now }: WebhookServices, { organizationId, id }: EndpointKey, lease: string): Promise<WebhookEndpoint | null> {
  const isFree = { OR: [{ leasedUntil: null }, { leasedUntil: { lte: now() } }] }
  const { count } = await db.prisma.webhookEndpoint.updateMany({
    where: { organizationId, id, enabled: true, ...isFree },
    data: { lease, leasedUntil: new Date(now().getTime() + leaseTime) },
  })
  return count === 0 ? null : db.prisma.webhookEndpoint.findUnique({ where: { organizationId_id: { organizationId, id } } })
}

/** Sends deliveries of different contacts at once, and records what became of them. */
async function sendGroup(services: WebhookServices, endpoint: WebhookEndpoint, limit: number): Promise<PostResult[]> {
  const { db, now, poster, counts } = services
  const deliveries = await selectDueDeliveries(db, endpoint, now(), limit)
  if (deliveries.length === 0) return []
  const bodies = await bodiesOf(services, endpoint, deliveries)
  const secrets = secretsOf(services, endpoint)
  const results = await Promise.all(
    deliveries.map(({ id }) => {
      const body = bodies.get(id) ?? ''
      return poster.post({ url: endpoint.url, headers: signatureHeaders(id, now(), body, secrets), body })
    }),
  )
  const isAnyAccepted = results.some(({ accepted }) => accepted)
  const attempts = deliveries.flatMap((delivery, index) => {
    const result = results[index]
    return result === undefined ? [] : [attemptOf(delivery, result, { now: now(), endpoint, isAnyAccepted })]
  })
  await recordAttempts(db, endpoint, attempts, now())
  for (const { status } of attempts) counts.attempts[status === 'pending' ? 'retried' : status] += 1
  return results
}

interface AttemptOptions {
  readonly now: Date
  readonly endpoint: WebhookEndpoint
  readonly isAnyAccepted: boolean
}

/** An event is given up only if the endpoint has accepted others meanwhile: while all fail, it is the endpoint that is at fault. */
function attemptOf(delivery: WebhookDelivery, result: PostResult, { now, endpoint, isAnyAccepted }: AttemptOptions): Attempt {
  const { id, attempts, firstAttemptAt } = delivery
  const { accepted, statusCode, error, retryAfter } = result
  if (accepted) return { id, status: 'delivered', statusCode, error, nextAttemptAt: now }
  const { lastSuccessAt } = endpoint
  const othersSucceed = isAnyAccepted || (lastSuccessAt !== null && firstAttemptAt !== null && lastSuccessAt > firstAttemptAt)
  const status = attempts >= retryDelays.length && othersSucceed ? 'failed' : 'pending'
  return { id, status, statusCode, error, nextAttemptAt: nextAttempt(now, attempts + 1, retryAfter, Math.random()) }
}

type EndpointState = Pick<WebhookEndpoint, 'enabled' | 'failures' | 'retryAt' | 'failingSince' | 'lastSuccessAt' | 'switchedOffAt'>

/** What is known of an endpoint after a group of requests. */
async function stateAfter(services: WebhookServices, endpoint: WebhookEndpoint, results: readonly PostResult[]): Promise<EndpointState> {
  const now = services.now()
  const { enabled, failures, retryAt, failingSince, lastSuccessAt, switchedOffAt } = endpoint
  const before = { enabled, failures, retryAt, failingSince, lastSuccessAt, switchedOffAt }
  if (results.length === 0) return before
  const holdOff = results.find(({ accepted, retryAfter }) => !accepted && retryAfter !== null)?.retryAfter ?? null
  if (results.some(({ accepted }) => accepted)) {
    const hold = holdOff === null ? null : nextAttempt(now, 1, holdOff, 0)
    return { ...before, failures: 0, failingSince: null, lastSuccessAt: now, retryAt: hold }
  }
  const since = failingSince ?? now
  const last = new Date(since.getTime() + longestFailure)
  const next = nextAttempt(now, failures + 1, holdOff, Math.random())
  if (now < last) return { ...before, failures: failures + 1, failingSince: since, retryAt: next < last ? next : last }
  return { ...before, failures: failures + 1, failingSince: since, retryAt: null, enabled: false, switchedOffAt: now }
}

/** When an endpoint without more to do at once is looked at again. What is due and was not sent waits for an earlier event of its contact. */
function dueTime(next: Date | null, now: Date): number {
  const rest = now.getTime() + longestRest
  if (next === null) return rest
  return next > now ? Math.min(rest, next.getTime()) : now.getTime() + retryDelays[0]
}

interface Release {
  readonly lease: string
  readonly state: EndpointState
  readonly hasMore: boolean
}

/** Gives the endpoint back, with what is known of it and the time at which there is something to do. */
async function release(services: WebhookServices, endpoint: WebhookEndpoint, { lease, state, hasMore }: Release): Promise<void> {
  const { organizationId, id } = endpoint
  const { db, now, counts } = services
  const { next } = await selectBacklog(db, endpoint, 1)
  const dueAt = hasMore ? now() : new Date(Math.max(dueTime(next, now()), state.retryAt?.getTime() ?? 0))
  const data = { ...state, dueAt, lease: null, leasedUntil: null }
  const isSwitchedOff = endpoint.enabled && !state.enabled
  await transaction(db, async (tx) => {
    const { count } = await tx.prisma.webhookEndpoint.updateMany({ where: { organizationId, id, lease }, data })
    if (count === 0 || !isSwitchedOff) return
    const context = actingFor(services, organizationId)
    await audit(tx, context, 'webhook_endpoint.switched_off', [{ id, contactId: null }], ['enabled'])
    counts.switchedOff += 1
  })
}
