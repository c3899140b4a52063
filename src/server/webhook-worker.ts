import type { Logger } from 'pino'
import type { Listen } from '../data/listen.ts'
import { changesChannel } from '../data/sql/insert-changes.ts'
import type { EndpointKey } from '../data/sql/webhook-queue.ts'
import { workOnEndpoint } from '../domain/webhooks/deliver.ts'
import { findDueEndpoints, findEnabledEndpoints } from '../domain/webhooks/queue.ts'
import type { WebhookServices } from '../domain/webhooks/services.ts'

interface WorkerServices extends WebhookServices {
  readonly listen: Listen
  readonly log: Logger
}

/** Milliseconds between two looks for endpoints that are due, and the least time between two rounds after notifications. */
const pause = 1000
const shortestPause = 20
/** How many endpoints are worked on at once: a slow one holds up none of the others until so many are slow. */
const endpointsAtOnce = 16
/** How long an endpoint is left alone after an error of ours, in milliseconds. */
const pauseAfterError = 10_000

/** Sends events to webhook endpoints in the background. Several processes share the work. @returns stops it, when the requests under way are done */
export function startWebhookWorker({ listen, log, ...services }: WorkerServices): () => Promise<void> {
  const { db, now } = services
  const running = new Map<string, Promise<void>>()
  /** Organizations with endpoints, as far as this process has met them: of these it wants to know what happens. */
  const known = new Set<string>()
  const woken = new Set<string>()
  let listening: { close(): Promise<void> } | null = null
  const stopping = new AbortController()
  const sleepers = new Set<() => void>()
  const worker = keepWorking()
  return async () => {
    stopping.abort()
    wake()
    await worker
    await Promise.all(running.values())
    await listening?.close()
  }

  async function keepWorking(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted;) {
      try {
        for (const key of await findEndpoints()) start(key)
        failures = 0
      } catch (error) {
        failures += 1
        log.error({ err: error }, 'looking for webhook endpoints failed')
      }
      if (failures > 0) await restFor(Math.min(pause * 2 ** (failures - 1), pauseAfterError))
      else await sleep(woken.size > 0 ? shortestPause : pause)
    }
  }

  async function findEndpoints(): Promise<EndpointKey[]> {
    const free = endpointsAtOnce - running.size
    if (free <= 0) return []
    const changed = [...woken]
    woken.clear()
    const found = await Promise.all([findDueEndpoints(db, now(), free), ...changed.map((id) => findEnabledEndpoints(db, id))])
    for (const [index, id] of changed.entries()) if (found[index + 1]?.length === 0) known.delete(id)
    return found.flat()
  }

  function start(key: EndpointKey): void {
    const name = `${key.organizationId} ${key.id}`
    if (running.has(name) || stopping.signal.aborted) return
    // What does not find a place now is due: the next round finds it.
    if (running.size >= endpointsAtOnce) return
    follow(key.organizationId)
    running.set(
      name,
      work(key).finally(() => running.delete(name)),
    )
  }

  async function work(key: EndpointKey): Promise<void> {
    try {
      while (!stopping.signal.aborted && (await workOnEndpoint(services, key))?.hasMore === true);
    } catch (error) {
      log.error({ err: error, webhook_endpoint: key.id }, 'sending to a webhook endpoint failed')
      await restFor(pauseAfterError)
    }
  }

  /** A pause that notifications do not end. */
  async function restFor(milliseconds: number): Promise<void> {
    for (const end = Date.now() + milliseconds; !stopping.signal.aborted && Date.now() < end;) await sleep(end - Date.now())
  }

  function follow(organizationId: string): void {
    known.add(organizationId)
    listening ??= listen(changesChannel, (organization) => {
      if (organization === null) for (const id of known) woken.add(id)
      else if (known.has(organization)) woken.add(organization)
      if (woken.size > 0) wake()
    })
  }

  /** Ends every pause. */
  function wake(): void {
    for (const end of sleepers) end()
  }

  function sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(end, milliseconds)
      sleepers.add(end)
      function end(): void {
        clearTimeout(timer)
        sleepers.delete(end)
        resolve()
      }
    })
  }
}
