import { TooManyReaders } from '../../kernel/faults.ts'

/** How long a reader waits for others to end, in milliseconds. */
const slotTimeout = 5000

interface Waiting {
  readonly owner: string
  readonly start: () => void
}

/**
 * How many readers may stream at once. A reader that is slow keeps a connection for as long as it reads: at most half of the connections
 * are for such readers, and at most half of these for one owner, so that neither other requests nor other owners wait for it.
 */
export class StreamSlots {
  readonly #most: number
  readonly #mostOfOne: number
  readonly #reading = new Map<string, number>()
  #waiting: Waiting[] = []

  /** @param connections of the pool that the readers use */
  constructor(connections: number) {
    this.#most = Math.max(1, Math.floor(connections / 2))
    this.#mostOfOne = Math.max(1, Math.ceil(this.#most / 2))
  }

  /** Waits for a slot. @returns gives it back @throws TooManyReaders after five seconds */
  async take(owner: string): Promise<() => void> {
    if (!this.#hasSlotFor(owner)) await this.#wait(owner)
    else this.#add(owner, 1)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.#add(owner, -1)
      this.#startNext()
    }
  }

  #wait(owner: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting)
        reject(new TooManyReaders())
      }, slotTimeout)
      const waiting: Waiting = {
        owner,
        start: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      this.#waiting.push(waiting)
    })
  }

  #startNext(): void {
    const next = this.#waiting.find(({ owner }) => this.#hasSlotFor(owner))
    if (next === undefined) return
    this.#waiting = this.#waiting.filter((other) => other !== next)
    this.#add(next.owner, 1)
    next.start()
  }

  #hasSlotFor(owner: string): boolean {
    const all = [...this.#reading.values()].reduce((sum, count) => sum + count, 0)
    return all < this.#most && (this.#reading.get(owner) ?? 0) < this.#mostOfOne
  }

  #add(owner: string, count: number): void {
    const now = (this.#reading.get(owner) ?? 0) + count
    if (now === 0) this.#reading.delete(owner)
    else this.#reading.set(owner, now)
  }
}
