import type { Tx } from '../../data/database.ts'
import { insertSuppressions, type NewSuppression } from '../../data/sql/write-suppressions.ts'
import { audit } from '../audit/commands.ts'
import { recomputePreferences } from '../consent/recompute-preferences.ts'
import type { Context } from '../context.ts'

/**
 * Puts addresses on the suppression list, with an audit entry for each entry that is new or holds again. Two statements, and three more if they are
 * opt-outs, which lists show. @returns their ids
 */
export async function addSuppressions(tx: Tx, context: Context, rows: readonly NewSuppression[]): Promise<readonly string[]> {
  const { organizationId, name } = context.actor
  const ids = await insertSuppressions(tx, organizationId, rows, { by: name, now: context.now() })
  await audit(
    tx,
    context,
    'suppression.added',
    ids.map((id) => ({ id, contactId: null })),
  )
  await settleHolders(tx, organizationId, rows)
  return ids
}

/** Finds out what holds now for the living contacts that have addresses which were opted out. Three statements; none for other reasons. */
export async function settleHolders(tx: Tx, organizationId: string, rows: readonly NewSuppression[]): Promise<void> {
  const keys = rows.flatMap(({ reason, topicId, key }) => ((reason === 'opt_out' || reason === 'keyword') && topicId === '' ? [key] : []))
  if (keys.length === 0) return
  const where = { organizationId, kind: { in: ['phone' as const, 'email' as const] }, key: { in: [...new Set(keys)] }, isLiving: true }
  const holders = await tx.prisma.contactAddress.findMany({ where, select: { contactId: true } })
  await recomputePreferences(tx, organizationId, [...new Set(holders.map(({ contactId }) => contactId))])
}
