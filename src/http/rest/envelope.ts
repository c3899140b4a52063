import type { Context as HonoContext } from 'hono'
import { ContactMerged } from '../../domain/contacts/errors.ts'
import { DomainError } from '../../kernel/errors.ts'
import { refusalBehind } from '../../kernel/faults.ts'
import { snakeCase } from '../../kernel/text.ts'
import { logFault } from '../access-log.ts'
import type { HttpEnv, RequestInfo } from '../request-context.ts'
import { challengeOf, meanings, retryAfterOf } from '../error-catalog.ts'
import type { Pagination } from './endpoint.ts'

/** Which part of a request an error is about: malformed paths and queries are 400, malformed bodies are 422. */
export type RequestPart = 'url' | 'body'

/** `{data, meta}`. */
export function dataEnvelope(request: RequestInfo, now: Date, data: unknown, pagination?: Pagination) {
  return { data, meta: { request_id: request.id, timestamp: now.toISOString(), ...(pagination !== undefined && { pagination }) } }
}

/** Answers with `{error, meta}`: a refusal unchanged; anything else is a bug, which is logged and of which nothing is shown. */
export function refusal(c: HonoContext<HttpEnv>, now: Date, cause: unknown, part: RequestPart): Response {
  const request = c.get('request')
  const known = refusalBehind(cause)
  if (known === null) request.log.error({ err: cause }, 'a route failed')
  logFault(request, known)
  const error = known ?? internalError()
  const status = statusOf(error, part)
  request.errorCode = error.code
  const retryAfter = retryAfterOf(error)
  if (retryAfter !== null) c.header('Retry-After', String(retryAfter))
  const challenge = challengeOf(error)
  if (challenge !== null) c.header('WWW-Authenticate', challenge)
  if (error instanceof ContactMerged) c.header('Link', `</api/v1/contacts/${error.mergedInto}>; rel="canonical"`)
  return c.json(
    {
      error: { code: error.code, message: error.message, status, details: snakeDetails(error) },
      meta: { request_id: request.id, timestamp: now.toISOString(), docs_url: `${new URL(c.req.url).origin}/docs/errors#${error.code}` },
    },
    status,
  )
}

function statusOf({ code, details }: DomainError, part: RequestPart) {
  if (code === 'VALIDATION_ERROR' && part === 'url') return 400
  return code === 'REVISION_CONFLICT' && details.field === 'If-Match' ? 412 : meanings[code].status
}

function internalError(): DomainError {
  return new DomainError('INTERNAL_ERROR', 'Internal error. Try again. If the error persists, report the request id.')
}

/** Details in REST's spelling; so is the name of the field that they are about, unless it is a header. */
function snakeDetails({ details }: DomainError): Record<string, unknown> {
  const { errors, ...first } = details
  return { ...snakeFault(first), ...(errors !== undefined && { errors: errors.map(snakeFault) }) }
}

function snakeFault(fault: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fault).map(([key, value]) => [
      snakeCase(key),
      key === 'field' && typeof value === 'string' && /^[a-z]/.test(value) ? snakeField(value) : value,
    ]),
  )
}

/** The keys of custom attributes are what callers have made them. */
function snakeField(field: string): string {
  const key = /^customAttributes\.(.*)$/s.exec(field)?.[1]
  return key === undefined ? snakeCase(field) : `custom_attributes.${key}`
}
