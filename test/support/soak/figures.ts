/** What a soak has counted so far. */
export class Figures {
  /** How long each answered request took, in milliseconds, without the attempts before it. */
  readonly #times: number[] = []
  readonly retries = new Map<string, number>()
  readonly statuses = new Map<number, number>()
  /** Everything that must not happen, each as a sentence. */
  readonly faults: string[] = []

  answered(milliseconds: number, status: number): void {
    this.#times.push(milliseconds)
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
  }

  /** When a client last got no answer, or Retry-After. */
  lastRetry = 0

  retried(why: string): void {
    this.lastRetry = performance.now()
    this.retries.set(why, (this.retries.get(why) ?? 0) + 1)
  }

  broken(what: string): void {
    this.faults.push(what.slice(0, 600))
  }

  get requests(): number {
    return this.#times.length
  }

  /** The time that this share of the requests stayed under. */
  percentile(share: number): number {
    const sorted = this.#times.toSorted((one, other) => one - other)
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  }
}
