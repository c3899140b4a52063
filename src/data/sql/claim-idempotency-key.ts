import type { Tx } from '../database.ts'

export interface IdempotencyClaim {
  readonly organizationId: string
  readonly key: string
  readonly requestHash: Uint8Array
  /** The request, as the audit log names it. */
  readonly requestId: string | null
  readonly now: Date
  readonly expiresAt: Date
}

/**
 * Takes a key for this transaction; an expired one is taken again. While another transaction has it, this waits, for at
 * most ten seconds (then the statement fails with a lock timeout).
 * @returns whether it was free
 */
export async function claimIdempotencyKey(tx: Tx, claim: IdempotencyClaim): Promise<boolean> {
  await tx.prisma.$executeRaw`set local lock_timeout = '10s'`
  const claimed = await tx.prisma.$executeRaw`
    insert into idempotency_records (organization_id, key, request_hash, request_id, created_at, expires_at)
    values (${claim.organizationId}, ${claim.key}, ${claim.requestHash}, ${claim.requestId}, ${claim.now}, ${claim.expiresAt})
    on conflict (organization_id, key) do update
    set request_hash = excluded.request_hash, request_id = excluded.request_id, erased_at = null, response_status = null, response_headers = null, response_body = null,
      created_at = excluded.created_at, completed_at = null, expires_at = excluded.expires_at
    where idempotency_records.expires_at <= excluded.created_at`
  await tx.prisma.$executeRaw`set local lock_timeout = 0`
  return claimed === 1
}
