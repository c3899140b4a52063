/** How long other work waits for one slice, in milliseconds. */
const slice = 5

/** A computation that may be interrupted wherever it yields. */
export type Interruptible<Result> = Generator<void, Result, void>

/** Runs a long computation in slices of a few milliseconds: requests are served in between. */
export async function inSlices<Result>(work: Interruptible<Result>): Promise<Result> {
  let began = performance.now()
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
    if (performance.now() - began < slice) continue
    await new Promise((resolve) => setImmediate(resolve))
    began = performance.now()
  }
}
