import { type DocumentNode, type FieldNode, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Decided } from '../schema/complexity.ts'
import type { Measure } from './operation-limits.ts'

/** How many costs of one document are remembered. */
const maxKnown = 100

/**
 * Remembers what documents of one operation cost: to go through one takes longer than to write its answer. The cost depends on the document, and on those variables
 * that stand where a cost is computed from them, mostly sizes of pages.
 */
export class KnownCosts {
  readonly #ofDocuments = new WeakMap<DocumentNode, { readonly names: readonly string[]; readonly costs: LRUCache<string, Measure> }>()

  /** @param variables as they will be used, defaults included. @param measure goes through the document */
  of(
    operation: { schema: GraphQLSchema; document: DocumentNode },
    variables: Readonly<Record<string, unknown>>,
    measure: () => Measure,
  ): Measure {
    const { schema, document } = operation
    const known = this.#ofDocuments.get(document) ?? { names: decidingVariables(schema, document), costs: new LRUCache({ max: maxKnown }) }
    this.#ofDocuments.set(document, known)
    const key = JSON.stringify(known.names.map((name) => variables[name] ?? null))
    const cost = known.costs.get(key) ?? measure()
    known.costs.set(key, cost)
    return cost
  }
}

/** The variables that stand in arguments from which a cost is computed. */
function decidingVariables(schema: GraphQLSchema, document: DocumentNode): string[] {
  const names = new Set<string>()
  const types = new TypeInfo(schema)
  const fields = {
    Field(field: FieldNode) {
      const cost: unknown = types.getFieldDef()?.extensions['complexity']
      if (typeof cost !== 'function') return
      // proof: what decides is said beside the function, if anywhere
      const { decidedBy } = cost as Decided
      for (const argument of field.arguments ?? [])
        if (decidedBy?.includes(argument.name.value) ?? true) visit(argument.value, { Variable: ({ name }) => void names.add(name.value) })
    },
  }
  visit(document, visitWithTypeInfo(types, fields))
  return [...names]
}
