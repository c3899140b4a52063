import type { ReadDb, Tx } from '../../data/database.ts'
import { deleteEndedDeliveries, type EndpointKey, selectDueEndpoints } from '../../data/sql/webhook-queue.ts'

/** Endpoints of all organizations that a worker should look at. One statement. */
export async function findDueEndpoints(db: ReadDb, now: Date, limit: number): Promise<EndpointKey[]> {
  return selectDueEndpoints(db, now, limit)
}

/** The endpoints of an organization to which something may have to be sent. One statement. */
export async function findEnabledEndpoints(db: ReadDb, organizationId: string): Promise<EndpointKey[]> {
  return db.prisma.webhookEndpoint.findMany({ where: { organizationId, enabled: true }, select: { organizationId: true, id: true } })
}

const day = 24 * 60 * 60 * 1000

/** Removes deliveries that ended longer ago than changes are kept, of every organization. @returns how many */
export async function deleteOldDeliveries(db: Tx, now: Date, changesKeptDays: number): Promise<number> {
  return deleteEndedDeliveries(db, new Date(now.getTime() - changesKeptDays * day))
}
