import type { ReadDb } from '../database.ts'
import type { ApiKey } from '../generated/client.ts'

/** The key with this hash, of any organization: the key determines the organization. Read by every request. */
export async function selectApiKey(db: ReadDb, hash: Uint8Array): Promise<ApiKey | null> {
  const rows = await db.sql<ApiKey[]>`
    select k.organization_id as "organizationId", k.id, k.name, k.hash, k.hint, k.scopes,
      k.created_at as "createdAt", k.expires_at as "expiresAt", k.revoked_at as "revokedAt", k.last_used_at as "lastUsedAt"
    from api_keys k where k.hash = ${hash}`
  return rows[0] ?? null
}
