import type { Tx } from '../database.ts'

/** Marks reservations as used by the activities beside them; one statement, however many. */
export async function markReservationsUsed(
  tx: Tx,
  organizationId: string,
  usedAt: Date,
  uses: readonly { readonly id: string; readonly activityId: string }[],
): Promise<void> {
  await tx.prisma.$executeRaw`
    update send_reservations r set used_at = ${usedAt}, activity_id = u.activity_id
    from unnest(${uses.map(({ id }) => id)}::text[], ${uses.map(({ activityId }) => activityId)}::text[]) u(id, activity_id)
    where r.organization_id = ${organizationId} and r.id = u.id`
}
