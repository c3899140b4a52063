import { OperationCache } from '../../src/http/graphql/execution/operation-cache.ts'

/** Counts the operations that Yoga executes. Those that the Node handler serves are found in the cache, and not added to it. */
export function watchYoga() {
  let executed = 0
  // oxlint-disable-next-line typescript/unbound-method -- it is called on its object
  const { add } = OperationCache.prototype
  OperationCache.prototype.add = function (...operation) {
    executed += 1
    return add.apply(this, operation)
  }
  return {
    executed: () => executed,
    forget() {
      executed = 0
    },
    stop() {
      OperationCache.prototype.add = add
    },
  }
}
