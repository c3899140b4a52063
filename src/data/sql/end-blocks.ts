import type { Tx } from '../database.ts'

/** Who ends a block, when and why. */
export interface BlockEnd {
  readonly at: Date
  readonly by: string
  readonly reason: string | null
}

/** Ends the blocks of contacts, in one statement. The clocks of two processes differ: a block never ends before it began. */
export async function endBlocks(tx: Tx, organizationId: string, contactIds: readonly string[], end: BlockEnd): Promise<void> {
  await tx.prisma.$executeRaw`
    update blocks
    set unblocked_at = greatest(${end.at}::timestamptz, blocked_at), unblocked_by = ${end.by}, unblock_reason = ${end.reason}
    where organization_id = ${organizationId} and contact_id = any(${contactIds}::text[]) and unblocked_at is null`
}
