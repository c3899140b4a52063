import type { Interruptible } from '../../src/kernel/in-slices.ts'

/** Runs an interruptible computation without a pause. */
export function uninterrupted<Result>(work: Interruptible<Result>): Result {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
  }
}
