import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Logger } from 'pino'
import type { Database } from './data/database.ts'
import { ChangeFeed } from './domain/changes/feed.ts'
import { createFrontDoor } from './http/front-door.ts'
import type { HttpSettings } from './http/settings.ts'
import type { Clock } from './kernel/time.ts'

export interface AppServices {
  readonly database: Database
  readonly now: Clock
  readonly log: Logger
  readonly settings: HttpSettings
  /** The demo's key, to be shown on the pages; null where there is none to show. */
  readonly demoKey?: string | null
}

export interface App {
  /** Answers a request, as the web platform has it. */
  fetch(request: Request): Promise<Response>
  /** Answers a request, as Node has it. */
  handle(request: IncomingMessage, response: ServerResponse): void
  /** Says from now on that the app is not ready: whoever distributes requests sends them elsewhere. Ends every subscription. */
  drain(): void
  /** Closes the database. Requests must have ended. */
  close(): Promise<void>
}

/** Puts everything together. */
export function createApp({ database, now, log, settings, demoKey }: AppServices): App {
  let draining = false
  const onError = (error: unknown) => log.error({ err: error }, 'reading changes failed')
  // Ahead of everything that answers: it puts a lighter Response in place of Node's.
  const listener = getRequestListener(async (request) => fetch(request))
  const feed = new ChangeFeed({ db: database.db, listen: database.listen, now, onError })
  const door = createFrontDoor({
    db: database.db,
    now,
    log,
    settings,
    limiters: database.limiters,
    connections: () => database.connections(),
    feed,
    replicas: database.replicas,
    demoKey: demoKey ?? null,
    isReady: async () => !draining && (await database.isReady()),
  })
  const fetch = async (request: Request): Promise<Response> => door.fetch(request)
  return {
    fetch,
    handle: (request, response) => void listener(request, response),
    drain() {
      draining = true
      void feed.close()
    },
    async close() {
      await feed.close()
      await database.close()
    },
  }
}
