import type { ImportJob } from '../../../data/generated/client.ts'

const outcomes = ['created', 'updated', 'unchanged', 'skipped'] as const
export type RowOutcome = (typeof outcomes)[number]

const tally: Record<RowOutcome, number> = { created: 0, updated: 0, unchanged: 0, skipped: 0 }

/** How many rows of imports came to what in this process, for the metrics. */
export function importedRows(): Readonly<Record<RowOutcome, number>> {
  return tally
}

/** Counts what a batch has come to, once it is kept. Dry runs keep nothing. */
export function tallyBatch(before: ImportJob | null, after: ImportJob): void {
  if (before === null || after.dryRun || after.rollbackRequestedAt !== null) return
  for (const outcome of outcomes) tally[outcome] += Math.max(0, after[outcome] - before[outcome])
}
