import type { ContactMerge } from '../../data/generated/client.ts'
import { type ReadContext, requireScope } from '../context.ts'
import type { Merge, MergeSummary } from './commands.ts'

/** The merges into each contact that hold, the latest first; a contact without any is there with an empty list. One statement, however many contacts. */
export async function mergesByContact(context: ReadContext, contactIds: readonly string[]): Promise<Map<string, Merge[]>> {
  requireScope(context, 'contacts:read')
  const found = new Map(contactIds.map((id): [string, Merge[]] => [id, []]))
  const merges = await context.db.prisma.contactMerge.findMany({
    where: { organizationId: context.actor.organizationId, intoId: { in: [...contactIds] }, unmergedAt: null },
    orderBy: [{ mergedAt: 'desc' }, { id: 'desc' }],
  })
  for (const merge of merges) found.get(merge.intoId)?.push(mergeOf(merge))
  return found
}

function mergeOf({ before: _before, after: _after, organizationId: _organization, summary, ...merge }: ContactMerge): Merge {
  // proof: only merges write this column
  return { ...merge, summary: summary as unknown as MergeSummary, isPreview: false }
}
