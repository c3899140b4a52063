import { InvalidInput } from '../../kernel/errors.ts'
import type { ContactFilter } from './filter.ts'

/** The most predicates of one filter, all its levels together. */
export const maxPredicates = 50

/** How many predicates a filter has of its own. A list of choices is one, each attribute is one. */
export function ownPredicates({ and: _and, or: _or, not: _not, attributes, ...others }: ContactFilter): number {
  const given = Object.values(others).filter((value) => value !== null && value !== undefined)
  return given.length + (attributes?.length ?? 0)
}

/** Counts the predicates of a filter while it is parsed. */
export class PredicateCount {
  #count = 0

  /** @throws InvalidInput past the limit */
  add(filter: ContactFilter, at: string): void {
    this.#count += ownPredicates(filter)
    if (this.#count <= maxPredicates) return
    throw new InvalidInput(`The filter has more than ${maxPredicates} predicates. Use lists of choices, or several requests.`, {
      field: at === '' ? 'filter' : at.slice(0, -1),
      expected: `at most ${maxPredicates} predicates on all levels together`,
    })
  }
}
