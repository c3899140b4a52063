import { type ContactFilter, maxLevels } from './filter.ts'

/** How much the rows of other tables cost that a predicate reads for each contact it looks at. */
const costs = { attribute: 1, consent: 5, topic: 20, activity: 20 } as const

/**
 * What a filter costs beside the list itself, in fields of an answer: predicates over the contact's own columns cost nothing, those that read other
 * tables do. Any input has a cost; a filter that is too deep is refused when it is parsed.
 */
export function costOfFilter(filter: ContactFilter | null | undefined, level = 1): number {
  if (!filter || level > maxLevels) return 0
  const { attributes, consent, activity, and, or, not } = filter
  const nested = [...(and ?? []), ...(or ?? []), ...(not ? [not] : [])]
  const own =
    (attributes?.length ?? 0) * costs.attribute +
    (consent ? (typeof consent.topic === 'string' ? costs.topic : costs.consent) : 0) +
    (activity ? costs.activity : 0)
  return nested.reduce((cost, one) => cost + costOfFilter(one, level + 1), own)
}
