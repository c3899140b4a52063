import type { Actor } from '../../../domain/context.ts'
import { InsufficientPermissions } from '../../../domain/context.ts'
import { DomainError } from '../../../kernel/errors.ts'
import { cancellable } from '../../../kernel/cancellable.ts'
import { meanings } from '../../error-catalog.ts'
import type { SubscriptionSettings } from '../../settings.ts'

/** The credential has as many subscriptions open as it may. */
class TooManySubscriptions extends DomainError {
  constructor(limit: number) {
    super(
      'RATE_LIMITED',
      `This credential has ${limit.toLocaleString('en')} subscriptions open, which is as many as it may. End some, or watch several contacts with one.`,
      { limit },
    )
  }
}

/** Who has come with which credential. */
export interface Caller {
  readonly actor: Actor
  /** The credential itself, or what it is known by. */
  readonly credential: string
  /** Finds out again who the credential stands for. */
  identify(): Promise<Actor>
}

/** A subscription to the domain. */
export interface Watched<Event> {
  readonly events: AsyncGenerator<Event, void, undefined>
  end(reason: Error): void
}

/** One of the subscriptions that a credential may have open. */
interface Slot {
  end: (reason: Error) => void
}

interface Account {
  readonly caller: Caller
  readonly open: Set<Slot>
}

/** Knows who watches what, and asks again and again whether they still may. */
export class Subscribers {
  readonly #settings: SubscriptionSettings
  readonly #accounts = new Map<string, Account>()
  #timer: NodeJS.Timeout | null = null
  #checking = false

  constructor(settings: SubscriptionSettings) {
    this.#settings = settings
  }

  /** How many subscriptions are open. */
  count(): number {
    return [...this.#accounts.values()].reduce((count, { open }) => count + open.size, 0)
  }

  /**
   * Lets a caller watch something for as long as its credential is good. @throws RATE_LIMITED if it has too many open
   * @param begin begins to watch
   */
  async open<Event>(caller: Caller, begin: () => Promise<Watched<Event>>): Promise<AsyncGenerator<Event, void, undefined>> {
    const slot: Slot = { end: () => {} }
    this.#take(caller, slot)
    const release = () => this.#remove(caller.credential, slot)
    try {
      const watch = await begin()
      slot.end = (reason) => watch.end(reason)
      return cancellable(untilReleased(watch.events, release), () => {
        release()
        void watch.events.return()
      })
    } catch (error) {
      release()
      throw error
    }
  }

  #take(caller: Caller, slot: Slot): void {
    const { perCredential } = this.#settings
    const account = this.#accounts.get(caller.credential) ?? { caller, open: new Set() }
    if (account.open.size >= perCredential) throw new TooManySubscriptions(perCredential)
    this.#accounts.set(caller.credential, account)
    account.open.add(slot)
    this.#timer ??= setInterval(() => void this.#check(), this.#settings.recheckEvery).unref()
  }

  #remove(credential: string, slot: Slot): void {
    const account = this.#accounts.get(credential)
    if (account?.open.delete(slot) !== true || account.open.size > 0) return
    this.#accounts.delete(credential)
    if (this.#accounts.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  /** One question for each credential, one after the other. */
  async #check(): Promise<void> {
    if (this.#checking) return
    this.#checking = true
    try {
      for (const { caller, open } of this.#accounts.values()) {
        const reason = await reasonToEnd(caller)
        if (reason !== null) for (const slot of open) slot.end(reason)
      }
    } finally {
      this.#checking = false
    }
  }
}

/** Why a credential is not good for what it was good for; null if it is, or if that cannot be checked now. */
async function reasonToEnd(caller: Caller): Promise<DomainError | null> {
  try {
    const { actor } = caller
    const { organizationId, scopes } = await caller.identify()
    const lost = actor.scopes.find((scope) => !scopes.includes(scope) || organizationId !== actor.organizationId)
    return lost === undefined ? null : new InsufficientPermissions({ ...actor, scopes }, lost)
  } catch (error) {
    return error instanceof DomainError && meanings[error.code].status === 401 ? error : null
  }
}

async function* untilReleased<Event>(
  events: AsyncGenerator<Event, void, undefined>,
  release: () => void,
): AsyncGenerator<Event, void, undefined> {
  try {
    yield* events
  } finally {
    release()
  }
}
