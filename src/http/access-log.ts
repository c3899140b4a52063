import type { DomainError } from '../kernel/errors.ts'
import { DiskFull } from '../kernel/faults.ts'
import { mask } from '../kernel/mask.ts'
import type { Metrics } from './metrics.ts'
import type { RequestInfo } from './request-context.ts'

/** How a request ended. */
export interface RequestOutcome {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly milliseconds: number
  /** The trace that it is a part of; null where it is of none. */
  readonly traceId: string | null
}

/** Adds a finished request to the metrics and the log. */
export function recordRequest(metrics: Metrics, request: RequestInfo, outcome: RequestOutcome): void {
  const { method, path, status, milliseconds: elapsed, traceId } = outcome
  metrics.record(request, status, elapsed / 1000)
  const { statements, milliseconds } = request.count
  request.log.info({
    method,
    path: loggedPath(path),
    ...(request.client !== null && { client: request.client }),
    ...(request.caller !== null && { organization_id: request.caller.organizationId, key_id: request.caller.keyId }),
    operation: request.operation,
    ...(request.operationHash !== null && { hash: request.operationHash }),
    status,
    ...(traceId !== null && { trace_id: traceId }),
    ...(request.cost !== null && { cost: request.cost }),
    ...(request.execution !== null && { execution: request.execution.mode }),
    ...(request.execution?.reason && { execution_reason: request.execution.reason }),
    ...(request.errorCode !== null && { code: request.errorCode }),
    ms: Math.round(elapsed),
    statements,
    db_ms: Math.round(milliseconds),
  })
}

/** Logs what the operator has to act on, although the caller gets a refusal with the same words. */
export function logFault({ log }: Pick<RequestInfo, 'log'>, refusal: DomainError | null): void {
  if (refusal instanceof DiskFull) log.error(refusal.message)
}

const longestPath = 200

/** A path as it may be kept: without credentials, tokens of links, email addresses and phone numbers that a caller has put into it. */
export function loggedPath(path: string): string {
  const redacted = decoded(path.slice(0, 2 * longestPath))
    .replace(/^(\/+preferences\/+)[^/]+/i, '$1[token]')
    .replace(/\bdv_(?:live|test)_sk_[\w-]+/g, '[key]')
    .replace(/\beyJ[\w-]+\.[\w-]*\.?[\w-]*/g, '[token]')
  const masked = mask(redacted)
  return masked.length <= longestPath ? masked : `${masked.slice(0, longestPath)}…`
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
