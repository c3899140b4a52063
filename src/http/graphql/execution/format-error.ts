import { type ExecutionResult, GraphQLError } from 'graphql'
import { cut, DomainError, type ErrorCode, errorCodes } from '../../../kernel/errors.ts'
import { refusalBehind } from '../../../kernel/faults.ts'
import { logFault } from '../../access-log.ts'
import type { RequestContext, RequestInfo } from '../../request-context.ts'
import type { HttpSettings } from '../../settings.ts'
import { challengeOf, meanings, retryAfterOf } from '../../error-catalog.ts'

/**
 * How an error is shown to a caller of GraphQL: refusals as they are; what graphql-js itself refuses (syntax, types, variables)
 * as invalid input; anything else is a bug, and is masked. {@link bugBehind} finds the cause for the log.
 */
export function presentError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError && codeOf(error) !== null) return error
  const cause = error instanceof GraphQLError ? error.originalError : error
  const refusal = refusalBehind(cause)
  if (refusal !== null) return graphQLError(error, refusal.message, { code: refusal.code, ...refusal.details, ...httpOf(refusal) })
  if (error instanceof GraphQLError && bugBehind(error) === null) {
    const code: ErrorCode = isMethodRefused(error) ? 'METHOD_NOT_ALLOWED' : 'VALIDATION_ERROR'
    return graphQLError(error, error.message, { ...error.extensions, code })
  }
  return graphQLError(error, broken, { code: 'INTERNAL_ERROR' })
}

type Introspection = Pick<HttpSettings, 'introspection'>

/** The result of an operation that was refused before it was executed. */
export function formatErrors(errors: readonly unknown[], context: RequestContext, settings: Introspection): ExecutionResult {
  return formatResult({ errors: errors.map((error) => presentError(error)) }, context, settings)
}

/**
 * A result as its caller gets it: errors have our codes, bugs are masked and logged, and names from the schema are suggested only to credentials that may see
 * it. The access log gets the first code. @param context null where the caller is not known
 */
export function formatResult(result: ExecutionResult, context: RequestContext | null, { introspection }: Introspection): ExecutionResult {
  if (result.errors === undefined || result.errors.length === 0) return result
  for (const error of result.errors) {
    const bug = bugBehind(error)
    if (bug !== null) context?.request.log.error({ err: bug, path: error.path }, 'a resolver failed')
    else if (context !== null) logFault(context.request, refusalBehind(error.originalError))
  }
  const errors = result.errors.map((error) => presentError(error))
  const knowsSchema = introspection === 'everyone' || context?.actor.scopes.includes('schema:read') === true
  if (context !== null) context.request.errorCode = worstOf(errors) ?? context.request.errorCode
  return { ...result, errors: knowsSchema ? errors : errors.map(withoutSuggestion) }
}

/** The code that was given to an error; null for an error of graphql-js. */
function codeOf({ extensions }: GraphQLError): ErrorCode | null {
  return errorCodes.find((code) => code === extensions['code']) ?? null
}

/** The code for the log: a bug's if there is one, else the first. */
function worstOf(errors: readonly GraphQLError[]): ErrorCode | null {
  const codes = errors.map(codeOf)
  return codes.find((code) => code === 'INTERNAL_ERROR') ?? codes[0] ?? null
}

/** graphql-js suggests names of the schema that are close to what was mistyped. */
function withoutSuggestion(error: GraphQLError): GraphQLError {
  return graphQLError(error, error.message.replace(/ ?Did you mean .*\?$/s, ''), error.extensions)
}

/**
 * The response to a request that is refused, or fails by a bug, before its operation is executed. The log gets its code.
 * @param mediaType of the response, by the header Accept
 */
export function refusedRequest(cause: unknown, request: RequestInfo, mediaType: string) {
  const known = refusalBehind(cause)
  if (known === null) request.log.error({ err: cause }, 'an operation failed')
  logFault(request, known)
  const refusal = known ?? new DomainError('INTERNAL_ERROR', broken)
  const { code, message, details } = refusal
  request.errorCode = code
  const [retryAfter, challenge] = [retryAfterOf(refusal), challengeOf(refusal)]
  return {
    status: meanings[code].status,
    headers: {
      'content-type': `${mediaType}; charset=utf-8`,
      ...(retryAfter !== null && { 'retry-after': String(retryAfter) }),
      ...(challenge !== null && { 'www-authenticate': challenge }),
      ...(code === 'METHOD_NOT_ALLOWED' && { allow: 'GET, HEAD, POST, OPTIONS' }),
    },
    body: JSON.stringify({ errors: [{ message, extensions: { code, ...details } }] }),
  }
}

/**
 * A result without data, with the HTTP status that its first error has: a client that accepts application/graphql-response+json goes by the status.
 * A result with data is one of an operation that was executed, and has the status 200.
 */
export function withStatus(result: ExecutionResult): ExecutionResult {
  if (result.data !== undefined || result.errors === undefined) return result
  const errors = result.errors.map((error) => {
    const code = codeOf(error) ?? 'INTERNAL_ERROR'
    const status = code === 'VALIDATION_ERROR' ? 400 : meanings[code].status
    return graphQLError(error, error.message, { ...error.extensions, http: { status, ...Object(error.extensions['http']) } })
  })
  return { ...result, errors }
}

const broken = 'Internal error. Try again. If the error persists, report the request id.'

/** Yoga refuses mutations by GET with this status. */
function isMethodRefused({ extensions: { http } }: GraphQLError): boolean {
  return typeof http === 'object' && http !== null && 'status' in http && http.status === 405
}

/** Refusals of the whole request say so in the status too, and when to come again. */
function httpOf(refusal: DomainError): { http?: { status: number; headers: Record<string, string> } } {
  const retryAfter = retryAfterOf(refusal)
  return retryAfter === null ? {} : { http: { status: meanings[refusal.code].status, headers: { 'Retry-After': String(retryAfter) } } }
}

/** The bug that an error came from; null if it is a refusal of ours or of graphql-js. */
export function bugBehind(error: unknown): unknown {
  if (!(error instanceof GraphQLError)) return refusalBehind(error) === null ? error : null
  const cause = error.originalError
  if (cause === undefined || cause === null || refusalBehind(cause) !== null) return null
  return cause instanceof GraphQLError ? bugBehind(cause) : cause
}

/** graphql-js repeats the whole value of a variable that it refuses. In characters. */
const longestMessage = 1000

function graphQLError(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  const short = cut(message, longestMessage)
  if (!(error instanceof GraphQLError)) return new GraphQLError(short, { extensions })
  const { nodes = null, source = null, positions = null, path = null } = error
  return new GraphQLError(short, { nodes, source, positions, path, extensions })
}
