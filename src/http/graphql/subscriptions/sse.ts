import type { ExecutionResult } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { InvalidInput } from '../../../kernel/errors.ts'
import type { HangUp } from '../../request-context.ts'
import { presentError } from '../execution/format-error.ts'
import { eventIdOf, stopped } from './shared-execution.ts'
import type { ServerContext } from '../server/server-context.ts'

/** After how many pings that could not be sent a client counts as gone. */
const maxUnsentPings = 3

const encoder = new TextEncoder()
const ping = encoder.encode(':\n\n')
const complete = encoder.encode('event: complete\ndata:\n\n')

/** Answers that several have been given, as they go over the wire. */
const encoded = new WeakMap<ExecutionResult, Uint8Array>()

/**
 * Sends the answers of a subscription as server-sent events, after the protocol GraphQL over SSE ("distinct connections"), and the id of
 * each event with it, so that a browser that lost its connection says by itself where it was.
 * @param pingEvery how often something is sent where nothing happens, in milliseconds
 */
export const streamingEvents = (pingEvery: number): Plugin<object, ServerContext> => ({
  async onResultProcess(payload) {
    const { request, result, serverContext } = payload
    const hangUp = serverContext.graphql?.request.hangUp ?? null
    if (Array.isArray(result) || !(Symbol.asyncIterator in result)) return
    if (acceptsEvents(request.headers.get('accept'))) {
      // proof: what is no list of results and no single one is a stream of them
      payload.setResultProcessor(
        (stream) => streamOf(stream as AsyncGenerator<ExecutionResult, void, undefined>, pingEvery, hangUp),
        'text/event-stream',
      )
      return
    }
    await result[Symbol.asyncIterator]().return?.()
    payload.setResult({ errors: [presentError(new EventsNotAccepted())] })
    payload.setResultProcessor((refused) => Response.json(refused, { status: 406 }), 'application/json')
  },
})

class EventsNotAccepted extends InvalidInput {
  constructor() {
    super('A subscription is answered with server-sent events. Send the header Accept: text/event-stream.', {
      field: 'Accept',
      expected: 'text/event-stream',
    })
  }
}

function acceptsEvents(accept: string | null): boolean {
  return accept === null || /\btext\/(?:event-stream|\*)|\*\/\*/.test(accept)
}

function streamOf(answers: AsyncGenerator<ExecutionResult, void, undefined>, pingEvery: number, hangUp: HangUp | null): Response {
  let pings: NodeJS.Timeout | undefined
  let unsent = 0
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // Shows the client at once that it is connected.
      controller.enqueue(ping)
      pings = setInterval(() => {
        unsent = (controller.desiredSize ?? 0) > 0 ? 0 : unsent + 1
        if (unsent === 0) controller.enqueue(ping)
        if (unsent < maxUnsentPings) return
        clearInterval(pings)
        if (hangUp !== null) return void hangUp()
        controller.error(new Error('The client does not take what it is sent.'))
        void answers.return()
      }, pingEvery)
      pings.unref()
    },
    async pull(controller) {
      const { done, value } = await answers.next()
      if (done === true) controller.enqueue(complete)
      else if (value !== stopped) return controller.enqueue(chunkOf(value))
      // Where the server stops, nothing says that it is complete: so the client comes again, and finds another server.
      clearInterval(pings)
      controller.close()
    },
    async cancel() {
      clearInterval(pings)
      await answers.return()
    },
  })
  const headers = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-cache', 'X-Accel-Buffering': 'no' }
  return new Response(body, { headers })
}

function chunkOf(answer: ExecutionResult): Uint8Array {
  const known = encoded.get(answer)
  if (known !== undefined) return known
  const id = eventIdOf(answer)
  const chunk = encoder.encode(`${id === null ? '' : `id: ${id}\n`}event: next\ndata: ${JSON.stringify(answer)}\n\n`)
  encoded.set(answer, chunk)
  return chunk
}
