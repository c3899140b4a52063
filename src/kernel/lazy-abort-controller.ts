/** What ends some work early. */
export interface Cancellation {
  readonly signal: AbortSignal
}

/**
 * An AbortController whose signal is made when it is first read: most requests are served without, and making one takes as long as a tenth of a small
 * query.
 */
export class LazyAbortController implements Cancellation {
  #controller: AbortController | null = null
  #isAborted = false

  abort(): void {
    this.#isAborted = true
    this.#controller?.abort()
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController()
      if (this.#isAborted) this.#controller.abort()
    }
    return this.#controller.signal
  }
}
