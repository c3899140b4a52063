import { expect, test } from 'vitest'
import { inSlices, type Interruptible } from '../../src/kernel/in-slices.ts'
import { uninterrupted } from '../support/uninterrupted.ts'

/** Counts to a number, and takes a few milliseconds for each. */
function* counting(to: number): Interruptible<number> {
  let count = 0
  for (; count < to; count += 1) {
    for (const end = performance.now() + 3; performance.now() < end;);
    yield
  }
  return count
}

test('a long computation lets other work in between, and gives the same result as at once', async () => {
  let others = 0
  const other = () => {
    others += 1
    waiting = setImmediate(other)
  }
  let waiting = setImmediate(other)
  const result = await inSlices(counting(20))
  clearImmediate(waiting)
  expect(result).toBe(20)
  expect(others).toBeGreaterThanOrEqual(5)
  expect(uninterrupted(counting(3))).toBe(3)
})

test('what a computation throws arrives', async () => {
  const failing = function* (): Interruptible<never> {
    yield
    throw new Error('No luck.')
  }
  await expect(inSlices(failing())).rejects.toThrow('No luck.')
})
