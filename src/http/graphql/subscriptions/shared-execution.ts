import { createHash } from 'node:crypto'
import { createSourceEventStream, execute, type ExecutionArgs, type ExecutionResult } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { Stopped } from '../../../domain/changes/watcher.ts'
import { cancellable } from '../../../kernel/cancellable.ts'
import type { GraphQLContext } from '../schema/builder.ts'
import { presentError } from '../execution/format-error.ts'

/** An event of a subscription. */
interface SourceEvent {
  readonly eventId: string
}

type Args = ExecutionArgs & { contextValue: GraphQLContext }

/** The answers to an event that have been made or are being made, by what was asked. An event is one object for all who watch the same. */
const answersTo = new WeakMap<SourceEvent, Map<string, Promise<ExecutionResult>>>()

/** Stands for no answer: the server stops, and the subscription goes on elsewhere. */
export const stopped: ExecutionResult = Object.freeze({ data: null })

/** The event that each answer is about. */
const eventIds = new WeakMap<ExecutionResult, string>()

/** The id of the event that an answer is about; null for an answer that is about none, such as a refusal. */
export function eventIdOf(answer: ExecutionResult): string | null {
  return eventIds.get(answer) ?? null
}

/** Executes subscriptions so that equal subscriptions share one execution of an event. */
export const sharing: Plugin<GraphQLContext> = {
  onSubscribe({ setSubscribeFn }) {
    // proof: operations are executed with the context that the transport has given them, and with no other
    setSubscribeFn((args: ExecutionArgs) => subscribe(args as Args))
  },
}

async function subscribe(args: Args): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, undefined>> {
  const source = await createSourceEventStream(args)
  if (!(Symbol.asyncIterator in source)) return source
  // proof: every subscription field of the schema yields events that have an id
  const events = source[Symbol.asyncIterator]() as AsyncGenerator<SourceEvent, void, undefined>
  return cancellable(answers(events, args), () => void events.return())
}

async function* answers(
  events: AsyncGenerator<SourceEvent, void, undefined>,
  args: Args,
): AsyncGenerator<ExecutionResult, void, undefined> {
  const question = questionOf(args)
  try {
    for await (const event of events) yield await answer(event, question, args)
  } catch (error) {
    // The last result says why the stream ends.
    yield error instanceof Stopped ? stopped : { errors: [presentError(error)] }
  }
}

/** The operation, and the part of its caller that the answer depends on: of one organization and with the same scopes, all see the same. */
function questionOf({ document, operationName, variableValues, contextValue: { actor } }: Args): string {
  const caller = [actor.organizationId, actor.scopes.toSorted()]
  const question = [document.loc?.source.body, operationName, variableValues, caller]
  return createHash('sha256').update(JSON.stringify(question)).digest('base64')
}

/** The answer to an event. The first caller is charged for it. @throws RateLimited */
async function answer(event: SourceEvent, question: string, args: Args): Promise<ExecutionResult> {
  const answers = answersTo.get(event) ?? new Map<string, Promise<ExecutionResult>>()
  answersTo.set(event, answers)
  for (;;) {
    const known = answers.get(question)
    if (known === undefined) {
      const made = make(event, args)
      answers.set(question, made)
      made.catch(() => answers.delete(question))
      return made
    }
    // The first caller has used its limit: the next one is charged.
    const shared = await known.catch(() => null)
    if (shared !== null) return shared
  }
}

async function make(event: SourceEvent, args: Args): Promise<ExecutionResult> {
  const { contextValue: context } = args
  await context.charge(context.request.cost ?? 0)
  const result = await execute({ ...args, rootValue: event })
  eventIds.set(result, event.eventId)
  return result
}
