import type { Tx } from '../database.ts'

/** The latest use of a key. */
export interface KeyUse {
  readonly organizationId: string
  readonly keyId: string
  readonly at: Date
}

/** Writes when keys were last used, of all organizations at once. A later time that another process has written stays. */
export async function recordKeyUses(db: Tx, uses: readonly KeyUse[]): Promise<void> {
  const organizationIds = uses.map(({ organizationId }) => organizationId)
  const keyIds = uses.map(({ keyId }) => keyId)
  const times = uses.map(({ at }) => at)
  await db.prisma.$executeRaw`
    update api_keys k set last_used_at = u.at
    from unnest(${organizationIds}::text[], ${keyIds}::text[], ${times}::timestamptz[]) u(organization_id, id, at)
    where k.organization_id = u.organization_id and k.id = u.id and (k.last_used_at is null or k.last_used_at < u.at)`
}
