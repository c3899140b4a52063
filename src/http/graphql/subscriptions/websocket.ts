import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ExecutionArgs, type ExecutionResult, GraphQLError, type GraphQLSchema, OperationTypeNode, parse } from 'graphql'
import { CloseCode, type Context as SocketContext, makeServer, type SubscribePayload } from 'graphql-ws'
import type { GraphQLParams } from 'graphql-yoga'
import type { Logger } from 'pino'
import { countStatements } from '../../../data/driver/query-stats.ts'
import { DomainError, InvalidInput } from '../../../kernel/errors.ts'
import { cancellable } from '../../../kernel/cancellable.ts'
import { refusalBehind } from '../../../kernel/faults.ts'
import { recordRequest } from '../../access-log.ts'
import { contextOf } from '../../caller-context.ts'
import type { ClientOf } from '../../client-address.ts'
import type { Metrics } from '../../metrics.ts'
import { newRequest, type RequestInfo } from '../../request-context.ts'
import type { HttpSettings } from '../../settings.ts'
import { meanings } from '../../error-catalog.ts'
import { type ContextServices, createGraphQLContext, credentialOf } from '../execution/context.ts'
import { kindOf } from '../server/operation-kind.ts'
import { bugBehind, formatResult, presentError } from '../execution/format-error.ts'
import { stopped } from './shared-execution.ts'
import { createLines, type Line } from './websocket-protocol.ts'
import type { Yoga } from '../server/yoga.ts'

export interface SocketServices extends ContextServices {
  readonly log: Logger
  readonly settings: HttpSettings
  readonly metrics: Metrics
  readonly clientOf: ClientOf
}

/** Subscriptions over WebSocket. */
export interface Sockets {
  /** Takes over a connection whose client wants to speak WebSocket. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void
  /** Says goodbye to all, so that they go elsewhere, and lets none come. */
  close(): void
}

/** The largest message, in bytes: what an operation may have over HTTP too. */
const maxMessage = 1024 * 1024
/** How long a client may take to say who it is, in milliseconds. */
const longestSilence = 5000
/** How many subscriptions one connection carries. */
const perConnection = 100

/** Codes of WebSocket itself. */
const goingAway = 1001
const tryAgainLater = 1013

const goodbye = 'The server is about to stop. Connect again.'

interface Connection {
  readonly line: Line
  /** The headers with the credential: those of the connection, until the client sends others. */
  credential: Headers
  /** The address of the client; null if the connection has none. */
  readonly client: string | null
  /** What makes room for another connection of the credential. */
  release: () => void
}

type Context = SocketContext<Record<string, unknown>, Connection>

/** Answers subscriptions after the protocol `graphql-transport-ws`, with the same credentials, limits and ends as over server-sent events. */
export function createSockets(services: SocketServices, yoga: Yoga, schema: GraphQLSchema): Sockets {
  const { settings } = services
  const connections = new Map<string, number>()
  const lines = createLines({ maxMessage, pingEvery: settings.subscriptions.pingEvery })
  let isClosed = false
  const protocol = makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: longestSilence,
    onConnect: (context) => admit(context),
    onSubscribe: (context, _id, payload) => subscribe(context, payload),
    // proof: `subscribe` has put there what is to be sent
    subscribe: ({ rootValue }) => rootValue as AsyncGenerator<ExecutionResult>,
  })
  return {
    upgrade(request, stream, head) {
      stream.on('error', () => {})
      const refused = isClosed ? ([503, 'Service Unavailable', goodbye] as const) : refusalOf(request, settings.corsOrigins)
      if (refused !== null) return refuse(stream, ...refused)
      lines.take(request, stream, head, (line) => {
        const client = services.clientOf(request.socket.remoteAddress ?? null, String(request.headers['x-forwarded-for'] ?? ''))
        const connection = { line, client, credential: new Headers(credentialOf(new Headers(textsOf(request.headers)))), release: () => {} }
        const closed = protocol.opened({ ...line, onMessage: (answer) => listen(line, answer) }, connection)
        line.onClose(() => {
          connection.release()
          void closed()
        })
      })
    },
    close() {
      isClosed = true
      lines.close(goingAway, goodbye)
    },
  }

  function listen(line: Line, answer: (text: string) => Promise<void>): void {
    line.onMessage((text) => {
      answer(text).catch((error: unknown) => {
        services.log.error({ err: error }, 'a message over a WebSocket failed')
        line.close(CloseCode.InternalServerError, 'Internal error.')
      })
    })
  }

  /** Authenticates a connection. @returns whether it is accepted; a refused one has been closed with the reason */
  async function admit({ connectionParams, extra: connection }: Context): Promise<boolean> {
    const said = credentialOf(new Headers(textsOf(connectionParams ?? {})))
    if (said.length > 0) connection.credential = new Headers(said)
    try {
      await services.authenticate({ ...services, request: null }, connection.credential)
      connection.release = takeSlot(credentialOf(connection.credential).join(' '))
      return true
    } catch (error) {
      turnAway(connection.line, error)
      return false
    }
  }

  function takeSlot(credential: string): () => void {
    const limit = settings.subscriptions.perCredential
    const open = connections.get(credential) ?? 0
    if (open >= limit)
      throw new DomainError('RATE_LIMITED', `This credential has ${limit.toLocaleString('en')} connections open.`, { limit })
    connections.set(credential, open + 1)
    return () => {
      const left = (connections.get(credential) ?? 1) - 1
      if (left > 0) connections.set(credential, left)
      else connections.delete(credential)
    }
  }

  function turnAway(line: Line, error: unknown): void {
    const refusal = refusalBehind(error)
    if (refusal === null) services.log.error({ err: error }, 'a WebSocket could not be opened')
    if (refusal === null) return line.close(CloseCode.InternalServerError, 'Internal error.')
    const isForNow = refusal.code === 'UNAVAILABLE' || refusal.code === 'RATE_LIMITED'
    line.close(isForNow ? tryAgainLater : CloseCode.Forbidden, reasonOf(refusal))
  }

  async function subscribe(context: Context, payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const request = newRequest(services.log, context.extra.client)
    const began = performance.now()
    const outcome = await countStatements(request.count, () => begin(context, payload, request))
    const status = request.errorCode === null ? 200 : meanings[request.errorCode].status
    recordRequest(services.metrics, request, {
      method: 'WEBSOCKET',
      path: '/graphql',
      status,
      milliseconds: performance.now() - began,
      traceId: null,
    })
    return outcome
  }

  async function begin(
    { subscriptions, extra: { line, credential } }: Context,
    payload: SubscribePayload,
    request: RequestInfo,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    try {
      if (Object.keys(subscriptions).length > perConnection) throw new TooManyOnConnection()
      const kind = kindOf({ ...payload }, settings.trustedDocuments.documents)
      if (kind === OperationTypeNode.QUERY || kind === OperationTypeNode.MUTATION) throw new SubscriptionsOnly()
      const actor = await services.authenticate({ ...services, request }, credential)
      const graphql = createGraphQLContext(services, contextOf(services, request, actor), credential)
      const answers = await yoga.getResultForParams(
        { params: paramsOf(payload), request: new Request('http://localhost/graphql', { method: 'POST' }) },
        { graphql },
      )
      if (answers === undefined || !(Symbol.asyncIterator in answers)) return formatResult(answers ?? {}, graphql, settings).errors ?? []
      // proof: a stream of results is a generator of them
      const sent = sending(answers as AsyncGenerator<ExecutionResult>, line)
      return { schema, document: someSubscription, rootValue: sent }
    } catch (error) {
      // What is refused before it is executed, such as an operation that is not registered, ends itself and not the connection.
      if (error instanceof GraphQLError && bugBehind(error) === null) {
        request.errorCode = 'VALIDATION_ERROR'
        return formatResult({ errors: [error] }, null, settings).errors ?? []
      }
      const refusal = refusalBehind(error)
      if (refusal === null) throw error
      request.errorCode = refusal.code
      if (isAboutCredential(refusal.code)) turnAway(line, refusal)
      return [presentError(refusal)]
    }
  }
}

/** What is executed has been decided when the protocol asks what it is. */
const someSubscription = parse('subscription { eventId }')

class SubscriptionsOnly extends InvalidInput {
  constructor() {
    super('A WebSocket is for subscriptions only. Send queries and mutations by POST to /graphql.', { expected: 'a subscription' })
  }
}

class TooManyOnConnection extends DomainError {
  constructor() {
    super('RATE_LIMITED', `A connection carries at most ${perConnection} subscriptions. End some, or open another.`, {
      limit: perConnection,
    })
  }
}

/** Passes the results on, and closes a connection that cannot be used any more. */
function sending(answers: AsyncGenerator<ExecutionResult>, line: Line): AsyncGenerator<ExecutionResult, void, undefined> {
  const pass = async function* (): AsyncGenerator<ExecutionResult, void, undefined> {
    for await (const answer of answers) {
      if (answer === stopped) return line.close(goingAway, goodbye)
      yield answer
      const code = answer.errors?.[0]?.extensions['code']
      if (typeof code === 'string' && isAboutCredential(code)) line.close(CloseCode.Forbidden, code)
    }
  }
  return cancellable(pass(), () => void answers.return(undefined))
}

function isAboutCredential(code: string): boolean {
  return Object.entries(meanings).some(([known, { status }]) => known === code && status === 401)
}

/** The parameters of an operation, without those that are null. The protocol asks for a text where a known operation is named. */
function paramsOf(payload: SubscribePayload): GraphQLParams {
  return Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== null && value !== undefined && value !== ''))
}

/** What a connection is closed with: at most 123 bytes. */
function reasonOf({ code, message }: DomainError): string {
  return `${code}: ${message}`
    .replaceAll('’', "'")
    .replace(/[^ -~]/g, '?')
    .slice(0, 123)
}

/** Why a connection is not taken over: the status, its name and a sentence; null if it is. */
function refusalOf({ url, headers }: IncomingMessage, origins: readonly string[]): readonly [number, string, string] | null {
  if (!/^\/graphql\/?(?:\?|$)/.test(url ?? '')) return [404, 'Not Found', 'Subscriptions are at /graphql.']
  const { origin, host } = headers
  // Browsers send no preflight before they connect across origins, but they send the header Origin; other clients do not.
  const isFamiliar = origin === undefined || origins.includes('*') || origins.includes(origin) || hostOf(origin) === host
  return isFamiliar ? null : [403, 'Forbidden', 'Pages of this origin may not connect. It can be named in CORS_ORIGINS.']
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

function refuse(stream: Duplex, status: number, name: string, sentence: string): void {
  const headers = ['Content-Type: text/plain; charset=utf-8', `Content-Length: ${sentence.length}`, 'Connection: close', 'Retry-After: 2']
  stream.end([`HTTP/1.1 ${status} ${name}`, ...headers.slice(0, status === 503 ? 4 : 3), '', sentence].join('\r\n'))
}

/** Those of some values that can be headers. */
function textsOf(values: Readonly<Record<string, unknown>>): [name: string, value: string][] {
  return Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'string' && /^[\w-]+$/.test(name) && /^[\t\x20-\x7e]*$/.test(value) ? [[name, value]] : [],
  )
}
