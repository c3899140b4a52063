import type { AttributeMatch } from '../../data/sql/contact-conditions.ts'
import type { ContactMatch } from '../../data/sql/contacts-matching.ts'
import { hasMoreContacts } from '../../data/sql/has-more-contacts.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { shorten } from '../../kernel/text.ts'
import type { ReadContext } from '../context.ts'
import { contradictsItself } from './contradictions.ts'
import { type ContactFilter, resolveFilter } from './filter.ts'

const defaultScanLimit = 100_000

/**
 * Makes the filter of a list precise enough for the database. One that no contact can meet asks for none. A filter over attributes without a definition that no index serves reads every contact: for
 * a large organization it is refused before it runs. @throws InvalidInput
 */
export async function resolveListFilter(context: ReadContext, filter: ContactFilter): Promise<ContactMatch> {
  const match = await resolveFilter(context, filter)
  if (contradictsItself(match)) return { ...match, ids: [] }
  const unserved = isServed(match) ? null : unservedAttribute(match)
  if (unserved === null) return match
  const limit = context.scanLimit ?? defaultScanLimit
  if (!(await hasMoreContacts(context.db, context.actor.organizationId, limit))) return match
  throw new InvalidInput(
    `Your organization has more than ${limit.toLocaleString('en')} contacts, and no index finds them by this filter: ` +
      `define the attribute ${shorten(unserved.key)} with createAttributeDefinition, or add a predicate such as tags, lifecycleStage or createdAfter.`,
    { field: 'attributes', value: shorten(unserved.key), expected: 'an attribute with a definition, or eq or in' },
  )
}

/** Whether an index finds the contacts that match, or few others beside them. What is opposed to something is in no index. */
function isServed(match: ContactMatch): boolean {
  const { words, attributes, consent, activity, and, or } = match
  return (
    words.length > 0 ||
    served.some((name) => match[name] !== null) ||
    match.hasPhone === false ||
    match.hasEmail === false ||
    match.hasName === false ||
    match.isBlocked === true ||
    attributes.some(isIndexed) ||
    (consent !== null && !consent.states.includes('unknown')) ||
    (activity !== null && activity.atLeast > 0) ||
    and.some(isServed) ||
    (or !== null && or.every(isServed))
  )
}

const served = [
  'ids',
  'lifecycleStages',
  'countryCodes',
  'tagKeys',
  'allTagKeys',
  'companies',
  'languages',
  'timezones',
  'sources',
  'createdAfter',
  'createdBefore',
  'updatedAfter',
  'updatedBefore',
] as const

/** Values of attributes without a definition are in an index as wholes: only `eq` and `in` find them. */
function isIndexed({ defined, exists, equals, isOneOf }: AttributeMatch): boolean {
  return defined === null ? equals !== null || isOneOf !== null : exists !== false
}

/** An attribute without a definition that the match looks at in another way than its index knows, on any level; null if there is none. */
function unservedAttribute({ attributes, and, or, not }: ContactMatch): AttributeMatch | null {
  const own = attributes.find((one) => one.defined === null && !isIndexed(one))
  if (own !== undefined) return own
  for (const nested of [...and, ...(or ?? []), ...(not === null ? [] : [not])]) {
    const found = unservedAttribute(nested)
    if (found !== null) return found
  }
  return null
}
