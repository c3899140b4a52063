import { DomainError } from '../../kernel/errors.ts'

/** How many events may wait for their consumer. */
const maxWaiting = 100

/** Events were not taken as fast as they came. */
export class SubscriberTooSlow extends DomainError {
  constructor() {
    super(
      'SUBSCRIBER_TOO_SLOW',
      `More than ${maxWaiting} events waited to be taken. Subscribe again with the last eventId as \`after\`: nothing is lost.`,
    )
  }
}

/** The process stops: who watches has to go on elsewhere. */
export class Stopped extends DomainError {
  constructor() {
    super('UNAVAILABLE', 'The server is about to stop. Subscribe again, with the last eventId as `after`.')
  }
}

/** Keeps a bounded number of events for a consumer that takes them one at a time. */
export class Watcher<Event> {
  readonly #waiting: Event[] = []
  #end: { readonly error: Error | null } | null = null
  #notify: () => void = () => {}

  get isEnded(): boolean {
    return this.#end !== null
  }

  push(event: Event): void {
    if (this.#end !== null) return
    this.#waiting.push(event)
    if (this.#waiting.length > maxWaiting) this.end(new SubscriberTooSlow())
    else this.#notify()
  }

  /** Nothing comes any more. What waits is not taken any more either. @param error why, if there is a reason */
  end(error: Error | null): void {
    if (this.#end !== null) return
    this.#waiting.length = 0
    this.#end = { error }
    this.#notify()
  }

  /** The next event, when there is one; null at the end. @throws why it has ended, if there is a reason */
  async take(): Promise<Event | null> {
    for (;;) {
      const event = this.#waiting.shift()
      if (event !== undefined) return event
      if (this.#end !== null) {
        if (this.#end.error !== null) throw this.#end.error
        return null
      }
      await new Promise<void>((resolve) => (this.#notify = resolve))
    }
  }
}
