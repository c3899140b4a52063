import { type CachedOperation, OperationCache } from '../../src/http/graphql/execution/operation-cache.ts'

/** Runs some work while every operation is executed by its resolvers alone, which are the reference for what is compiled. */
export async function withResolversOnly<Result>(work: () => Promise<Result>): Promise<Result> {
  // oxlint-disable-next-line typescript/unbound-method -- they are called on their object
  const { add, find } = OperationCache.prototype
  const uncompiled = (operation: CachedOperation | null) => operation && { ...operation, compiled: () => null }
  OperationCache.prototype.add = function (...asked) {
    return uncompiled(add.apply(this, asked))
  }
  OperationCache.prototype.find = function (...asked) {
    return uncompiled(find.apply(this, asked))
  }
  try {
    return await work()
  } finally {
    Object.assign(OperationCache.prototype, { add, find })
  }
}
