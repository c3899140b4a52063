import { getFragmentsFromDocument } from '@graphql-tools/executor'
import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode } from 'graphql'

/** How many pairs of fields validation may have to compare. A pair takes about 10 µs; 120 fields of one name in one place are 7,140 pairs. */
export const maxComparisons = 8000

/**
 * Whether validating a document would compare too many fields: the rule that fields of one name can be merged compares each with each,
 * and below them again. It is counted before, because validation cannot be interrupted. Counting itself ends at the limit.
 */
export function isTooMuchToCompare(document: DocumentNode): boolean {
  const fragments = getFragmentsFromDocument(document)
  let left = maxComparisons
  /** Counts what is compared where these sets are merged. */
  const compare = (sets: SelectionSetNode[]) => {
    const byName = new Map<string, FieldNode[]>()
    const spread = new Set<string>()
    // The sets of fragments are added while they are gone through.
    for (const { selections } of sets)
      for (const selection of selections) {
        left -= 1
        if (left < 0) return
        if (selection.kind === Kind.FIELD) {
          const name = selection.alias?.value ?? selection.name.value
          const fields = byName.get(name)
          if (fields === undefined) byName.set(name, [selection])
          else fields.push(selection)
        } else if (selection.kind === Kind.INLINE_FRAGMENT) sets.push(selection.selectionSet)
        else if (!spread.has(selection.name.value)) {
          spread.add(selection.name.value)
          const fragment = fragments[selection.name.value]
          if (fragment !== undefined) sets.push(fragment.selectionSet)
        }
      }
    for (const fields of byName.values()) {
      left -= (fields.length * (fields.length - 1)) / 2
      if (left < 0) return
      compare(fields.flatMap(({ selectionSet }) => selectionSet ?? []))
    }
    // Fragments are compared with each other, too.
    left -= (spread.size * (spread.size - 1)) / 2
  }
  for (const definition of document.definitions) if ('selectionSet' in definition) compare([definition.selectionSet])
  return left < 0
}
