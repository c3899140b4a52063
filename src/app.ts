import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { Database } from './data/open-database.ts'
import { ChangeFeed } from './domain/changes/feed.ts'
import type { Actor } from './domain/context.ts'
import { WebhookCounts } from './domain/webhooks/counts.ts'
import { createPoster, type Poster } from './domain/webhooks/post.ts'
import { createHttpApp } from './http/app.ts'
import { createNodeHandler, fetchFrom } from './http/node-handler.ts'
import type { ClusterWorker } from './http/metrics.ts'
import type { HttpSettings } from './http/settings.ts'
import type { SecretKeys } from './kernel/secret-keys.ts'
import type { Clock } from './kernel/time.ts'

export interface AppServices {
  readonly database: Database
  readonly now: Clock
  readonly log: Logger
  readonly settings: HttpSettings
  readonly secretKeys: SecretKeys
  /** The demo's key, to be shown on the pages; null where there is none to show. */
  readonly demoKey?: string | null
  /** Which of several processes that serve together this is; null where it is the only one. */
  readonly worker?: ClusterWorker | null
  /** Called with the caller of each request that carries a valid credential. */
  readonly onAuthenticated?: (actor: Actor) => void
}

export interface App {
  /** What sends events to webhook endpoints, and what it has sent. */
  readonly webhooks: { readonly poster: Poster; readonly counts: WebhookCounts }
  /** Answers a request, as the web platform has it. */
  fetch(request: Request): Promise<Response>
  /** Answers a request, as Node has it. */
  handle(request: IncomingMessage, response: ServerResponse): void
  /** Takes over a connection whose client wants to speak WebSocket. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void
  /** Reports from now on that the app is not ready, so that load balancers send requests elsewhere. Ends every subscription. */
  drain(): void
  /** Ends every subscription and accepts no new one. Clients reconnect to another process. */
  endSubscriptions(): void
  /** Closes the database. Requests must have ended. */
  close(): Promise<void>
}

/** Puts everything together. */
export function createApp({ database, now, log, settings, secretKeys, demoKey, worker, onAuthenticated = () => {} }: AppServices): App {
  let draining = false
  const onError = (error: unknown) => log.error({ err: error }, 'reading changes failed')
  const { changesKeptDays } = settings
  const feed = new ChangeFeed({ db: database.db, listen: database.listen, now, secretKeys, changesKeptDays, onError })
  const { webhooksAllowPrivate: allowPrivate } = settings
  const webhooks = { poster: createPoster({ allowPrivate }), counts: new WebhookCounts(), allowPrivate }
  const http = createHttpApp({
    db: database.db,
    now,
    log,
    settings,
    secretKeys,
    limiters: database.limiters,
    connections: () => database.connections(),
    feed,
    webhooks,
    replicas: database.replicas,
    demoKey: demoKey ?? null,
    worker: worker ?? null,
    onAuthenticated,
    isReady: async () => !draining && (await database.isReady()),
  })
  const endSubscriptions = () => {
    void feed.close()
    http.sockets.close()
  }
  return {
    webhooks,
    fetch: (request) => fetchFrom(http, request),
    handle: createNodeHandler(http, log),
    upgrade: (request, stream, head) => http.sockets.upgrade(request, stream, head),
    drain() {
      draining = true
      endSubscriptions()
    },
    endSubscriptions,
    async close() {
      endSubscriptions()
      await feed.close()
      webhooks.poster.close()
      await database.close()
    },
  }
}
