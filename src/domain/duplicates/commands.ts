import { transaction } from '../../data/transaction.ts'
import { InvalidInput, NotFound } from '../../kernel/errors.ts'
import { lockContacts } from '../../data/sql/lock-contacts.ts'
import { parseIds } from '../contacts/ids.ts'
import { type Context, requireScope } from '../context.ts'
import { pairsOf } from './queries.ts'

const maxDismissed = 20

/**
 * Remembers that contacts that look alike are different people: no two of them are shown as duplicates of each other again.
 * @returns the ids @throws InvalidInput, NotFound for a contact that is unknown or deleted
 */
export async function dismissDuplicates(context: Context, given: readonly string[]): Promise<string[]> {
  requireScope(context, 'contacts:merge')
  const ids = [...new Set(parseIds(given, 'ids'))]
  if (ids.length < 2 || ids.length > maxDismissed) {
    throw new InvalidInput('Duplicates are two contacts or more.', {
      field: 'ids',
      expected: `2 to ${maxDismissed} different ids of contacts`,
    })
  }
  const { organizationId, name } = context.actor
  const now = context.now()
  await transaction(context.db, async (tx) => {
    const living = new Set((await lockContacts(tx, organizationId, ids)).flatMap(({ id, deletedAt }) => (deletedAt === null ? [id] : [])))
    const missing = ids.find((id) => !living.has(id))
    if (missing !== undefined) throw new NotFound('contact', missing, 'ids')
    const data = pairsOf(ids).map(([oneId, otherId]) => ({ organizationId, oneId, otherId, dismissedAt: now, dismissedBy: name }))
    await tx.prisma.duplicateDismissal.createMany({ data, skipDuplicates: true })
  })
  return ids
}
