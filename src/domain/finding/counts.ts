import { type ContactCount, type ContactGrouping, countContacts } from '../../data/sql/count-contacts.ts'
import { type ReadContext, requireScope } from '../context.ts'
import type { ContactFilter } from './filter.ts'
import { resolveListFilter } from './index-path.ts'

export type { ContactCount, ContactGrouping }

/** The most groups that are counted: an organization may have any number of tags. */
const maxGroups = 1000

/**
 * How many of the contacts that match a filter have each value, most first; contacts with several tags count for each. Exact. The statement ends with
 * the time that a statement may take. @throws InvalidInput
 */
export async function contactCounts(context: ReadContext, filter: ContactFilter, by: ContactGrouping): Promise<ContactCount[]> {
  requireScope(context, 'contacts:read')
  return countContacts(context.db, context.actor.organizationId, await resolveListFilter(context, filter), by, maxGroups)
}
