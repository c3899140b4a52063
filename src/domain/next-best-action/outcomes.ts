import type { SuggestionOutcomeKind } from '../../data/generated/client.ts'
import { countSuggestionOutcomes } from '../../data/sql/find-suggestion-outcomes.ts'
import { transaction } from '../../data/transaction.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { writeResolution } from '../activities/resolve.ts'
import { audit } from '../audit/commands.ts'
import { getContact } from '../contacts/queries.ts'
import { type Context, type ReadContext, requireScope } from '../context.ts'
import { type Action, actions } from './candidate.ts'
import { parseSuggestionId, type SuggestionKey } from './suggestion-id.ts'

const day = 24 * 60 * 60 * 1000
/** For how many days a suggestion does not return. */
const setAsideDays = { done: 14, dismissed: 30, snoozed: 1 } as const
const longestSnoozeDays = 365

export interface SuggestionOutcomeInput {
  /** The id of the suggestion. */
  readonly id: string
  readonly outcome: SuggestionOutcomeKind
  /** Snoozed only: when it returns, at most a year ahead. Default: in a day. */
  readonly until?: Date | null | undefined
}

/** An outcome as it was recorded. */
export interface RecordedOutcome {
  readonly contactId: string
  readonly action: Action
  readonly outcome: SuggestionOutcomeKind
  readonly until: Date
}

/**
 * Records what was done about a suggestion. It does not return for 14 days if it was done, for 30 if it was dismissed, and until the given
 * time if it was snoozed, on whichever channel. A question or a missed call that is done is resolved.
 * @throws InvalidInput, NotFound
 */
export async function recordSuggestionOutcome(context: Context, input: SuggestionOutcomeInput): Promise<RecordedOutcome> {
  requireScope(context, 'contacts:write')
  const key = parseSuggestionId(input.id)
  const now = context.now()
  const until = untilOf(input, now)
  const contact = await getContact(context, key.contactId)
  const { organizationId, name } = context.actor
  const row = {
    organizationId,
    id: newId('suggestionOutcome'),
    contactId: contact.id,
    action: key.action,
    subjectId: key.subjectId ?? '',
    channel: key.channel,
    outcome: input.outcome,
    until,
    recordedAt: now,
    recordedBy: name,
  }
  await transaction(context.db, async (tx) => {
    await tx.prisma.suggestionOutcome.createMany({ data: [row] })
    if (input.outcome === 'done' && isResolvable(key)) await writeResolution(tx, context, key.subjectId, true)
    await audit(tx, context, 'suggestion_outcome.recorded', [{ id: row.id, contactId: contact.id }])
  })
  return { contactId: contact.id, action: key.action, outcome: input.outcome, until }
}

function isResolvable(key: SuggestionKey): key is SuggestionKey & { subjectId: string } {
  return key.subjectId !== null && (key.action === 'reply_to_message' || key.action === 'return_call')
}

function untilOf({ outcome, until }: SuggestionOutcomeInput, now: Date): Date {
  const usual = new Date(now.getTime() + setAsideDays[outcome] * day)
  if (!(until instanceof Date)) return usual
  const expected = `a time within the next ${longestSnoozeDays} days`
  if (outcome !== 'snoozed')
    throw new InvalidInput('until is for SNOOZED. Leave it out.', { field: 'until', value: until.toISOString(), expected: 'nothing' })
  if (until > now && until.getTime() <= now.getTime() + longestSnoozeDays * day) return until
  throw new InvalidInput(`until is ${until.toISOString()}. Choose ${expected}.`, { field: 'until', value: until.toISOString(), expected })
}

/** What was done about the suggestions of one action. */
export interface ActionOutcomes {
  readonly action: Action
  readonly done: number
  readonly dismissed: number
  readonly snoozed: number
}

/** How often each outcome was recorded, by action; actions without any are absent. One statement. @throws InvalidInput */
export async function suggestionOutcomeCounts(
  context: ReadContext,
  { from, to }: { readonly from?: Date | null | undefined; readonly to?: Date | null | undefined },
): Promise<ActionOutcomes[]> {
  requireScope(context, 'contacts:read')
  const end = to ?? new Date(context.now().getTime() + 1)
  const start = from ?? new Date(0)
  if (start >= end)
    throw new InvalidInput('from must be before to.', { field: 'from', value: start.toISOString(), expected: 'a time before to' })
  const counts = await countSuggestionOutcomes(context.db, context.actor.organizationId, { from: start, to: end })
  return actions.flatMap((action) => {
    const of = (outcome: SuggestionOutcomeKind) => counts.find((one) => one.action === action && one.outcome === outcome)?.count ?? 0
    const all = { action, done: of('done'), dismissed: of('dismissed'), snoozed: of('snoozed') }
    return all.done + all.dismissed + all.snoozed === 0 ? [] : [all]
  })
}
