import {
  type DocumentNode,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  type GraphQLField,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import type { ContactText, TextField, TextList } from '../../../data/sql/json-projection.ts'
import { noteList, notePosition } from '../../../domain/notes/queries.ts'
import type { ContactWithLists } from '../../../domain/profile/with-lists.ts'
import { timelineList, timelinePosition } from '../../../domain/timeline/queries.ts'
import { textField, textList } from './projection.ts'
import { connectionOf } from '../schema/connections.ts'
import { type Document, NotWhole, type ReadAlong, type Texts, type Write, writeOf } from './serializer.ts'

type Asked = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'>

/** How many texts of operations are known, and how many characters of them all together. */
const maxKnown = { max: 1000, maxSize: 4 * 1024 * 1024 }

/** Which operations are read as a whole, and how. */
export class Plans {
  // Yoga remembers documents, and comes with the same one for the same text.
  readonly #ofDocuments = new WeakMap<DocumentNode, Map<string | null, Plan | null>>()
  readonly #known = new LRUCache<string, Plan>({ ...maxKnown, sizeCalculation: (_plan, text) => text.length })

  /** How an operation is read that was found valid, and is from now on known by its text; null for one that is executed field by field. */
  of(asked: Asked): Plan | null {
    const plans = this.#ofDocuments.get(asked.document) ?? new Map<string | null, Plan | null>()
    this.#ofDocuments.set(asked.document, plans)
    const name = asked.operationName ?? null
    const plan = plans.get(name) ?? (plans.has(name) ? null : planned(asked))
    plans.set(name, plan)
    const text = asked.document.loc?.source.body
    if (plan !== null && text !== undefined && isAlone(plan)) this.#known.set(text, plan)
    return plan
  }

  /** How the one operation of a text is read, if it was asked for before; null otherwise, and if it has another name. */
  known(text: string, operationName: string | null): Plan | null {
    const plan = this.#known.get(text)
    return plan === undefined || (operationName !== null && operationName !== plan.operation.name?.value) ? null : plan
  }
}

/** Whether no other operation stands in the document: what is refused because of one is refused to all. */
function isAlone({ document }: Plan): boolean {
  return document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length === 1
}

/** A list of a contact as an operation asks for it. */
export interface ListAsked {
  readonly field: GraphQLField<unknown, unknown>
  readonly node: FieldNode
  readonly nodes: readonly FieldNode[]
  /** Null where it comes as text. */
  readonly columns: ReadonlySet<string> | null
}

/** How an operation is read as a whole. */
export interface Plan {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly fragments: Record<string, FragmentDefinitionNode>
  readonly key: string
  readonly root: GraphQLField<unknown, unknown>
  readonly node: FieldNode
  /** Of the contacts. */
  readonly columns: ReadonlySet<string>
  readonly lists: ReadonlyMap<string, ListAsked>
  readonly texts: readonly ContactText[]
  readonly write: Write
}

/** @returns null for an operation that is executed field by field */
function planned({ schema, document, operationName }: Asked): Plan | null {
  const operation = getOperationAST(document, operationName)
  const [node, ...others] = operation?.selectionSet.selections ?? []
  if (operation?.operation !== OperationTypeNode.QUERY || operation.directives?.length || others.length > 0) return null
  if (node?.kind !== Kind.FIELD || node.directives?.length) return null
  const root = schema.getQueryType()?.getFields()[node.name.value]
  if (root === undefined || (root.name !== 'contacts' && root.name !== 'contact')) return null
  const fragments: Record<string, FragmentDefinitionNode> = {}
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition
  const lists = new Map<string, ListAsked>()
  const readAlong = Object.fromEntries(Object.entries(reads).map(([name, read]) => [`Contact.${name}`, along(lists, name, read)]))
  const columns = new Set<string>()
  try {
    const { texts, taking } = takingTexts({ schema, fragments }, lists)
    const write = writeOf(root.type, node.selectionSet ? [node.selectionSet] : [], { schema, fragments, readAlong, texts: taking }, columns)
    return { schema, document, operation, fragments, key: node.alias?.value ?? node.name.value, root, node, columns, lists, texts, write }
  } catch (error) {
    if (error instanceof NotWhole) return null
    throw error
  }
}

/** How each list of a contact becomes what its field answers with. */
const reads: Readonly<Record<string, (contact: ContactWithLists) => unknown>> = {
  notes: ({ id, lists }) => connectionOf(lists.notes, noteList(id), notePosition),
  timeline: ({ id, lists }) => connectionOf(lists.timeline, timelineList(id), timelinePosition),
}

function along(lists: Map<string, ListAsked>, name: string, read: (contact: ContactWithLists) => unknown): ReadAlong {
  return (field, nodes, columns) => {
    const [node] = nodes
    // One list comes with a contact, not the same one in two ways.
    if (node === undefined || lists.has(name)) throw new NotWhole()
    lists.set(name, { field, node, nodes, columns })
    // proof: the lists hang on contacts, which are read with them
    return (row) => read(row as ContactWithLists)
  }
}

/** Takes what of a contact the database can write: its columns, and its lists where they are asked for plainly. */
function takingTexts(document: Document, lists: Map<string, ListAsked>): { texts: readonly ContactText[]; taking: Texts } {
  const texts: ContactText[] = []
  let run: (TextField | TextList)[] = []
  const takeList = (field: GraphQLField<unknown, unknown> | undefined, key: string, nodes: readonly FieldNode[]): TextList | null => {
    const [node] = nodes
    if (field === undefined || node === undefined || lists.has(field.name)) return null
    const text = textList(field, key, nodes, document)
    if (text !== null && text.list !== 'preferences') lists.set(field.name, { field, node, nodes, columns: null })
    return text
  }
  const taking: Texts = {
    take(type, key, nodes) {
      if (type.name !== 'Contact') return false
      const text = textField(type, key, nodes) ?? takeList(type.getFields()[nodes[0]?.name.value ?? ''], key, nodes)
      if (text !== null) run.push(text)
      return text !== null
    },
    end() {
      if (run.length === 0) return null
      const name = `text${texts.length}` as const
      texts.push(run)
      run = []
      // proof: the contact was read with its texts
      return (contact) => (contact as ContactWithLists)[name] ?? ''
    },
  }
  return { texts, taking }
}
