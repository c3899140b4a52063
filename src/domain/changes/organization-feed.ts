import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadDb } from '../../data/database.ts'
import type { Change } from '../../data/generated/client.ts'
import { covers, isKnown, type FeedPosition } from '../../data/feed-position.ts'
import { selectChanges } from '../../data/sql/find-changes.ts'
import type { SecretKeys } from '../../kernel/secret-keys.ts'
import type { Clock } from '../../kernel/time.ts'
import { encodeEventId } from './rules.ts'
import type { Watcher } from './watcher.ts'

/** What can be watched. */
export interface Topic<Event> {
  /** Topics with one key are the same: an event is made once, and given to all who watch it. */
  readonly key: string
  /** The event for subscribers; null if the changes are not about it. @param eventId stands for the last of the changes */
  select(changes: readonly Change[], eventId: string): Event | null | Promise<Event | null>
}

export interface ReadingServices {
  readonly db: ReadDb
  readonly now: Clock
  readonly secretKeys: SecretKeys
  /** How many days changes are kept. */
  readonly changesKeptDays: number
  readonly onError: (error: unknown) => void
}

/** How many changes are dealt out at a time, and how many contacts an event can be about. */
export const changesAtOnce = 200
/** The least time between two rounds, in milliseconds: what happens meanwhile is delivered together. */
const shortestRest = 20
/** How much longer it is for each subscriber: with many, delivery takes time, and fewer and larger events take less of it. */
const restPerWatcher = 0.1
/** How long nothing is read without a notification: one may have been lost while the connection was down. */
const longestRest = 5000
/** How many topics are worked on at once. */
const topicsAtOnce = 4

interface Watching {
  readonly watcher: Watcher<unknown>
  /** What it knows already, or did not ask for; null when that is no more than what all know. */
  known: FeedPosition | null
}

interface Watched {
  readonly topic: Topic<unknown>
  readonly watching: Set<Watching>
}

/** Reads the changes of one organization, once for all who watch there, and deals them out. */
export class OrganizationFeed {
  readonly #services: ReadingServices
  readonly #organizationId: string
  readonly #topics = new Map<string, Watched>()
  readonly #started: Promise<void>
  /** Everything up to here has been dealt out. */
  #position: FeedPosition = { next: 0n, underWay: new Set(), parts: new Map() }
  #watchers = 0
  #stopped = false
  #isWoken = false
  #wake: () => void = () => {}

  constructor(organizationId: string, services: ReadingServices) {
    this.#organizationId = organizationId
    this.#services = services
    this.#started = this.#start()
  }

  /** Ends when it is known from where on changes are read. */
  get started(): Promise<void> {
    return this.#started
  }

  get position(): FeedPosition {
    return this.#position
  }

  /** There may be something to read. */
  wake(): void {
    this.#isWoken = true
    this.#wake()
  }

  stop(): void {
    this.#stopped = true
    this.wake()
  }

  /** Delivers later changes to a watcher, and none that it has. @returns a function that ends that */
  attach<Event>(topic: Topic<Event>, watcher: Watcher<Event>, known: FeedPosition): () => void {
    const watching: Watching = { watcher, known }
    const watched: Watched = this.#topics.get(topic.key) ?? { topic, watching: new Set() }
    this.#topics.set(topic.key, watched)
    watched.watching.add(watching)
    this.#watchers += 1
    return () => {
      if (!watched.watching.delete(watching)) return
      this.#watchers -= 1
      if (watched.watching.size === 0) this.#topics.delete(topic.key)
    }
  }

  async #start(): Promise<void> {
    const { seen } = await selectChanges(this.#services.db, this.#organizationId, this.#position, 0)
    this.#position = seen
    void this.#keepReading()
  }

  async #keepReading(): Promise<void> {
    while (!this.#stopped) {
      await this.#sleepUntilWoken(longestRest)
      try {
        await this.#read()
        await sleep(Math.max(shortestRest, this.#watchers * restPerWatcher))
      } catch (error) {
        if (this.#stopped) return
        this.#services.onError(error)
        await sleep(1000)
        this.wake()
      }
    }
  }

  async #read(): Promise<void> {
    this.#isWoken = false
    const from = this.#position
    const { changes, position, hasMore } = await selectChanges(this.#services.db, this.#organizationId, from, changesAtOnce)
    // Later subscribers start after these.
    this.#position = position
    if (changes.length > 0) await this.#publish(changes, from, position)
    if (hasMore) this.wake()
  }

  async #publish(changes: readonly Change[], from: FeedPosition, position: FeedPosition): Promise<void> {
    const eventId = encodeEventId(position, this.#services)
    const watched = [...this.#topics.values()].map(({ topic, watching }) => ({ topic, watching: [...watching] }))
    const next = watched.values()
    const work = async () => {
      for (const { topic, watching } of next) await notify(topic, watching, { changes, from, eventId })
    }
    await Promise.all(Array.from({ length: topicsAtOnce }, work))
  }

  async #sleepUntilWoken(longest: number): Promise<void> {
    if (this.#isWoken) return
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      timer = setTimeout(resolve, longest)
      timer.unref()
    })
    clearTimeout(timer)
  }
}

interface Round {
  readonly changes: readonly Change[]
  readonly from: FeedPosition
  readonly eventId: string
}

/** Delivers to all subscribers of a topic. If that fails, their streams end with the reason: they reconnect, and miss nothing. */
async function notify(topic: Topic<unknown>, watching: readonly Watching[], { changes, from, eventId }: Round): Promise<void> {
  try {
    const shared = await topic.select(changes, eventId)
    for (const one of watching) {
      if (one.known !== null && covers(from, one.known)) one.known = null
      const news = one.known === null ? changes : unknownOf(changes, one.known)
      const event = news.length === changes.length ? shared : await topic.select(news, eventId)
      if (event !== null) one.watcher.push(event)
    }
  } catch (error) {
    for (const { watcher } of watching) watcher.end(error instanceof Error ? error : new Error(String(error)))
  }
}

function unknownOf(changes: readonly Change[], known: FeedPosition): Change[] {
  return changes.filter((change) => !isKnown(known, change))
}
