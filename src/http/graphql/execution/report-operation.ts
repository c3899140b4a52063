import type { RequestInfo } from '../../request-context.ts'
import type { CachedOperation } from './operation-cache.ts'

/** Tells the access log which operation a request executes. */
export function reportOperation({ operation, hash }: Pick<CachedOperation, 'operation' | 'hash'>, request: RequestInfo): void {
  request.operation = `${operation.operation} ${operation.name?.value ?? '(anonymous)'}`
  request.operationHash = hash
}
