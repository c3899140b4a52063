import { conjuncts, type ContactMatch } from '../../data/sql/contacts-matching.ts'

/** A contact has one value of each of these. */
const oneValued = ['ids', 'lifecycleStages', 'countryCodes', 'companies', 'languages', 'timezones', 'sources'] as const

const yesOrNo = ['hasPhone', 'hasEmail', 'hasName', 'hasCompany', 'isBlocked'] as const

/**
 * Whether no contact can meet a match, because it asks for a thing and for its opposite. The database does not see that: it looks at every contact that
 * meets the one half. False says nothing, because only what stands in so many words is compared.
 */
export function contradictsItself(match: ContactMatch): boolean {
  const parts = conjuncts(match)
  const wanted = new Set(parts.flatMap(predicates))
  return (
    oneValued.some((name) => haveNothingInCommon(parts.flatMap((part) => (part[name] === null ? [] : [new Set<string>(part[name])])))) ||
    yesOrNo.some((name) => new Set(parts.flatMap((part) => part[name] ?? [])).size > 1) ||
    parts.some(({ or }) => or !== null && or.every(contradictsItself)) ||
    parts.some(
      ({ not }) =>
        not !== null &&
        conjuncts(not)
          .flatMap(predicates)
          .every((one) => wanted.has(one)),
    )
  )
}

function haveNothingInCommon([first, ...others]: readonly ReadonlySet<string>[]): boolean {
  return first !== undefined && ![...first].some((value) => others.every((other) => other.has(value)))
}

/** What a match asks for apart from `and`, each as a text: equal texts ask for the same. */
function predicates({ and: _and, words, attributes, ...others }: ContactMatch): string[] {
  const given = Object.entries(others).filter(([, value]) => value !== null)
  return [...words, ...attributes, ...given].map((one) => JSON.stringify(one))
}
