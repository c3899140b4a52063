import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import { Prisma, type WebhookDelivery, type WebhookDeliveryStatus } from '../generated/client.ts'
import { keyset } from './keyset.ts'
import { idArray } from './id-array.ts'

/** One page of the deliveries of each of several endpoints, the latest first. One statement; an endpoint without deliveries has an empty page. */
export async function selectDeliveries(
  db: ReadDb,
  organizationId: string,
  endpointIds: readonly string[],
  status: WebhookDeliveryStatus | null,
  request: PageRequest,
): Promise<Map<string, { readonly deliveries: WebhookDelivery[]; readonly total: number | null }>> {
  const page = keyset({ key: Prisma.sql`d.created_at`, id: Prisma.sql`d.id`, direction: 'desc' }, request)
  const wantedStatus = status === null ? Prisma.sql`true` : Prisma.sql`d.status = ${status}::webhook_delivery_status`
  const ofEndpoint = Prisma.sql`d.organization_id = ${organizationId} and d.endpoint_id = wanted.id and ${wantedStatus}`
  const total = request.total
    ? Prisma.sql`(select count(*)::int from (select from webhook_deliveries d where ${ofEndpoint} limit ${maxTotal + 1}) m)`
    : Prisma.sql`null::int`
  const rows = await db.sql<(WebhookDelivery & { wanted: string; total: number | null })[]>`
    select wanted.id as wanted, ${total} as total, d.*
    from unnest(${idArray(endpointIds)}) wanted(id)
    left join lateral (
      select d.organization_id as "organizationId", d.id, d.endpoint_id as "endpointId", d.type, d.contact_id as "contactId",
        d.import_job_id as "importJobId", d.kinds, d.fields, d.occurred_at as "occurredAt", d.event_id as "eventId", d.status, d.attempts,
        d.next_attempt_at as "nextAttemptAt", d.delivered_at as "deliveredAt", d.last_status_code as "lastStatusCode",
        d.last_error as "lastError", d.created_at as "createdAt"
      from webhook_deliveries d
      where ${ofEndpoint} and ${page.condition}
      order by ${page.orderBy} limit ${page.limit}
    ) d on true`
  const found = new Map<string, { deliveries: WebhookDelivery[]; total: number | null }>()
  for (const { wanted, total: count, ...delivery } of rows) {
    const known = found.get(wanted) ?? { deliveries: [], total: count }
    if (delivery.id !== null) known.deliveries.push(delivery)
    found.set(wanted, known)
  }
  return found
}
