import { countReplies } from '../../data/sql/count-replies.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { type ActivityPeriod, periodOf } from '../finding/activity-counts.ts'
import { answerPatienceDays } from '../next-best-action/answer-delays.ts'
import { mostAttempts } from '../next-best-action/queries.ts'
import type { ReplyRate } from './rules.ts'

/**
 * How much of what could be answered all contacts answered on each channel, of what was sent within a time of at most 366 days. The busiest channel is
 * first; channels on which nothing was sent are absent. @throws InvalidInput
 */
export async function replyRates(context: ReadContext, period: ActivityPeriod): Promise<ReplyRate[]> {
  requireScope(context, 'contacts:read')
  const { from, to } = periodOf(context, period)
  const { organizationId } = context.actor
  const query = { organizationId, after: from, until: to, most: mostAttempts, patience: answerPatienceDays }
  const counts = await countReplies(context.db, query, context.now())
  return counts.map(({ channel, sent, replied }) => ({ channel, sent, replied, rate: replied / sent }))
}
