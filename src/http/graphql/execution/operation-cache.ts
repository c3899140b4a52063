import { createHash } from 'node:crypto'
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  OperationTypeNode,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { type CompiledQuery, compileQuery } from '../compiler/compile.ts'
import { decidingVariables, directiveVariables, type Measure, measureOperation, type RequestVariables } from './operation-limits.ts'

/** An operation of a document that was found valid, with all that can be known of it before it is executed. */
export interface CachedOperation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  /** The SHA-256 of the document's text. */
  readonly hash: string | null
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

/** Remembers documents that were found valid. Nothing of one depends on who sent it. */
export class OperationCache {
  readonly #schema: GraphQLSchema
  readonly #documents = new LRUCache<string, CachedDocument>({ ...kept, sizeCalculation: (_document, text) => text.length })

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  /** The operation of a valid document; from now on it is found by its text. Null if the document has none of the name. */
  add(document: DocumentNode, operationName: string | null): CachedOperation | null {
    const text = document.loc?.source.body
    const found = (text === undefined ? undefined : this.#documents.get(text)) ?? new CachedDocument(this.#schema, document)
    if (text !== undefined) this.#documents.set(text, found)
    return found.operation(operationName)
  }

  /** The operation of a text that was added before; null for any other text. */
  find(text: string, operationName: string | null): CachedOperation | null {
    return this.#documents.get(text)?.operation(operationName) ?? null
  }
}

class CachedDocument {
  readonly #schema: GraphQLSchema
  readonly #document: DocumentNode
  readonly #operations = new Map<string | null, CachedOperation>()

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema
    this.#document = document
  }

  operation(name: string | null): CachedOperation | null {
    const found = this.#operations.get(name)
    if (found !== undefined) return found
    const operation = getOperationAST(this.#document, name)
    if (!operation) return null
    const cached = cachedOperation(this.#schema, this.#document, operation)
    this.#operations.set(name, cached)
    return cached
  }
}

function cachedOperation(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): CachedOperation {
  const text = document.loc?.source.body
  const fragments: Record<string, FragmentDefinitionNode> = {}
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition
  const measure = ({ given }: RequestVariables) => measureOperation({ schema, fragments, operation, given })
  const introspects = validate(schema, document, [NoSchemaIntrospectionCustomRule]).length > 0
  // The executor alone knows the fields of introspection.
  const isCompilable = operation.operation === OperationTypeNode.QUERY && !introspects
  const compile = ({ used }: RequestVariables) => ({
    query: isCompilable ? compileQuery({ schema, fragments, variables: used }, operation) : null,
  })
  const compiled = rememberedBy(isCompilable ? directiveVariables(document) : [], compile)
  return {
    schema,
    document,
    operation,
    fragments,
    hash: text === undefined ? null : createHash('sha256').update(text).digest('hex'),
    introspects,
    cost: rememberedBy(decidingVariables(schema, document), measure),
    compiled: (variables) => compiled(variables).query,
  }
}

/** Remembers what is made of variables, by those that it depends on. */
function rememberedBy<Made extends object>(
  names: readonly string[],
  make: (variables: RequestVariables) => Made,
): (variables: RequestVariables) => Made {
  const made = new LRUCache<string, Made>({ max: keptOfOne })
  return (variables) => {
    const key = names.length === 0 ? '' : JSON.stringify(names.map((name) => variables.used[name] ?? null))
    const found = made.get(key) ?? make(variables)
    made.set(key, found)
    return found
  }
}
