import {
  type ExecutionArgs,
  type ExecutionResult,
  getArgumentValues,
  getVariableValues,
  GraphQLError,
  isNonNullType,
  locatedError,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { contactPosition } from '../../../domain/contacts/queries.ts'
import { noteList } from '../../../domain/notes/queries.ts'
import { contactWithLists, findContactsWithLists, type ListsWanted } from '../../../domain/profile/with-lists.ts'
import { timelineList } from '../../../domain/timeline/queries.ts'
import { DatabaseUnavailable, refusalBehind, StatementTimeout } from '../../../kernel/faults.ts'
import { parseId } from '../../../kernel/ids.ts'
import type { RequestContext } from '../../request-context.ts'
import type { GraphQLContext } from '../schema/builder.ts'
import { type ConnectionArguments, connectionOf, pageRequest } from '../schema/connections.ts'
import { contactsAsked } from '../schema/contacts.ts'
import { NotWhole } from './serializer.ts'
import type { ListAsked, Plan, Plans } from './operation-plan.ts'

/**
 * Reads contacts with the lists that hang on them as a whole: one statement for an operation, which answers with the text of the answer wherever what is
 * asked for are columns. What is computed here, and the places in a list, are put between. What most clients ask all day is asked so, and costs a
 * fraction of what it does field by field: fewer statements, no promises, and no values that are read only to be written out again.
 *
 * It is a short cut and nothing else. An operation that asks for anything more (a second root field, a directive, what other loaders read) is executed
 * field by field, and so is one that is refused or fails on the short cut: the errors and their places are the executor's.
 */
export function readingWhole(plans: Plans): Plugin<GraphQLContext> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const plan = plans.of(args)
      if (plan === null) return
      setExecuteFn(async (args: ExecutionArgs) => {
        // proof: every operation is executed with the context that the door has made
        const context = args.contextValue as GraphQLContext
        const whole = context.begun === null ? await readWhole(plan, coerced(plan, args.variableValues), context) : context.begun.whole
        if (whole === null) return executeFn(args) as Promise<ExecutionResult>
        return typeof whole === 'string' ? writtenResult(whole) : whole
      })
    },
  }
}

type Variables = Record<string, unknown>

/** The variables of an operation as they are used; null if there is something wrong with them. */
export function coerced({ schema, operation }: Plan, given: ExecutionArgs['variableValues']): Variables | null {
  return getVariableValues(schema, operation.variableDefinitions ?? [], given ?? {}).coerced ?? null
}

/**
 * What a plan answers with: the text of its data, or the result of an operation that was refused as a whole; null if the operation is to be executed field by
 * field, which tells what is wrong with it, and where. Not so where the database took too long or could not be reached: it would be asked once more for nothing.
 */
export async function readWhole(
  plan: Plan,
  variables: Variables | null,
  context: RequestContext,
): Promise<string | ExecutionResult | null> {
  if (variables === null) return null
  try {
    return `{${JSON.stringify(plan.key)}:${plan.write(await rootOf(plan, variables, context))}}`
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

async function rootOf(plan: Plan, variables: Variables, context: RequestContext): Promise<unknown> {
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
function listsWanted({ columns, lists, texts, fragments }: Plan, variables: Variables, contactId: string | null): ListsWanted {
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
