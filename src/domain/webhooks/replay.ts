import { neededFrom, storePosition } from '../../data/feed-position.ts'
import type { Prisma, WebhookDelivery, WebhookEndpoint } from '../../data/generated/client.ts'
import { transaction } from '../../data/transaction.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { newId, parseId } from '../../kernel/ids.ts'
import { audit } from '../audit/commands.ts'
import type { WatchContext } from '../changes/feed.ts'
import { type Context, requireScope } from '../context.ts'
import { bodyOf } from './bodies.ts'
import type { Poster } from './post.ts'
import { getWebhookEndpoint } from './queries.ts'
import { secretsOf } from './secrets.ts'
import { signatureHeaders } from './sign.ts'

/** What to send again: what follows an event, or the deliveries of some ids or of a time. */
export interface ReplayRequest {
  /** An event id: all changes after it are read from the feed again. */
  readonly after?: string | null | undefined
  readonly deliveryIds?: readonly string[] | null | undefined
  /** Inclusive. */
  readonly from?: Date | null | undefined
  /** Exclusive. Default: now. */
  readonly to?: Date | null | undefined
}

const maxDeliveries = 1000

/**
 * Sends events to an endpoint again. With `after`, the endpoint reads the feed again from there, and events have new ids; otherwise deliveries that ended
 * are sent again with the ids that they had. @returns how many deliveries are sent again; null with `after`. @throws InvalidInput, NotFound, EventIdExpired
 */
export async function replayWebhookDeliveries(
  context: Context & WatchContext,
  id: string,
  request: ReplayRequest,
): Promise<{ readonly endpoint: WebhookEndpoint; readonly count: number | null }> {
  requireScope(context, 'settings:write')
  requireScope(context, 'contacts:read')
  const { organizationId } = context.actor
  await getWebhookEndpoint(context, id)
  const after = typeof request.after === 'string' ? await context.feed.positionOf(organizationId, request.after) : null
  const chosen = after === null ? chosenBy(request, context.now()) : null
  if (after !== null && (request.deliveryIds || request.from || request.to)) throw oneWay()
  return transaction(context.db, async (tx) => {
    await audit(tx, context, 'webhook_delivery.replayed', [{ id, contactId: null }])
    const now = context.now()
    const where = { organizationId_id: { organizationId, id } }
    // A worker that holds the endpoint must not write its own position over this one.
    const position = after === null ? {} : { position: storePosition(after), neededFrom: neededFrom(after), lease: null, leasedUntil: null }
    const endpoint = await tx.prisma.webhookEndpoint.update({ where, data: { ...position, dueAt: now } })
    if (chosen === null) return { endpoint, count: null }
    const { count } = await tx.prisma.webhookDelivery.updateMany({
      where: { organizationId, endpointId: id, status: { not: 'pending' }, type: { not: testType }, ...chosen },
      data: { status: 'pending', attempts: 0, nextAttemptAt: now, firstAttemptAt: null, deliveredAt: null },
    })
    return { endpoint, count }
  })
}

/** Which deliveries are meant. @throws InvalidInput */
function chosenBy({ deliveryIds, from, to }: ReplayRequest, now: Date): Prisma.WebhookDeliveryWhereInput {
  const isByIds = deliveryIds !== null && deliveryIds !== undefined
  if (isByIds === Boolean(from)) throw oneWay()
  if (isByIds) {
    if (to) throw oneWay()
    if (deliveryIds.length > 0 && deliveryIds.length <= maxDeliveries)
      return { id: { in: deliveryIds.map((one, index) => parseId('webhookDelivery', one, `deliveryIds.${index}`)) } }
    throw new InvalidInput(`Send 1 to ${maxDeliveries.toLocaleString('en')} ids at a time.`, {
      field: 'deliveryIds',
      expected: `1 to ${maxDeliveries.toLocaleString('en')} ids`,
    })
  }
  const end = to ?? now
  if (!from || from < end) return { createdAt: { gte: from ?? end, lt: end } }
  throw new InvalidInput('`from` is not before `to`.', { field: 'from', value: from.toISOString(), expected: 'a time before `to`' })
}

function oneWay(): InvalidInput {
  return new InvalidInput('Say in one way what to send again.', {
    field: 'after',
    expected: '`after`, or `deliveryIds`, or `from` with or without `to`',
  })
}

const testType = 'webhook.test'

/** Sends a test event to an endpoint at once, enabled or not, and waits for the answer. It is not retried. @throws NotFound */
export async function testWebhookEndpoint(context: Context, id: string, poster: Poster): Promise<WebhookDelivery> {
  requireScope(context, 'settings:write')
  const { organizationId } = context.actor
  const endpoint = await getWebhookEndpoint(context, id)
  const now = context.now()
  const event = { id: newId('webhookDelivery'), type: testType, occurredAt: now }
  const body = bodyOf(event, { webhook_endpoint_id: id })
  const headers = signatureHeaders(event.id, now, body, secretsOf(context, endpoint))
  const { accepted, statusCode, error } = await poster.post({ url: endpoint.url, headers, body })
  // Citus does not return enumerations of what it inserts: the row is read again.
  const where = { organizationId_id: { organizationId, id: event.id } }
  await context.db.prisma.webhookDelivery.create({
    select: { id: true },
    data: {
      ...event,
      organizationId,
      endpointId: id,
      eventId: '',
      status: accepted ? 'delivered' : 'failed',
      attempts: 1,
      nextAttemptAt: now,
      firstAttemptAt: now,
      deliveredAt: accepted ? now : null,
      lastStatusCode: statusCode,
      lastError: error,
      createdAt: now,
    },
  })
  return context.db.prisma.webhookDelivery.findUniqueOrThrow({ where })
}
