import type { ReadDb } from '../database.ts'
import type { Block } from '../generated/client.ts'
import { idArray } from './id-array.ts'

/** The block that lasts of each of several contacts that are blocked. */
export function selectBlocks(db: ReadDb, organizationId: string, contactIds: readonly string[]): Promise<Block[]> {
  return db.sql<Block[]>`
    select b.organization_id as "organizationId", b.id, b.contact_id as "contactId", b.reason, b.blocked_at as "blockedAt", b.blocked_by as "blockedBy",
      b.unblocked_at as "unblockedAt", b.unblocked_by as "unblockedBy", b.unblock_reason as "unblockReason"
    from blocks b
    where b.organization_id = ${organizationId} and b.contact_id = any(${idArray(contactIds)}) and b.unblocked_at is null`
}
