import type { ReadDb } from '../../data/database.ts'
import type { Organization } from '../../data/generated/client.ts'
import { selectOrganization } from '../../data/sql/find-organization.ts'
import { NotFound } from '../../kernel/errors.ts'
import type { ReadContext } from '../context.ts'
import { completeRules, type QuietHours, quietHoursOf } from './quiet-hours.ts'

/** The caller's own organization. @throws NotFound if it is gone by now */
export async function getOrganization(context: ReadContext): Promise<Organization> {
  const { organizationId } = context.actor
  const organization = await selectOrganization(context.db, organizationId)
  if (organization === null) throw new NotFound('organization', organizationId)
  return organization
}

/** The organizations among these ids that the actor can see: none but its own. One statement at most. */
export async function organizationsById(context: ReadContext, ids: readonly string[]): Promise<Map<string, Organization>> {
  const { organizationId } = context.actor
  const organization = ids.includes(organizationId) ? await selectOrganization(context.db, organizationId) : null
  return new Map(organization === null ? [] : [[organizationId, organization]])
}

/** The ids of all organizations, in their order: for work of the process itself, which sends statements for one organization each. One statement. */
export async function organizationIds(db: Pick<ReadDb, 'prisma'>): Promise<string[]> {
  const organizations = await db.prisma.organization.findMany({ orderBy: { id: 'asc' }, select: { id: true } })
  return organizations.map(({ id }) => id)
}

/** Whether there is such an organization, for authentication. */
export async function isOrganization(db: ReadDb, id: string): Promise<boolean> {
  return (await db.prisma.organization.count({ where: { id } })) === 1
}

/** The quiet hours that hold for the caller's organization: every group's rule for all countries, then those of single countries. */
export async function getQuietHours(context: ReadContext): Promise<QuietHours[]> {
  const stored = await context.db.prisma.quietHoursRule.findMany({ where: { organizationId: context.actor.organizationId } })
  return completeRules(stored.map(quietHoursOf))
}
