import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
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

/** What an operation is measured by. */
interface Measured {
  readonly schema: GraphQLSchema
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly operation: OperationDefinitionNode
  /** The variables as they were sent. They must be valid. */
  readonly given: Variables
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

/** An operation that can be charged. */
interface Chargeable extends Omit<Measured, 'given'> {
  cost(variables: RequestVariables): Measure
}

/** Charges what an operation costs. @returns why it is not to be executed; null if it is */
export async function chargeOperation(
  operation: Chargeable,
  variables: RequestVariables,
  { request, charge }: Pick<GraphQLContext, 'request' | 'charge'>,
  limits: OperationLimits,
): Promise<unknown> {
  const { complexity: cost, depth } = operation.cost(variables)
  request.cost = cost
  if (cost > limits.maxCost) return tooCostly(cost, limits.maxCost, { ...operation, given: variables.given })
  if (depth > limits.maxDepth) return tooMuch('levels of fields', depth, limits.maxDepth)
  return charge(cost).then(
    () => null,
    (refusal: unknown) => refusal,
  )
}

/** Goes through an operation, to see how much it asks for. */
export function measureOperation({ schema, fragments, operation, given }: Measured): Measure {
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

function tooCostly(cost: number, limit: number, measured: Measured): GraphQLError {
  const { operation } = measured
  const costOf = (selection: SelectionNode) =>
    measureOperation({ ...measured, operation: { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: [selection] } } })
  const parts = operation.selectionSet.selections.map((selection) => ({
    name: selection.kind === Kind.FIELD ? selection.name.value : 'a fragment',
    cost: costOf(selection).complexity,
  }))
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
    {
      extensions: { code: 'VALIDATION_ERROR', limit: maxComparisons },
    },
  )
}

/** Counts what makes an operation long without making it deep. A fragment counts as often as it is spread. */
function shapeRule(context: ValidationContext, limits: OperationLimits): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const counts = new Map<string, Shape>()
      const shape = shapeOf(operation.selectionSet, context, counts)
      const directives = shape.directives + (operation.directives?.length ?? 0)
      if (shape.aliases > limits.maxAliases) context.reportError(tooMuch('aliases', shape.aliases, limits.maxAliases))
      if (directives > limits.maxDirectives) context.reportError(tooMuch('directives', directives, limits.maxDirectives))
    },
  }
}

interface Shape {
  readonly aliases: number
  readonly directives: number
}

function shapeOf(set: SelectionSetNode, context: ValidationContext, fragments: Map<string, Shape>): Shape {
  let [aliases, directives] = [0, 0]
  for (const selection of set.selections) {
    directives += selection.directives?.length ?? 0
    if (selection.kind === Kind.FIELD && selection.alias) aliases += 1
    const within =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? shapeOfFragment(selection.name.value, context, fragments)
        : selection.selectionSet && shapeOf(selection.selectionSet, context, fragments)
    aliases += within?.aliases ?? 0
    directives += within?.directives ?? 0
  }
  return { aliases, directives }
}

/** Each fragment is counted once and remembered; one that is being counted (a circle, which another rule refuses) counts for nothing. */
function shapeOfFragment(name: string, context: ValidationContext, fragments: Map<string, Shape>): Shape | undefined {
  const known = fragments.get(name)
  const fragment = context.getFragment(name)
  if (known !== undefined || !fragment) return known
  fragments.set(name, { aliases: 0, directives: 0 })
  const shape = shapeOf(fragment.selectionSet, context, fragments)
  fragments.set(name, shape)
  return shape
}
