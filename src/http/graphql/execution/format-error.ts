import { GraphQLError } from 'graphql'
import { DomainError, errorCodes } from '../../../kernel/errors.ts'
import { refusalBehind } from '../../../kernel/faults.ts'
import type { RequestInfo } from '../../request-context.ts'
import { meanings, retryAfterOf } from '../../error-catalog.ts'

/**
 * How an error is shown to a caller of GraphQL: refusals as they are; what graphql-js itself refuses (syntax, types, variables)
 * as invalid input; anything else is a bug, and is masked. {@link bugBehind} tells the log what it was.
 */
export function presentError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError && errorCodes.some((code) => code === error.extensions['code'])) return error
  const cause = error instanceof GraphQLError ? error.originalError : error
  const refusal = refusalBehind(cause)
  if (refusal !== null) return graphQLError(error, refusal.message, { code: refusal.code, ...refusal.details, ...httpOf(refusal) })
  if (error instanceof GraphQLError && bugBehind(error) === null)
    return graphQLError(error, error.message, { ...error.extensions, code: 'VALIDATION_ERROR' })
  return graphQLError(error, broken, { code: 'INTERNAL_ERROR' })
}

/** How a request is answered that was refused, or failed by a bug, before it came to an operation. The log is told of it. */
export function refusedRequest(cause: unknown, request: RequestInfo) {
  const known = refusalBehind(cause)
  if (known === null) request.log.error({ err: cause }, 'an operation failed')
  const { code, message, details } = known ?? new DomainError('INTERNAL_ERROR', broken)
  request.errorCode = code
  return {
    status: meanings[code].status,
    retryAfter: known && retryAfterOf(known),
    body: { errors: [{ message, extensions: { code, ...details } }] },
  }
}

const broken = 'Something broke on our side. Try again; if it stays, report the request id.'

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

function graphQLError(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  if (!(error instanceof GraphQLError)) return new GraphQLError(message, { extensions })
  const { nodes = null, source = null, positions = null, path = null } = error
  return new GraphQLError(message, { nodes, source, positions, path, extensions })
}
