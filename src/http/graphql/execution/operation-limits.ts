import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  type ASTNode,
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  TokenKind,
  TypeInfo,
  type ValidationContext,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { OperationLimits } from '../../settings.ts'
import { isTooMuchToCompare, maxComparisons } from './merge-cost.ts'
import type { GraphQLContext } from '../schema/builder.ts'
import type { Decided } from '../schema/complexity.ts'

/** How much an operation asks for. */
export interface Measure {
  /** Roughly the fields in the largest answer that it could have. */
  readonly complexity: number
  readonly depth: number
}

type Variables = Readonly<Record<string, unknown>>

/** The variables of one request. */
export interface RequestVariables {
  /** As they were sent. */
  readonly given: Variables
  /** As they are used, defaults included. */
  readonly used: Variables
}

/** An operation, and what its selections refer to. */
export interface MeasuredOperation {
  readonly schema: GraphQLSchema
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly operation: OperationDefinitionNode
}

/** Refuses documents that are too long before they are validated, and operations that would be executed too often. */
export function limitingDocuments(limits: OperationLimits): Plugin<GraphQLContext> {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: Parameters<typeof parse>[0]) => {
        const document = parse(source, { maxTokens: limits.maxTokens })
        const depth = nestingOf(document)
        if (depth > maxNesting) throw tooMuch('levels of brackets', depth, maxNesting)
        return document
      })
    },
    onValidate({ addValidationRule, params, setResult }) {
      // proof: Yoga validates what it has parsed
      if (isTooMuchToCompare(params.documentAST as DocumentNode)) return setResult([tooRepetitive()])
      addValidationRule((context: ValidationContext) => shapeRule(context, limits))
    },
  }
}

/** How deep brackets are nested at most: what reads a document calls itself for each level. Selections have a smaller limit of their own. */
const maxNesting = 200

function nestingOf({ loc }: DocumentNode): number {
  let [depth, deepest] = [0, 0]
  for (let token = loc?.startToken ?? null; token !== null; token = token.next) {
    if (token.kind === TokenKind.BRACKET_L || token.kind === TokenKind.BRACE_L) deepest = Math.max(deepest, (depth += 1))
    if (token.kind === TokenKind.BRACKET_R || token.kind === TokenKind.BRACE_R) depth -= 1
  }
  return deepest
}

/** Charges what an operation costs. @returns why it is not to be executed; null if it is */
export async function chargeOperation(
  operation: MeasuredOperation & { cost(variables: RequestVariables): Measure },
  variables: RequestVariables,
  { request, charge }: Pick<GraphQLContext, 'request' | 'charge'>,
  limits: OperationLimits,
): Promise<unknown> {
  const { complexity: cost, depth } = operation.cost(variables)
  request.cost = cost
  if (cost > limits.maxCost) return tooCostly(operation, variables.given, cost, limits.maxCost)
  if (depth > limits.maxDepth) return tooMuch('levels of fields', depth, limits.maxDepth)
  return charge(cost).then(
    () => null,
    (refusal: unknown) => refusal,
  )
}

/** Goes through an operation, to see how much it asks for. @param given the variables as they were sent. They must be valid */
export function measureOperation({ schema, fragments, operation }: MeasuredOperation, given: Variables): Measure {
  const document = { kind: Kind.DOCUMENT, definitions: [operation, ...Object.values(fragments)] } as const
  return complexityFromQuery(document, { schema, variables: { ...given } })
}

/** The variables in arguments that decide a cost, mostly sizes of pages. */
export function decidingVariables(schema: GraphQLSchema, document: DocumentNode): string[] {
  const names = new Set<string>()
  const types = new TypeInfo(schema)
  const fields = {
    Field(field: FieldNode) {
      const cost: unknown = types.getFieldDef()?.extensions['complexity']
      if (typeof cost !== 'function') return
      // proof: what decides stands beside the function, if anywhere
      const { decidedBy } = cost as Decided
      for (const argument of field.arguments ?? [])
        if (decidedBy?.includes(argument.name.value) ?? true) visit(argument.value, { Variable: ({ name }) => void names.add(name.value) })
    },
  }
  visit(document, visitWithTypeInfo(types, fields))
  return [...names]
}

/** The variables of `@include` and `@skip`. They decide what is selected. */
export function directiveVariables(document: DocumentNode): string[] {
  const names = new Set<string>()
  visit(document, {
    Directive({ arguments: given = [] }) {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return [...names]
}

function tooCostly(measured: MeasuredOperation, given: Variables, cost: number, limit: number): GraphQLError {
  const { operation } = measured
  const parts = operation.selectionSet.selections.map((selection) => {
    const part = { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: [selection] } } as const
    const name = selection.kind === Kind.FIELD ? selection.name.value : 'a fragment'
    return { name, cost: measureOperation({ ...measured, operation: part }, given).complexity }
  })
  const most = parts.toSorted((one, other) => other.cost - one.cost)[0]
  const dear = most === undefined ? '' : ` The most expensive field is ${most.name}, with ${most.cost.toLocaleString('en')}.`
  return new GraphQLError(
    `This operation could answer with ${cost.toLocaleString('en')} fields, and the limit is ${limit.toLocaleString('en')}.${dear} Ask for smaller pages or fewer fields.`,
    { extensions: { code: 'VALIDATION_ERROR', cost, limit, field: most?.name } },
  )
}

function tooMuch(what: string, count: number, limit: number): GraphQLError {
  return new GraphQLError(`This operation has ${count.toLocaleString('en')} ${what}, and the limit is ${limit.toLocaleString('en')}.`, {
    extensions: { code: 'VALIDATION_ERROR', count, limit },
  })
}

function tooRepetitive(): GraphQLError {
  return new GraphQLError(
    'This operation selects the same fields too often to be checked. Select each field once, and use fewer fragments in one place.',
    { extensions: { code: 'VALIDATION_ERROR', limit: maxComparisons } },
  )
}

/** Counts what makes an operation long without making it deep. A fragment counts as often as it is spread. */
function shapeRule(context: ValidationContext, limits: OperationLimits): ASTVisitor {
  const counted = new Map<ASTNode, { aliases: number; directives: number }>()
  const count = (definition: OperationDefinitionNode | FragmentDefinitionNode) => {
    const counts = { aliases: 0, directives: 0 }
    // Before it is complete: one that spreads itself is refused by another rule.
    counted.set(definition, counts)
    visit(definition, {
      Field: ({ alias }) => void (counts.aliases += alias === undefined ? 0 : 1),
      Directive: () => void (counts.directives += 1),
      FragmentSpread({ name }) {
        const fragment = context.getFragment(name.value)
        const within = fragment && (counted.get(fragment) ?? count(fragment))
        counts.aliases += within?.aliases ?? 0
        counts.directives += within?.directives ?? 0
      },
    })
    return counts
  }
  return {
    OperationDefinition(operation) {
      const { aliases, directives } = count(operation)
      if (aliases > limits.maxAliases) context.reportError(tooMuch('aliases', aliases, limits.maxAliases))
      if (directives > limits.maxDirectives) context.reportError(tooMuch('directives', directives, limits.maxDirectives))
    },
  }
}
