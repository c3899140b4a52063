import type { Tx } from '../../data/database.ts'
import { insertSuppressions, type NewSuppression } from '../../data/sql/write-suppressions.ts'
import { audit } from '../audit/commands.ts'
import type { Context } from '../context.ts'

/** Puts addresses on the suppression list, with an audit entry for each entry that is new or holds again. Two statements. @returns their ids */
export async function addSuppressions(tx: Tx, context: Context, rows: readonly NewSuppression[]): Promise<readonly string[]> {
  const { organizationId, name } = context.actor
  const ids = await insertSuppressions(tx, organizationId, rows, { by: name, now: context.now() })
  await audit(
    tx,
    context,
    'suppression.added',
    ids.map((id) => ({ id, contactId: null })),
  )
  return ids
}
