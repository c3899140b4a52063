import { type ActivityGroup, type ActivityGrouping, countActivitiesBy } from '../../data/sql/count-activities-by.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { type ReadContext, requireScope } from '../context.ts'

export type { ActivityGroup, ActivityGrouping }

const day = 24 * 60 * 60 * 1000
const defaultDays = 30
const maxDays = 366

export interface ActivityPeriod {
  /** Inclusive. Default: 30 days before `to`. */
  readonly from?: Date | null | undefined
  /** Exclusive. Default: now. */
  readonly to?: Date | null | undefined
}

/** How many activities of all contacts, deleted ones included, happened within a time of at most 366 days. @throws InvalidInput */
export async function activityCounts(context: ReadContext, by: ActivityGrouping, period: ActivityPeriod): Promise<ActivityGroup[]> {
  requireScope(context, 'contacts:read')
  return countActivitiesBy(context.db, context.actor.organizationId, by, periodOf(context, period))
}

/** The time that a period stands for. @throws InvalidInput if it is empty or has more than 366 days */
export function periodOf(context: Pick<ReadContext, 'now'>, period: ActivityPeriod): { readonly from: Date; readonly to: Date } {
  const to = period.to ?? context.now()
  const from = period.from ?? new Date(to.getTime() - defaultDays * day)
  const days = (to.getTime() - from.getTime()) / day
  if (days > 0 && days <= maxDays) return { from, to }
  throw new InvalidInput(days <= 0 ? 'No time is at or after `from` and before `to`.' : `The time has more than ${maxDays} days.`, {
    field: 'from',
    value: from.toISOString(),
    expected: `a time before \`to\`, at most ${maxDays} days`,
  })
}
