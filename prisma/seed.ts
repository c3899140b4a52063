import type { Tx } from '../src/data/database.ts'
import { updateSearchColumns } from '../src/data/sql/search-columns.ts'
import { recomputePreferences } from '../src/domain/consent/recompute-preferences.ts'
import { learnReplyHabits } from '../src/domain/next-best-action/commands.ts'
import { cast } from './demo/cast.ts'
import { crowd } from './demo/crowd.ts'
import { History } from './demo/history.ts'
import { tradeFair } from './demo/import.ts'
import { chance } from './demo/random.ts'

export interface SeedOptions {
  readonly now: Date
  /** Another seed makes another crowd; the cast stays. */
  readonly seed?: number
  /** How many people there are beside the cast. */
  readonly crowd?: number
  /** Is told how far it has come. */
  readonly onProgress?: (done: number, total: number, what: string) => void
}

/** How many rows are sent at a time: enough to be quick, few enough to be forgotten soon. */
const batchSize = 200

/**
 * Fills a database with the demo organization: a named cast with a lively past, and a crowd. The same seed and the same moment
 * give the same rows, ids included.
 * @returns the organization's id
 */
export async function seedDemo(tx: Tx, options: SeedOptions): Promise<string> {
  const history = new History(options.now, chance(options.seed ?? 1))
  cast(history)
  crowd(history, options.crowd ?? 190)
  const { job, rows: importRows } = await tradeFair(history)
  const { organizationId } = history
  const createdAt = history.ago(400)
  await tx.prisma.organization.create({
    data: { id: organizationId, name: 'Meadow & Co. (demo)', defaultCountry: 'US', quietHours: true, createdAt, updatedAt: createdAt },
    select: { id: true },
  })
  await tx.prisma.frequencyCapRule.createMany({ data: rules(history) })
  await tx.prisma.topic.createMany({ data: history.topics })
  const tables = [
    ['contacts', history.contacts, (data: typeof history.contacts) => tx.prisma.contact.createMany({ data })],
    ['addresses', history.addresses, (data: typeof history.addresses) => tx.prisma.contactAddress.createMany({ data })],
    ['words of contacts', history.searchColumns, (data: typeof history.searchColumns) => updateSearchColumns(tx, organizationId, data)],
    [
      'stages',
      history.lifecycleTransitions,
      (data: typeof history.lifecycleTransitions) => tx.prisma.lifecycleTransition.createMany({ data }),
    ],
    ['notes', history.notes, (data: typeof history.notes) => tx.prisma.note.createMany({ data })],
    ['blocks', history.blocks, (data: typeof history.blocks) => tx.prisma.block.createMany({ data })],
    ['consent', history.consentRecords, (data: typeof history.consentRecords) => tx.prisma.consentRecord.createMany({ data })],
    ['suppressions', history.suppressions, (data: typeof history.suppressions) => tx.prisma.suppression.createMany({ data })],
    ['messages', history.messages, (data: typeof history.messages) => tx.prisma.message.createMany({ data })],
    ['calls', history.calls, (data: typeof history.calls) => tx.prisma.call.createMany({ data })],
    ['tickets', history.tickets, (data: typeof history.tickets) => tx.prisma.ticket.createMany({ data })],
    ['events', history.events, (data: typeof history.events) => tx.prisma.event.createMany({ data })],
    ['imports', [job], (data: (typeof job)[]) => tx.prisma.importJob.createMany({ data })],
    ['rows of imports', importRows, (data: (typeof importRows)[number][]) => tx.prisma.importRow.createMany({ data })],
  ] as const
  const total = tables.reduce((sum, [, rows]) => sum + rows.length, 0)
  let done = 0
  for (const [what, rows, insert] of tables) {
    for (let from = 0; from < rows.length; from += batchSize) {
      options.onProgress?.(done, total, what)
      const batch = rows.slice(from, from + batchSize)
      // proof: each table's rows stand beside the insert of that very table
      await (insert as (data: readonly unknown[]) => Promise<unknown>)(batch)
      done += batch.length
    }
  }
  await recomputePreferences(
    tx,
    organizationId,
    history.contacts.map(({ id }) => id),
  )
  await learnReplyHabits(tx, organizationId, options.now)
  options.onProgress?.(done, total, 'done')
  return organizationId
}

function rules(history: History) {
  const createdAt = history.ago(399)
  const day = 24 * 60 * 60
  const shared = { organizationId: history.organizationId, createdAt, updatedAt: createdAt }
  return [
    {
      ...shared,
      id: history.id('frequencyCapRule', createdAt),
      name: 'At most four marketing messages a week',
      category: 'marketing' as const,
      limit: 4,
      windowSeconds: 7 * day,
    },
    {
      ...shared,
      id: history.id('frequencyCapRule', createdAt),
      name: 'At most two text messages a day',
      channel: 'sms' as const,
      limit: 2,
      windowSeconds: day,
    },
    {
      ...shared,
      id: history.id('frequencyCapRule', createdAt),
      name: 'Leads are not flooded',
      limit: 3,
      windowSeconds: 3 * day,
      lifecycleStages: ['subscriber' as const, 'lead' as const],
    },
  ]
}
