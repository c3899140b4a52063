import type { ReadDb } from '../../data/database.ts'
import type { Organization } from '../../data/generated/client.ts'
import type { ReadContext } from '../context.ts'

/** The caller's own organization. */
export async function getOrganization(context: ReadContext): Promise<Organization> {
  return context.db.organization.findUniqueOrThrow({ where: { id: context.actor.organizationId } })
}

/** Whether there is such an organization: for those who find out who is calling. */
export async function isOrganization(db: ReadDb, id: string): Promise<boolean> {
  return (await db.organization.count({ where: { id } })) === 1
}
