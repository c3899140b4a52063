/** What work looks at to end early. */
export interface Stoppable {
  readonly signal: AbortSignal
}

/**
 * An AbortController whose signal is made when it is first looked at: most requests are served without, and making one takes as long as a tenth of
 * a small query.
 */
export class Stop implements Stoppable {
  #controller: AbortController | null = null
  #isStopped = false

  stop(): void {
    this.#isStopped = true
    this.#controller?.abort()
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController()
      if (this.#isStopped) this.#controller.abort()
    }
    return this.#controller.signal
  }
}
