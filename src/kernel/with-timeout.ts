import { StatementTimeout } from './faults.ts'

/** Runs some work, and waits for it no longer than this: it is aborted then. @throws StatementTimeout */
export function withTimeout<Result>(
  milliseconds: number,
  controller: Pick<AbortController, 'abort'>,
  work: () => Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new StatementTimeout())
      controller.abort()
    }, milliseconds)
    work()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })
}
