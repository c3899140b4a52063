import { type DocumentNode, type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'

/** How many pairs of fields validation may have to compare. A pair takes about 10 µs; 120 fields of one name in one place are 7,140 pairs. */
export const maxComparisons = 8000

/**
 * Whether validating a document would compare too many fields: the rule that fields of one name can be merged compares each with each,
 * and below them again. It is counted before, because validation cannot be interrupted. Counting itself ends at the limit.
 */
export function isTooMuchToCompare({ definitions }: DocumentNode): boolean {
  const fragments = new Map(
    definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [])),
  )
  const count = new Comparisons(fragments)
  return definitions.some((definition) => 'selectionSet' in definition && !count.add([definition.selectionSet]))
}

class Comparisons {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  #left = maxComparisons

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#fragments = fragments
  }

  /** Counts what is compared where these sets are merged. @returns false at the limit */
  add(sets: readonly SelectionSetNode[]): boolean {
    const byName = new Map<string, FieldNode[]>()
    const met = new Set<string>()
    for (const set of sets) if (!this.#collect(set, byName, met)) return false
    for (const fields of byName.values()) {
      this.#left -= (fields.length * (fields.length - 1)) / 2
      if (this.#left < 0) return false
      const below = fields.flatMap(({ selectionSet }) => selectionSet ?? [])
      if (below.length > 0 && !this.add(below)) return false
    }
    // Fragments are compared with each other, too.
    this.#left -= (met.size * (met.size - 1)) / 2
    return this.#left >= 0
  }

  #collect(set: SelectionSetNode, byName: Map<string, FieldNode[]>, met: Set<string>): boolean {
    for (const selection of set.selections) {
      this.#left -= 1
      if (this.#left < 0) return false
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value
        const fields = byName.get(name)
        if (fields === undefined) byName.set(name, [selection])
        else fields.push(selection)
        continue
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD && met.has(selection.name.value)) continue
      if (selection.kind === Kind.FRAGMENT_SPREAD) met.add(selection.name.value)
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value)?.selectionSet : selection.selectionSet
      if (inner !== undefined && !this.#collect(inner, byName, met)) return false
    }
    return true
  }
}
