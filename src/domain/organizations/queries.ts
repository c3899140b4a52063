import type { Organization } from '../../data/generated/client.ts'
import type { ReadContext } from '../context.ts'

/** The caller's own organization. */
export async function getOrganization(context: ReadContext): Promise<Organization> {
  return context.db.organization.findUniqueOrThrow({ where: { id: context.actor.organizationId } })
}
