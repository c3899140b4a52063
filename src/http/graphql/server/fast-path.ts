import type { Logger } from 'pino'
import type { Database, Db } from '../../../data/database.ts'
import { countStatements } from '../../../data/driver/query-stats.ts'
import { StatementTimeout } from '../../../kernel/faults.ts'
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts'
import { areStepsTraced } from '../../../kernel/span.ts'
import type { SecretKeys } from '../../../kernel/secret-keys.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { Authenticate, HeaderReader } from '../../authenticate.ts'
import { conclude } from '../../access-log.ts'
import type { Metrics } from '../../metrics.ts'
import type { RateLimiter } from '../../rate-limit.ts'
import { type Begun, type HangUp, type HeaderFields, headersOf, newRequest, type RequestInfo } from '../../request-context.ts'
import type { HttpSettings, TrustedDocuments } from '../../settings.ts'
import { KnownCosts } from '../execution/operation-costs.ts'
import { charge, costOf, costTold } from '../execution/operation-limits.ts'
import { isJson, jsonTypeFor, jsonTypeOrDefault } from './content-negotiation.ts'
import { refusedRequest } from '../execution/format-error.ts'
import { coerced, readWhole } from '../compiler/compiled-query.ts'
import { report } from '../execution/report-operation.ts'
import { documentIdOf, documentIdParameter } from './trusted-documents.ts'
import type { Plan, Plans } from '../compiler/operation-plan.ts'

interface FastPathServices {
  readonly db: Db
  readonly replicas: Database['replicas']
  readonly now: Clock
  readonly secretKeys: SecretKeys
  readonly log: Logger
  readonly settings: HttpSettings
  readonly metrics: Metrics
  readonly rateLimiter: RateLimiter
  readonly authenticate: Authenticate
  readonly plans: Plans
  /** The headers of every answer to a page of an origin, or to a program, which says none. */
  headersFor(origin: string | null): Promise<HeaderFields>
}

/** An answer as it is to be sent, or what the request is handed on with to those who answer everything. */
export type Outcome =
  | { readonly status: number; readonly headers: HeaderFields; readonly body: string }
  | { readonly status: null; readonly begun: Begun | null }

export interface FastPath {
  /** Whether it is worth reading the body of a request. */
  mayAnswer(method: string | undefined, path: string | undefined, headers: HeaderReader): boolean
  answer(headers: HeaderReader, body: string, hangUp: HangUp | null): Promise<Outcome>
}

/**
 * Answers what is asked again and again: operations of a text that has been found valid before and that are read as a whole (`whole-plans.ts`). For these the
 * layers in front, of which each is made for every kind of request, cost more than all that is done for them.
 *
 * It does what those layers do, by the same functions and in the same order: it authenticates, measures and charges, counts statements, keeps the time,
 * and tells the log and the figures. Whatever else comes, and whatever is refused as an operation, is handed on to them.
 */
export function createFastPath(services: FastPathServices): FastPath {
  const { db, replicas, now, secretKeys, settings, plans, metrics, rateLimiter } = services
  const costs = new KnownCosts()

  async function operate(plan: Plan, asked: Asked, headers: HeaderReader, request: RequestInfo): Promise<string | Begun> {
    const actor = await services.authenticate({ db, now }, headers)
    report(plan, request)
    const contextValue = { request, charge: (cost: number) => rateLimiter.charge(actor, request, 'cost', cost) }
    const variables = coerced(plan, asked.variables)
    const toCharge = { ...plan, variableValues: asked.variables, contextValue }
    const measure = variables && costs.of(plan, variables, () => costOf(toCharge, plan.operation))
    const charged = charge({ ...toCharge, ...(measure && { measure }) }, settings.operationLimits)
    const isCharged = await charged.then(
      (refusal) => refusal === null,
      () => false,
    )
    if (!isCharged) return { request, actor, charged, whole: null }
    const reader = replicas === null ? db : await replicas.reader()
    const context = { actor, requestId: request.id, db: reader, now, secretKeys, request }
    const whole = await readWhole(plan, variables, context)
    if (typeof whole !== 'string') return { request, actor, charged, whole }
    return `{"data":${whole},"extensions":${JSON.stringify(costTold(request.cost, settings.operationLimits))}}`
  }

  return {
    // The steps of a trace are those of the layers.
    mayAnswer: (method, path, headers) =>
      method === 'POST' &&
      path === '/graphql' &&
      isJson(headers.get('content-type')) &&
      headers.get('idempotency-key') === null &&
      jsonTypeFor(headers.get('accept')) !== null &&
      !areStepsTraced(),
    async answer(headers, body, hangUp) {
      const began = performance.now()
      const asked = read(body, settings.trustedDocuments)
      const plan = asked && plans.known(asked.text, asked.operationName)
      if (asked === null || plan === null) return { status: null, begun: null }
      const common = await services.headersFor(headers.get('origin'))
      const request = newRequest(services.log, hangUp)
      const answer = await within(settings.requestTimeout, () =>
        countStatements(request.count, () => operate(plan, asked, headers, request)),
      ).then(
        (written) => (typeof written === 'string' ? answered(written, headers) : written),
        (cause: unknown) => refusedRequest(cause, request, jsonTypeOrDefault(headers.get('accept'))),
      )
      if (!('status' in answer)) return { status: null, begun: answer }
      const { status } = answer
      conclude(metrics, request, { method: 'POST', path: '/graphql', status, milliseconds: performance.now() - began, traceId: null })
      return { ...answer, headers: { ...common, ...answer.headers, ...headersOf(request) } }
    },
  }
}

function answered(body: string, headers: HeaderReader) {
  return { status: 200, headers: { 'content-type': `${jsonTypeFor(headers.get('accept'))}; charset=utf-8` }, body }
}

interface Asked {
  /** That of the operation's document. */
  readonly text: string
  readonly variables: JsonObject
  readonly operationName: string | null
}

const plainParameters = new Set(['query', 'operationName', 'variables'])
const trustedParameters = new Set([documentIdParameter, 'extensions', 'operationName', 'variables'])

/** What a body asks for; null for one that asks in a way that others have to look at. */
function read(body: string, { mode, documents }: TrustedDocuments): Asked | null {
  const params = parse(body)
  if (params === null) return null
  const { query, variables, operationName } = params
  const isPlain = query !== undefined
  if (!Object.keys(params).every((name) => (isPlain ? plainParameters : trustedParameters).has(name))) return null
  if ((isPlain && mode === 'only') || (!isPlain && mode === 'off')) return null
  const text = isPlain ? query : documents.get(documentIdOf(params) ?? '')
  const [given, name] = [variables ?? {}, operationName ?? null]
  if (typeof text !== 'string' || !isJsonObject(given) || (name !== null && typeof name !== 'string')) return null
  return { text, variables: given, operationName: name }
}

function parse(body: string): JsonObject | null {
  try {
    const params: unknown = JSON.parse(body)
    return isJsonObject(params) ? params : null
  } catch {
    return null
  }
}

/** Runs some work, and waits for it no longer than this. @throws StatementTimeout */
function within<Result>(milliseconds: number, work: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new StatementTimeout()), milliseconds)
    work()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })
}
