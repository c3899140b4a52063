import { AsyncLocalStorage } from 'node:async_hooks'
import type { Listen } from '../../data/listen.ts'
import { changesChannel } from '../../data/sql/insert-changes.ts'
import type { ReadDb } from '../../data/database.ts'
import { covers, nothingKnown, type FeedPosition } from '../../data/feed-position.ts'
import { selectChanges } from '../../data/sql/find-changes.ts'
import { cancellable } from '../../kernel/cancellable.ts'
import type { Change } from '../../data/generated/client.ts'
import type { ReadContext } from '../context.ts'
import { changesAtOnce, OrganizationFeed, type ReadingServices, type Topic } from './organization-feed.ts'
import { decodeEventId, encodeEventId, EventIdExpired, keptSince } from './rules.ts'
import { Stopped, Watcher } from './watcher.ts'

export interface FeedServices extends ReadingServices {
  readonly listen: Listen
}

interface Cancellable {
  end(reason: Error): void
}

/** What watching needs. */
export interface WatchContext extends ReadContext {
  readonly feed: ChangeFeed
}

/** Changes that were read on from an event. */
export interface ChangesRead {
  readonly changes: readonly Change[]
  /** Stands for the last of them. */
  readonly eventId: string
  readonly hasMore: boolean
}

/** A subscription. */
export interface Watch<Event> {
  /** Stands for the time at which the subscription started. */
  readonly eventId: string
  /** What happens, as fast as it is taken. Returning from it ends the watch. */
  readonly events: AsyncGenerator<Event, void, undefined>
  /** Ends it for a reason, which the consumer of the events gets. */
  end(reason: Error): void
}

/**
 * Delivers changes to subscribers, in whichever process they happen. Reads an organization's changes while it has subscribers, when
 * the database says that there are some, once for all.
 */
export class ChangeFeed {
  readonly #services: FeedServices
  readonly #organizations = new Map<string, { readonly feed: OrganizationFeed; readonly watchers: Set<Cancellable> }>()
  // What is read for all subscribers belongs to no request.
  readonly #outside = AsyncLocalStorage.snapshot()
  #listening: { close(): Promise<void> } | null = null
  #closed = false

  constructor(services: FeedServices) {
    this.#services = services
  }

  /**
   * Watches a topic of an organization.
   * @param after the id of the last event that was received, to get later events first; null to begin now
   * @throws InvalidInput, EventIdExpired, Stopped
   */
  async watch<Event>(organizationId: string, topic: Topic<Event>, after: string | null): Promise<Watch<Event>> {
    const { db } = this.#services
    const known = after === null ? null : decodeEventId(after, this.#services)
    if (this.#closed) throw new Stopped()
    const watcher = new Watcher<Event>()
    const { feed, leave } = this.#join(organizationId, watcher)
    let detach: (() => void) | null = null
    const release = () => {
      detach?.()
      leave()
    }
    try {
      await feed.started
      const { seen } = await selectChanges(db, organizationId, feed.position, 0)
      // Of a database that has come further than this one: that of another server, or this one before it was restored.
      if (known !== null && known.next > seen.next) throw new EventIdExpired(after ?? '', this.#services.changesKeptDays)
      if (known === null) detach = feed.attach(topic, watcher, seen)
    } catch (error) {
      release()
      throw error
    }
    const services = this.#services
    const events = async function* (): AsyncGenerator<Event, void, undefined> {
      try {
        for (let position = known; position !== null && !watcher.isEnded;) {
          const found = await selectChanges(db, organizationId, position, changesAtOnce)
          position = found.position
          const event = found.changes.length === 0 ? null : await topic.select(found.changes, encodeEventId(position, services))
          const isLevel = covers(position, feed.position)
          if (isLevel) detach = feed.attach(topic, watcher, position)
          if (event !== null) yield event
          if (isLevel) break
        }
        for (let event = await watcher.take(); event !== null; event = await watcher.take()) yield event
      } finally {
        release()
      }
    }
    return {
      eventId: encodeEventId(known ?? feed.position, services),
      events: cancellable(events(), () => {
        watcher.end(null)
        release()
      }),
      end: (reason) => watcher.end(reason),
    }
  }

  /** The id of the present event: what is committed by now came before it. One statement. */
  async presentEventId(organizationId: string): Promise<string> {
    const { seen } = await selectChanges(this.#services.db, organizationId, nothingKnown, 0)
    return encodeEventId(seen, this.#services)
  }

  /** The position that an event id stands for. One statement. @throws InvalidInput, EventIdExpired */
  async positionOf(organizationId: string, eventId: string): Promise<FeedPosition> {
    await this.read(organizationId, eventId, 1)
    return decodeEventId(eventId, this.#services)
  }

  /** The changes of an organization after an event. One statement. @param limit 1 or more @throws InvalidInput, EventIdExpired */
  async read(organizationId: string, after: string, limit: number): Promise<ChangesRead> {
    const known = decodeEventId(after, this.#services)
    const { changes, position, hasMore, seen } = await selectChanges(this.#services.db, organizationId, known, limit)
    if (known.next > seen.next) throw new EventIdExpired(after, this.#services.changesKeptDays)
    return { changes, eventId: encodeEventId(position, this.#services), hasMore }
  }

  /** What the feed is read from: a replica may not have what the feed reports yet. */
  get db(): ReadDb {
    return this.#services.db
  }

  /** The time since which changes are kept. */
  get keptSince(): Date {
    return keptSince(this.#services)
  }

  /** How many are watching. */
  count(): number {
    return [...this.#organizations.values()].reduce((count, { watchers }) => count + watchers.size, 0)
  }

  /** Ends every subscription, so that clients reconnect elsewhere. */
  async close(): Promise<void> {
    this.#closed = true
    for (const { watchers } of this.#organizations.values()) for (const watcher of watchers) watcher.end(new Stopped())
    for (const { feed } of this.#organizations.values()) feed.stop()
    await this.#listening?.close()
  }

  #join(organizationId: string, watcher: Cancellable): { feed: OrganizationFeed; leave: () => void } {
    this.#listening ??= this.#outside(() => this.#services.listen(changesChannel, (organization) => this.#hear(organization)))
    const joined = this.#organizations.get(organizationId) ?? {
      feed: this.#outside(() => new OrganizationFeed(organizationId, this.#services)),
      watchers: new Set(),
    }
    this.#organizations.set(organizationId, joined)
    joined.watchers.add(watcher)
    return {
      feed: joined.feed,
      leave: () => {
        if (!joined.watchers.delete(watcher) || joined.watchers.size > 0) return
        joined.feed.stop()
        this.#organizations.delete(organizationId)
      },
    }
  }

  #hear(organization: string | null): void {
    if (organization !== null) this.#organizations.get(organization)?.feed.wake()
    else for (const { feed } of this.#organizations.values()) feed.wake()
  }
}
