import { InvalidInput } from '../../kernel/errors.ts'

/** The most predicates of one filter, all its levels together. */
const maxPredicates = 50

/** Counts the predicates of a filter while it is parsed. */
export class PredicateCount {
  #count = 0

  /** @throws InvalidInput past the limit */
  add(predicates: number, at: string): void {
    this.#count += predicates
    if (this.#count <= maxPredicates) return
    throw new InvalidInput(`The filter has more than ${maxPredicates} predicates. Use lists of choices, or several requests.`, {
      field: at === '' ? 'filter' : at.slice(0, -1),
      expected: `at most ${maxPredicates} predicates on all levels together`,
    })
  }
}
