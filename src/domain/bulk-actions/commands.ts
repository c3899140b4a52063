import type { ContactMatch } from '../../data/sql/contacts-matching.ts'
import { selectContactIds } from '../../data/sql/find-contact-ids.ts'
import { selectSurvivors } from '../../data/sql/find-survivors.ts'
import { InvalidInput, MissingRequiredField, NotFound } from '../../kernel/errors.ts'
import { maxIds, parseIds } from '../contacts/ids.ts'
import { type Context, requireScope } from '../context.ts'
import type { ContactFilter } from '../finding/filter.ts'
import { resolveListFilter } from '../finding/index-path.ts'
import { isEveryone } from '../finding/extent.ts'
import { type ActionName, actions } from './actions.ts'
import type { ActionFailure, ActionOutcome, ActionParams, ActionWork, BulkAction } from './outcome.ts'

/** An action, and to whom it is done: to the contacts that are named, or to those that match. */
export interface BulkActionRequest {
  readonly action: ActionName
  /** 1 to 1,000 ids. */
  readonly contactIds?: readonly string[] | null | undefined
  readonly filter?: ContactFilter | null | undefined
  /** Says that an empty filter means everybody, where that is dangerous. */
  readonly all?: boolean | null | undefined
  readonly params?: ActionParams | null | undefined
}

export interface BulkActionDone extends ActionOutcome {
  readonly action: ActionName
  /** All that were named or matched: those changed, unchanged and failed. */
  readonly matched: number
}

/** The most contacts that a filter may match. */
const maxMatches = 100_000

/**
 * Does something to many contacts, 1,000 in a transaction. Doing it again changes nothing more, so a call that was cut off can be repeated.
 * @throws InvalidInput, MissingRequiredField, and nothing is done
 */
export async function bulkContactAction(context: Context, request: BulkActionRequest): Promise<BulkActionDone> {
  requireScope(context, 'contacts:write')
  const action: BulkAction = actions[request.action]
  const params = request.params ?? {}
  requireKnown(action, params)
  const work = action.prepare(params)
  const ids = await idsOf(context, action, request)
  // Charged once, and not again by the commands that do the work.
  const { chargeRows, ...charged } = context
  await chargeRows?.(ids.length)
  let [changed, unchanged] = [0, 0]
  const failed: ActionFailure[] = []
  for (let start = 0; start < ids.length; start += maxIds) {
    const outcome = await followingMerges(charged, ids.slice(start, start + maxIds), work)
    changed += outcome.changed
    unchanged += outcome.unchanged
    failed.push(...outcome.failed)
  }
  return { action: request.action, matched: ids.length, changed, unchanged, failed }
}

/** Does the work; for contacts that were merged, on those that they were merged into, unless these are named as well. */
async function followingMerges(context: Context, ids: readonly string[], work: ActionWork): Promise<ActionOutcome> {
  const outcome = await work(context, ids)
  const missing = outcome.failed.filter(({ reason }) => reason instanceof NotFound).map(({ id }) => id)
  const survivors = await selectSurvivors(context.db, context.actor.organizationId, missing)
  const failed = outcome.failed.filter(({ id }) => !survivors.has(id))
  const others = [...new Set(survivors.values())].filter((id) => !ids.includes(id))
  const further = others.length === 0 ? { changed: 0, failed: [] } : await work(context, others)
  const changed = outcome.changed + further.changed
  const failures = [...failed, ...further.failed]
  return { changed, unchanged: ids.length - changed - failures.length, failed: failures }
}

function requireKnown(action: BulkAction, params: ActionParams): void {
  const unknown = Object.keys(params).find((name) => !action.params.includes(name))
  if (unknown === undefined) return
  throw new InvalidInput('The action has no such parameter.', {
    field: `params.${unknown.slice(0, 120)}`,
    expected: action.params.length === 0 ? 'no parameters' : `only ${action.params.join(', ')}`,
  })
}

async function idsOf(context: Context, action: BulkAction, { contactIds, filter, all }: BulkActionRequest): Promise<string[]> {
  const [named, matching] = [contactIds ?? null, filter ?? null]
  if (named !== null && matching === null) return [...new Set(parseIds(named, 'contactIds'))]
  if (named !== null || matching === null) {
    throw new MissingRequiredField('Say which contacts: by their ids, or by a filter.', {
      field: 'contactIds',
      expected: 'exactly one of contact ids and a filter',
    })
  }
  if (action.isForDeleted === true) {
    throw new InvalidInput('Deleted contacts are found by no filter. Name them by their ids.', {
      field: 'filter',
      expected: 'ids of contacts',
    })
  }
  const match = await resolveListFilter(context, matching)
  if (action.isDangerous === true && all !== true && isEveryone(match)) {
    throw new InvalidInput('An empty filter means every contact. If that is meant, say "all": true beside it.', {
      field: 'filter',
      expected: 'a filter, or all: true',
    })
  }
  return matchingIds(context, match)
}

async function matchingIds(context: Context, match: ContactMatch): Promise<string[]> {
  const ids = await selectContactIds(context.db, context.actor.organizationId, match, maxMatches + 1)
  if (ids.length <= maxMatches) return ids
  const most = maxMatches.toLocaleString('en')
  throw new InvalidInput(`The filter matches more than ${most} contacts. Narrow it, and do it in several steps.`, {
    field: 'filter',
    expected: `a filter that matches at most ${most} contacts`,
  })
}
