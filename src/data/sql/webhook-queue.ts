import type { ReadDb, Tx } from '../database.ts'
import type { WebhookDelivery } from '../generated/client.ts'

export interface EndpointKey {
  readonly organizationId: string
  readonly id: string
}

/** Endpoints of every organization that a worker should look at, the longest due first. */
export async function selectDueEndpoints(db: ReadDb, now: Date, limit: number): Promise<EndpointKey[]> {
  return db.sql`
    select e.organization_id as "organizationId", e.id from webhook_endpoints e where e.enabled and e.due_at <= ${now}
      and (e.leased_until is null or e.leased_until <= ${now})
    order by e.due_at limit ${limit}`
}

/**
 * Deliveries of an endpoint that are due: of each contact only the oldest that is not delivered yet. Those that were tried least come first, so that one
 * that is always refused does not keep the others back.
 */
export async function selectDueDeliveries(
  db: ReadDb,
  { organizationId, id }: EndpointKey,
  now: Date,
  limit: number,
): Promise<WebhookDelivery[]> {
  return db.sql`
    select d.organization_id as "organizationId", d.id, d.endpoint_id as "endpointId", d.sequence, d.type, d.contact_id as "contactId",
      d.import_job_id as "importJobId", d.kinds, d.fields, d.occurred_at as "occurredAt", d.event_id as "eventId", d.status, d.attempts,
      d.next_attempt_at as "nextAttemptAt", d.first_attempt_at as "firstAttemptAt", d.delivered_at as "deliveredAt",
      d.last_status_code as "lastStatusCode", d.last_error as "lastError", d.created_at as "createdAt"
    from webhook_deliveries d
    where d.organization_id = ${organizationId} and d.endpoint_id = ${id} and d.status = 'pending' and d.next_attempt_at <= ${now}
      and not exists (
        select from webhook_deliveries e
        where e.organization_id = ${organizationId} and e.endpoint_id = ${id} and e.status = 'pending' and e.contact_id = d.contact_id
          and e.sequence < d.sequence)
    order by d.attempts, d.sequence
    limit ${limit}`
}

/** When an endpoint has something to do next, and how much waits, counted up to a limit. */
export async function selectBacklog(
  db: ReadDb,
  { organizationId, id }: EndpointKey,
  limit: number,
): Promise<{ count: number; next: Date | null }> {
  const [row] = await db.sql<{ count: number; next: Date | null }[]>`
    select count(*)::int as count, min(w."nextAttemptAt") as next from (
      select d.next_attempt_at as "nextAttemptAt" from webhook_deliveries d
      where d.organization_id = ${organizationId} and d.endpoint_id = ${id} and d.status = 'pending'
      order by d.next_attempt_at limit ${limit}
    ) w`
  return row ?? { count: 0, next: null }
}

/** What an attempt came to. */
export interface Attempt {
  readonly id: string
  readonly status: 'pending' | 'delivered' | 'failed'
  readonly statusCode: number | null
  readonly error: string | null
  readonly nextAttemptAt: Date
}

/** Records attempts. One statement, however many. */
export async function recordAttempts(db: Tx, { organizationId }: EndpointKey, attempts: readonly Attempt[], now: Date): Promise<void> {
  await db.prisma.$executeRaw`
    update webhook_deliveries d set
      status = a.status,
      attempts = d.attempts + 1,
      next_attempt_at = a."nextAttemptAt",
      first_attempt_at = coalesce(d.first_attempt_at, ${now}::timestamptz),
      delivered_at = case when a.status = 'delivered' then ${now}::timestamptz end,
      last_status_code = a."statusCode",
      last_error = a.error
    from json_to_recordset(${JSON.stringify(attempts)}::json)
      as a(id text, status webhook_delivery_status, "statusCode" int, error text, "nextAttemptAt" timestamptz)
    where d.organization_id = ${organizationId} and d.id = a.id`
}

/** Removes deliveries of every organization that ended before a time. @returns how many */
export async function deleteEndedDeliveries(db: Tx, before: Date): Promise<number> {
  return db.prisma.$executeRaw`delete from webhook_deliveries d where d.status <> 'pending' and d.created_at < ${before}`
}
