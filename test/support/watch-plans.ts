import { Plans } from '../../src/http/graphql/compiler/operation-plan.ts'

/** Counts how often those who answer every operation ask how it is read as a whole: for what is answered on the fast path they do not. */
export function watchPlans() {
  let asked = 0
  // oxlint-disable-next-line typescript/unbound-method -- it is given its object back
  const planOf = Plans.prototype.of
  Plans.prototype.of = function (...operation) {
    asked += 1
    return planOf.apply(this, operation)
  }
  return {
    asked: () => asked,
    forget() {
      asked = 0
    },
    stop() {
      Plans.prototype.of = planOf
    },
  }
}
