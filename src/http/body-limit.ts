import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { HttpEnv } from './request-context.ts'

/**
 * Refuses a body of more bytes. A length that the client tells is held by Node's parser, so such a body need not be counted while it is
 * read: for that it would have to be copied through a stream.
 */
export function limitBody(maxSize: number, refuse: (c: Context<HttpEnv>) => Response): MiddlewareHandler<HttpEnv> {
  const counting = bodyLimit({ maxSize, onError: refuse })
  return async (c, next) => {
    const length = c.req.header('content-length')
    if (length === undefined || c.req.header('transfer-encoding') !== undefined) return counting(c, next)
    return Number(length) > maxSize ? refuse(c) : next()
  }
}
