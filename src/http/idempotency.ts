import { createHash } from 'node:crypto'
import { type Answer, answerOnce, parseIdempotencyKey } from '../domain/idempotency/commands.ts'
import type { ErrorCode } from '../kernel/errors.ts'
import { meanings } from './error-catalog.ts'
import type { RequestContext } from './request-context.ts'

/** Those headers of an answer that belong to it, and not to the request that it is given to. */
const kept = ['content-type', 'location', 'allow', 'etag']

export interface RepeatableBody {
  readonly method: string
  readonly path: string
  readonly body: Uint8Array
}

/** The key that a request carries, so that it may come again; null if it carries none. @throws InvalidInput */
export function idempotencyKey(headers: Headers): string | null {
  const text = headers.get('idempotency-key')
  return text === null ? null : parseIdempotencyKey(text)
}

/** Undoes what was done for an answer that holds for now only: the repetition does the work. */
export class NotKept extends Error {
  readonly response: Response

  constructor(response: Response) {
    super('An answer that holds for now only is not kept.')
    this.response = response
  }
}

/**
 * Answers a request with an `Idempotency-Key` as often as it comes, and does its work once.
 * @param work writes through the context that it is given. What it throws is not remembered, and nothing of it is kept; a {@link NotKept} has the
 * response
 * @throws IdempotencyKeyReused, IdempotencyKeyInUse, and whatever the work throws
 */
export async function respondOnce(
  key: string,
  context: RequestContext,
  request: RepeatableBody,
  work: (context: RequestContext) => Promise<Response>,
): Promise<Response> {
  // The caller is a part of the request: another key, with other scopes, does not get to see the answer.
  const hash = createHash('sha256')
    .update(JSON.stringify([context.actor.keyId, request.method, request.path]))
    .update(request.body)
    .digest()
  const once = answerOnce(context, { key, hash: new Uint8Array(hash) }, async (within) => answerOf(await work({ ...context, ...within })))
  const result = await once.catch((error: unknown) => {
    if (error instanceof NotKept) return error.response
    throw error
  })
  if (!('answer' in result)) return result
  const { answer, replayed } = result
  const headers = { ...answer.headers, ...(replayed && { 'Idempotency-Replayed': 'true' }) }
  return new Response(answer.status === 204 ? null : new Uint8Array(answer.body), { status: answer.status, headers })
}

/** Whether a refusal says nothing of the request itself, such as that of a database that cannot be reached: another attempt may not get it. */
export function isForNow(code: ErrorCode | null): boolean {
  return code !== null && (meanings[code].status >= 500 || code === 'RATE_LIMITED')
}

async function answerOf(response: Response): Promise<Answer> {
  const headers = [...response.headers].filter(([name]) => kept.includes(name))
  return { status: response.status, headers: Object.fromEntries(headers), body: new Uint8Array(await response.arrayBuffer()) }
}
