import type { FrequencyCapRule } from '../../data/generated/client.ts'
import type { ContactMatch } from '../../data/sql/contacts-matching.ts'
import { countCapUsage } from '../../data/sql/count-cap-usage.ts'
import { tagKey } from '../contacts/tags.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { parseFilter, resolveStoredFilters } from '../finding/filter.ts'
import { restoreFilter } from '../finding/stored-filter.ts'

/** How many contacts a rule holds for at present. */
export interface RuleUsage {
  /** Contacts of its audience to whom something within the window counts. */
  readonly contactsSentTo: number
  /** Contacts of its audience to whom nothing more may be sent now. */
  readonly contactsAtCap: number
  /** Whether everything within the window was looked at. If not, both numbers are too low. */
  readonly isExact: boolean
}

/** The most messages, calls and reservations that are looked at, each kind by itself: a count ends in seconds, however busy the organization is. */
export const usageReach = 100_000

/**
 * The usage of each of some rules now, as `frequencyCapsByContact` has it for each contact: `contactsSentTo` have a slot used, `contactsAtCap`
 * none remaining. A rule that is switched off holds for no contact. The rules must have been read through a scope. One statement, however many rules,
 * one if a filter names a topic, and one if it names an attribute.
 * @param reach how many messages, calls and reservations are looked at
 */
export async function usageByRule(
  context: ReadContext,
  rules: readonly FrequencyCapRule[],
  reach = usageReach,
): Promise<Map<string, RuleUsage>> {
  requireScope(context, 'contacts:read')
  const enabled = rules.filter((rule) => rule.enabled)
  const filters = await resolveStoredFilters(
    context,
    enabled.map(({ filter }) => restoreFilter(filter)),
  )
  const counted = enabled.map((rule, index) => ({ ...rule, audience: audienceOf(rule, filters.slice(index, index + 1)) }))
  const rows = await countCapUsage(context.db, context.actor.organizationId, counted, { now: context.now(), reach })
  const usages = new Map(enabled.map(({ id }, index) => [id, rows[index]]))
  return new Map(
    rules.map(({ id }) => {
      const { sentTo = 0, atCap = 0, isExact = true } = usages.get(id) ?? {}
      return [id, { contactsSentTo: sentTo, contactsAtCap: atCap, isExact }]
    }),
  )
}

/** The contacts that `holdsFor` is true of and the filter matches. */
function audienceOf({ lifecycleStages, tags, countryCodes }: FrequencyCapRule, filters: readonly ContactMatch[]): ContactMatch {
  return {
    ...parseFilter({}),
    lifecycleStages: lifecycleStages.length === 0 ? null : lifecycleStages,
    tagKeys: tags.length === 0 ? null : tags.map(tagKey),
    countryCodes: countryCodes.length === 0 ? null : countryCodes,
    and: filters,
  }
}
