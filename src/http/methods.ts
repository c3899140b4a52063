import type { Context } from 'hono'
import { DomainError } from '../kernel/errors.ts'
import type { HttpEnv } from './request-context.ts'
import { refusal } from './rest/envelope.ts'

/** The methods of a path, with those that every path answers to. */
export function allowing(methods: readonly string[]): string[] {
  return [...methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS']
}

/** The answer to OPTIONS: the methods that the path allows. */
export function allowed(c: Context<HttpEnv>, methods: readonly string[]): Response {
  return c.body(null, 204, { Allow: allowing(methods).join(', ') })
}

/** The refusal of a method that the path does not allow. */
export function methodNotAllowed(method: string, methods: readonly string[]): DomainError {
  const names = allowing(methods)
  const message = `Method ${method.slice(0, 20)} is not allowed. Use ${names.slice(0, -1).join(', ')} or ${names.at(-1)}.`
  return new DomainError('METHOD_NOT_ALLOWED', message, { value: method, expected: names.join(', ') })
}

/** Answers to the methods that a path of the REST API or a page does not serve. */
export function otherMethods(now: () => Date, methods: readonly string[]): (c: Context<HttpEnv>) => Response {
  return (c) => {
    if (c.req.method === 'OPTIONS') return allowed(c, methods)
    c.header('Allow', allowing(methods).join(', '))
    return refusal(c, now(), methodNotAllowed(c.req.method, methods), 'url')
  }
}
