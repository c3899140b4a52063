import type { ContactMatch } from '../../data/sql/contacts-matching.ts'

/** Whether a match asks for nothing, so that it matches every contact: a search for spaces asks for nothing either. */
export function isEveryone(match: ContactMatch): boolean {
  return isBlank(match) && match.and.every(isEveryone) && (match.or?.some(isEveryone) ?? true) && (match.not === null || isNoOne(match.not))
}

/** Whether a match matches no contact, because it wants what is opposed to every contact. */
function isNoOne({ and, or, not }: ContactMatch): boolean {
  return and.some(isNoOne) || (or?.every(isNoOne) ?? false) || (not !== null && isEveryone(not))
}

function isBlank({ words, attributes, activity, and: _and, or: _or, not: _not, ...others }: ContactMatch): boolean {
  const asksOfActivity = activity !== null && (activity.atLeast > 0 || activity.atMost !== null)
  return words.length === 0 && attributes.length === 0 && !asksOfActivity && Object.values(others).every((value) => value === null)
}
