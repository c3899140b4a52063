import type { WebhookDelivery, WebhookDeliveryStatus, WebhookEndpoint } from '../../data/generated/client.ts'
import { selectDeliveries } from '../../data/sql/find-webhook-deliveries.ts'
import { NotFound } from '../../kernel/errors.ts'
import { type List, type Page, type PageRequest, pageOf, type Position } from '../../kernel/page.ts'
import { type ReadContext, requireScope } from '../context.ts'

/** The endpoints of the organization, the oldest first. One statement. */
export async function findWebhookEndpoints(context: ReadContext): Promise<WebhookEndpoint[]> {
  requireScope(context, 'settings:write')
  const { organizationId } = context.actor
  return context.db.prisma.webhookEndpoint.findMany({ where: { organizationId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
}

/** @throws NotFound */
export async function getWebhookEndpoint(context: ReadContext, id: string): Promise<WebhookEndpoint> {
  requireScope(context, 'settings:write')
  const { organizationId } = context.actor
  const endpoint = await context.db.prisma.webhookEndpoint.findUnique({ where: { organizationId_id: { organizationId, id } } })
  if (endpoint === null) throw new NotFound('webhook endpoint', id)
  return endpoint
}

/** The endpoints among these ids. One statement. */
export async function webhookEndpointsById(context: ReadContext, ids: readonly string[]): Promise<Map<string, WebhookEndpoint>> {
  requireScope(context, 'settings:write')
  const { organizationId } = context.actor
  const endpoints = await context.db.prisma.webhookEndpoint.findMany({ where: { organizationId, id: { in: [...ids] } } })
  return new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]))
}

/** The deliveries among these ids. One statement. */
export async function webhookDeliveriesById(context: ReadContext, ids: readonly string[]): Promise<Map<string, WebhookDelivery>> {
  requireScope(context, 'settings:write')
  const { organizationId } = context.actor
  const deliveries = await context.db.prisma.webhookDelivery.findMany({ where: { organizationId, id: { in: [...ids] } } })
  return new Map(deliveries.map((delivery) => [delivery.id, delivery]))
}

/** The list that a page of the deliveries of an endpoint belongs to. */
export function deliveryList(endpointId: string): List {
  return { name: `webhook-deliveries:${endpointId}`, key: 'time' }
}

export function deliveryPosition({ createdAt, id }: WebhookDelivery): Position {
  return { key: createdAt, id }
}

/** The same page of the deliveries of each endpoint, the latest first. The endpoints must have been read through a scope. One statement. */
export async function deliveriesByEndpoint(
  context: ReadContext,
  endpointIds: readonly string[],
  status: WebhookDeliveryStatus | null,
  page: PageRequest,
): Promise<Map<string, Page<WebhookDelivery>>> {
  requireScope(context, 'settings:write')
  const found = await selectDeliveries(context.db, context.actor.organizationId, endpointIds, status, page)
  return new Map([...found].map(([id, { deliveries, total }]) => [id, pageOf(deliveries, page, total)]))
}
