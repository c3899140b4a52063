import { z } from '@hono/zod-openapi'
import type { Endpoint } from '../endpoint.ts'

const text = (description: string, example?: string) => ({
  description,
  schema: { type: 'string' as const, ...(example !== undefined && { example }) },
})
const count = (description: string) => ({ description, schema: { type: 'integer' as const } })
const tag = z.string().openapi({ example: '"7"' })

const conditions = {
  'If-Match': tag.optional().openapi({ description: 'The ETag that the contact must have; otherwise the answer is 412. Default: any.' }),
  'If-None-Match': tag.optional().openapi({ description: 'An ETag that the client has; if the contact still has it, the answer is 304.' }),
}

const idempotencyKey = z
  .string()
  .optional()
  .openapi({
    description:
      'A key of your choice for this write. The same key with the same request within 24 hours answers with the stored answer and changes nothing; with ' +
      'another request it is refused.',
    example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
  })

/** The request headers of a route. */
export function requestHeaders(method: string, { conditional, fileTypes }: Endpoint): z.ZodObject {
  const isWrite = method !== 'GET' && fileTypes.length === 0
  return z.object({
    ...(conditional !== null && { [conditional]: conditions[conditional] }),
    ...(isWrite && { 'Idempotency-Key': idempotencyKey }),
  })
}

const always = {
  'X-Request-Id': text('Names the request in the log; the same as `meta.request_id`.', 'req_01jm8xw4r2e5tvq0c9h3kzb7nd'),
  'X-RateLimit-Limit': count('How many requests the key has within the window. Absent where there is no limit.'),
  'X-RateLimit-Remaining': count('How many of them are left.'),
  'X-RateLimit-Reset': count('When the window ends, in seconds since 1970.'),
}

interface Kind {
  readonly tagged?: boolean
  readonly isCreated?: boolean
  readonly isReplayable?: boolean
  readonly isFile?: boolean
}

/** The response headers of a success. */
export function responseHeaders({ tagged = false, isCreated = false, isReplayable = false, isFile = false }: Kind) {
  return {
    ...always,
    ...(tagged && { ETag: text('The revision of the contact, for If-Match and If-None-Match.', '"7"') }),
    ...(isCreated && { Location: text('The path of what was created, if it has one.') }),
    ...(isReplayable && {
      'Idempotency-Replayed': text('`true` if this is the stored answer of an earlier request with the same Idempotency-Key.'),
    }),
    ...(isFile && { 'Content-Disposition': text('The name of the file.') }),
  }
}

/** The response headers of a refusal with this status. */
export function refusalHeaders(status: number) {
  return {
    ...always,
    ...(status === 401 && { 'WWW-Authenticate': text('How to authenticate.') }),
    ...(status === 405 && { Allow: text('The methods of the path.') }),
    ...((status === 429 || status === 503) && {
      'Retry-After': count('After how many seconds to try again. Absent where it is not known.'),
    }),
  }
}
