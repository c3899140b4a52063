import { createHash } from 'node:crypto'
import { getFragmentsFromDocument } from '@graphql-tools/executor'
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { type CompiledQuery, compileQuery } from '../compiler/compile.ts'
import {
  decidingVariables,
  directiveVariables,
  type Measure,
  type MeasuredOperation,
  measureOperation,
  type RequestVariables,
} from './operation-limits.ts'

/** An operation of a document that was found valid, with all that can be known of it before it is executed. */
export interface CachedOperation extends MeasuredOperation {
  readonly document: DocumentNode
  /** Its kind and name, for the log. */
  readonly label: string
  /** The SHA-256 of the document's text. */
  readonly hash: string
  /** Whether the document asks for the schema. */
  readonly introspects: boolean
  cost(variables: RequestVariables): Measure
  /** How it is read; null where only its resolvers can. */
  compiled(variables: RequestVariables): CompiledQuery | null
}

/** How many documents are kept, and how many characters of them. */
const kept = { max: 1000, maxSize: 4 * 1024 * 1024 }
/** How many costs and compiled forms of one operation are kept. */
const keptOfOne = 100
/** How much of an operation's name is logged, in characters. */
const longestName = 100

/** Remembers the operations of documents that were found valid. Nothing of one depends on who sent it. */
export class OperationCache {
  readonly #schema: GraphQLSchema
  readonly #documents = new LRUCache<string, Operations>({ ...kept, sizeCalculation: (_operations, text) => text.length })

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  /** The operation of a valid document; from now on it is found by its text. Null if the document has none of the name. */
  add(document: DocumentNode, operationName: string | null): CachedOperation | null {
    const text = document.loc?.source.body ?? print(document)
    const operations = this.#documents.get(text) ?? operationsOf(this.#schema, document, text)
    this.#documents.set(text, operations)
    return operations.get(operationName) ?? null
  }

  /** The operation of a text that was added before; null for any other text. */
  find(text: string, operationName: string | null): CachedOperation | null {
    return this.#documents.get(text)?.get(operationName) ?? null
  }
}

/** The operations of a document by their names; the only one also by none. */
type Operations = ReadonlyMap<string | null, CachedOperation>

function operationsOf(schema: GraphQLSchema, document: DocumentNode, text: string): Operations {
  const fragments = getFragmentsFromDocument(document)
  const hash = createHash('sha256').update(text).digest('hex')
  const introspects = validate(schema, document, [NoSchemaIntrospectionCustomRule]).length > 0
  const [deciding, selecting] = [decidingVariables(schema, document), directiveVariables(document)]
  const cached = (operation: OperationDefinitionNode): CachedOperation => {
    const compiled = rememberedBy(selecting, ({ used }) => ({ query: compileQuery({ schema, fragments, variables: used }, operation) }))
    // The executor alone knows the fields of introspection.
    const isCompilable = operation.operation === OperationTypeNode.QUERY && !introspects
    return {
      schema,
      document,
      operation,
      fragments,
      hash,
      introspects,
      label: `${operation.operation} ${operation.name?.value.slice(0, longestName) ?? '(anonymous)'}`,
      cost: rememberedBy(deciding, ({ given }) => measureOperation({ schema, fragments, operation }, given)),
      compiled: (variables) => (isCompilable ? compiled(variables).query : null),
    }
  }
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION).map(cached)
  const byName = operations.map((one) => [one.operation.name?.value ?? null, one] as const)
  return new Map(operations.length === 1 ? [...byName, ...operations.map((only) => [null, only] as const)] : byName)
}

/** Remembers what is made of variables, by those that it depends on. */
function rememberedBy<Made extends object>(
  names: readonly string[],
  make: (variables: RequestVariables) => Made,
): (variables: RequestVariables) => Made {
  // Made on first use: a document may have a thousand operations.
  let made: LRUCache<string, Made> | undefined
  return (variables) => {
    made ??= new LRUCache({ max: keptOfOne })
    const key = names.length === 0 ? '' : JSON.stringify(names.map((name) => variables.used[name] ?? null))
    const found = made.get(key) ?? make(variables)
    made.set(key, found)
    return found
  }
}
