import type { RequestInfo } from '../../request-context.ts'
import type { CachedOperation } from './operation-cache.ts'

/** How much of an operation's name is logged, in characters. */
const longestName = 100

/** Reports the operation of a request to the access log. */
export function reportOperation({ operation, hash }: Pick<CachedOperation, 'operation' | 'hash'>, request: RequestInfo): void {
  request.operation = `${operation.operation} ${operation.name?.value.slice(0, longestName) ?? '(anonymous)'}`
  request.operationHash = hash
}
