import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  type ASTVisitor,
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { OperationLimits } from '../../settings.ts'
import type { GraphQLContext } from '../schema/builder.ts'
import { presentError } from './format-error.ts'

/**
 * Refuses operations that ask for too much before anything of them is executed, and tells what the others cost in `extensions.cost`.
 * The cost is computed from the arguments as they will be used: variables, defaults and page sizes that nobody gave included.
 */
export function limiting(limits: OperationLimits): Plugin<GraphQLContext> {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: Parameters<typeof parse>[0]) => parse(source, { maxTokens: limits.maxTokens }))
    },
    onValidate({ addValidationRule }) {
      addValidationRule((context: ValidationContext) => shapeRule(context, limits))
    },
    async onExecute({ args, setResultAndStopExecution }) {
      const refusal = await (args.contextValue.begun?.charged ?? charge(args, limits))
      if (refusal !== null) setResultAndStopExecution({ errors: [presentError(refusal)] })
      const { cost } = args.contextValue.request
      return {
        onExecuteDone({ result, setResult }) {
          if (!(Symbol.asyncIterator in result)) setResult({ ...result, extensions: { ...result.extensions, ...costTold(cost, limits) } })
        },
      }
    },
    // What a subscription costs is what its largest event would; each event is charged besides, when it is made.
    async onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = await charge(args, limits)
      if (refusal !== null) setResultAndStopExecution({ errors: [presentError(refusal)] })
    },
  }
}

/** What is told of an operation beside its answer. */
export function costTold(cost: number | null, limits: OperationLimits): { readonly cost: object } {
  return { cost: { cost, limit: limits.maxCost } }
}

/** How much an operation asks for. */
export interface Measure {
  readonly complexity: number
  readonly depth: number
}

export interface Operation {
  /** What is known of it already. */
  readonly measure?: Measure
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variableValues?: unknown
  readonly contextValue: Pick<GraphQLContext, 'request' | 'charge'>
}

/** Charges what an operation costs. @returns why it is not to be executed; null if it is @throws GraphQLError if its variables are wrong */
export async function charge(args: Operation, limits: OperationLimits): Promise<unknown> {
  const operation = getOperationAST(args.document, args.operationName)
  if (!operation) return null
  const measure = (set: SelectionSetNode) => costOf(args, { ...operation, selectionSet: set })
  const { complexity: cost, depth } = args.measure ?? measure(operation.selectionSet)
  args.contextValue.request.cost = cost
  if (cost > limits.maxCost) return tooCostly(cost, limits.maxCost, operation, (set) => measure(set).complexity)
  if (depth > limits.maxDepth) return tooMuch('levels of fields', depth, limits.maxDepth)
  return args.contextValue.charge(cost).then(
    () => null,
    (refusal: unknown) => refusal,
  )
}

/** Goes through an operation, to see how much it asks for. @throws GraphQLError if its variables are wrong */
export function costOf(args: Omit<Operation, 'operationName' | 'contextValue'>, operation: OperationDefinitionNode): Measure {
  const { schema, document } = args
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
  // proof: variables come as a JSON object or not at all; graphql-yoga has refused anything else
  const variables = (args.variableValues ?? {}) as Record<string, unknown>
  // Only the operation that is executed: the measure takes the first one that it finds.
  return complexityFromQuery({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }, { schema, variables })
}

function tooCostly(
  cost: number,
  limit: number,
  operation: OperationDefinitionNode,
  costOfSet: (set: SelectionSetNode) => number,
): GraphQLError {
  const parts = operation.selectionSet.selections.map((selection) => ({
    name: selection.kind === Kind.FIELD ? selection.name.value : 'a fragment',
    cost: costOfSet({ kind: Kind.SELECTION_SET, selections: [selection] }),
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
