import {
  type ExecutionArgs,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLField,
  isNonNullType,
  Kind,
  locatedError,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { ContactText, TextField, TextList } from '../../data/sql/answer-text.ts'
import { contactPosition } from '../../domain/contacts/queries.ts'
import { noteList, notePosition } from '../../domain/notes/queries.ts'
import { contactWithLists, type ContactWithLists, findContactsWithLists, type ListsWanted } from '../../domain/profile/with-lists.ts'
import { timelineList, timelinePosition } from '../../domain/timeline/queries.ts'
import { DatabaseUnavailable, refusalBehind, StatementTimeout } from '../../kernel/faults.ts'
import { parseId } from '../../kernel/ids.ts'
import { textField, textList } from './answer-text.ts'
import type { GraphQLContext } from './builder.ts'
import { type ConnectionArguments, connectionOf, pageRequest } from './connections.ts'
import { contactsAsked } from './contacts.ts'
import { type Document, NotWhole, type ReadAlong, type Texts, type Write, writeOf } from './shapes.ts'

/**
 * Reads contacts with the lists that hang on them as a whole: one statement for an operation, which answers with the text of the answer wherever what is
 * asked for are columns. What is computed here, and the places in a list, are put between. What most clients ask all day is asked so, and costs a
 * fraction of what it does field by field: fewer statements, no promises, and no values that are read only to be written out again.
 *
 * It is a short cut and nothing else. An operation that asks for anything more (a second root field, a directive, what other loaders read) is executed
 * field by field, and so is one that is refused or fails on the short cut: the errors and their places are the executor's.
 */
export function readingWhole(): Plugin<GraphQLContext> {
  // Yoga remembers documents, and comes with the same one for the same text.
  const plans = new WeakMap<object, Map<string | null, Plan | null>>()
  const planOf = (args: ExecutionArgs): Plan | null => {
    const known = plans.get(args.document) ?? new Map<string | null, Plan | null>()
    plans.set(args.document, known)
    const name = args.operationName ?? null
    const plan = known.get(name) ?? (known.has(name) ? null : planned(args))
    known.set(name, plan)
    return plan
  }
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const plan = planOf(args)
      if (plan === null) return
      setExecuteFn(async (args: ExecutionArgs) => (await read(plan, args)) ?? (executeFn(args) as Promise<ExecutionResult>))
    },
  }
}

/** A list of a contact as an operation asks for it. */
interface ListAsked {
  readonly field: GraphQLField<unknown, unknown>
  readonly node: FieldNode
  readonly nodes: readonly FieldNode[]
  /** Null where it comes as text. */
  readonly columns: ReadonlySet<string> | null
}

interface Plan {
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

function planned({ schema, document, operationName }: ExecutionArgs): Plan | null {
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
    return { operation, fragments, key: node.alias?.value ?? node.name.value, root, node, columns, lists, texts, write }
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

/**
 * What a plan answers with; null if the operation is to be executed field by field, which tells what is wrong with it, and where. Not so where the
 * database took too long or could not be reached: it would be asked once more for nothing.
 */
async function read(plan: Plan, args: ExecutionArgs): Promise<ExecutionResult | null> {
  // proof: every operation is executed with the context that the door has made
  const context = args.contextValue as GraphQLContext
  try {
    const { coerced: variables } = getVariableValues(args.schema, plan.operation.variableDefinitions ?? [], args.variableValues ?? {})
    if (variables === undefined) return null
    return writtenResult(`{${JSON.stringify(plan.key)}:${plan.write(await rootOf(plan, variables, context))}}`)
  } catch (error) {
    const refusal = refusalBehind(error)
    if (!(refusal instanceof StatementTimeout || refusal instanceof DatabaseUnavailable)) {
      const isExpected = refusal !== null || error instanceof NotWhole || error instanceof GraphQLError
      if (!isExpected) context.request.log.warn({ err: error }, 'contacts could not be read as a whole')
      return null
    }
    return { data: isNonNullType(plan.root.type) ? null : { [plan.key]: null }, errors: [locatedError(refusal, plan.node, [plan.key])] }
  }
}

/** A result whose data is written already. Whoever needs the data itself reads the text. */
function writtenResult(text: string): ExecutionResult {
  const data = { toJSON: (): unknown => JSON.parse(text) }
  // As Yoga has it: how a result wishes to be written, with what plugins have put beside the data.
  const stringify = ({ errors, extensions }: ExecutionResult) => {
    const others = JSON.stringify({ errors, extensions })
    return others === '{}' ? `{"data":${text}}` : `{"data":${text},${others.slice(1)}`
  }
  return Object.assign<ExecutionResult, object>({ data }, { stringify })
}

async function rootOf(plan: Plan, variables: Record<string, unknown>, context: GraphQLContext): Promise<unknown> {
  const asked = getArgumentValues(plan.root, plan.node, variables)
  const selection = { fieldNodes: [plan.node], fragments: plan.fragments, variableValues: variables }
  if (plan.root.name === 'contact') {
    const id = parseId('contact', String(asked['id']))
    return contactWithLists(context, id, listsWanted(plan, variables, id))
  }
  const { filter, order, list, page } = contactsAsked(asked, context, selection)
  const contacts = await findContactsWithLists(context, filter, order, page, listsWanted(plan, variables, null))
  return connectionOf(contacts, list, (contact) => contactPosition(contact, order))
}

/** @param contactId whose lists they are; null where there are several contacts, and no cursor fits */
function listsWanted(
  { columns, lists, texts, fragments }: Plan,
  variables: Record<string, unknown>,
  contactId: string | null,
): ListsWanted {
  const asked = (name: string) => {
    const list = lists.get(name)
    return list && { ...list, args: getArgumentValues(list.field, list.node, variables) }
  }
  const page = ({ nodes, args }: ListAsked & { args: ConnectionArguments }, list: typeof noteList) => {
    const page = pageRequest(list(contactId ?? ''), args, { fieldNodes: [...nodes], fragments, variableValues: variables })
    if (page.total) throw new NotWhole()
    return page
  }
  const [notes, timeline] = [asked('notes'), asked('timeline')]
  return {
    fields: columns,
    texts,
    notes: notes ? { page: page(notes, noteList), fields: notes.columns } : null,
    timeline: timeline ? { filter: timeline.args, page: page(timeline, timelineList), fields: timeline.columns } : null,
  }
}
