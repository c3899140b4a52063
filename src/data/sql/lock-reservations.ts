import type { Tx } from '../database.ts'
import type { SendReservation } from '../generated/client.ts'

/**
 * The reservations of living contacts with these ids, kept from being changed by another transaction until this one ends. Locked in the order
 * of their ids, so that two transactions never wait for each other.
 */
export async function lockReservations(tx: Tx, organizationId: string, ids: readonly string[]): Promise<SendReservation[]> {
  return tx.sql<SendReservation[]>`
    select r.organization_id as "organizationId", r.id, r.contact_id as "contactId", r.channel, r.category,
      r.topic_id as "topicId", r.address, r.occurs_at as "occursAt",
      r.expires_at as "expiresAt", r.used_at as "usedAt", r.activity_id as "activityId", r.released_at as "releasedAt",
      r.reserved_by as "reservedBy", r.created_at as "createdAt"
    from send_reservations r
    where r.organization_id = ${organizationId} and r.id = any(${ids}::text[]) and exists (
      select from contacts c where c.organization_id = ${organizationId} and c.id = r.contact_id and c.deleted_at is null
    )
    order by r.id
    for update of r`
}
