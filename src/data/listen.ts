import pg from 'pg'
import { borrow, keepAliveDelay } from './driver/pool.ts'

/** Receives the payload of a notification; null when some may have been missed. */
export type OnPayload = (payload: string | null) => void

/** Listens on a channel of the database until it is closed. */
export type Listen = (channel: string, onPayload: OnPayload) => { close(): Promise<void> }

/** How long it waits before it connects again. */
const pause = 500

/** Listens through a connection of its own, which comes back by itself. Notifications are lost while it is down. */
export function listeningOnServer(config: pg.ClientConfig): Listen {
  return (channel, onPayload) => {
    const stop = new AbortController()
    const stopped = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()))
    const listening = keepListening()
    return {
      close() {
        stop.abort()
        return listening
      },
    }

    async function keepListening(): Promise<void> {
      while (!stop.signal.aborted) {
        const client = new pg.Client({
          ...config,
          keepAlive: true,
          keepAliveInitialDelayMillis: keepAliveDelay,
          connectionTimeoutMillis: 5000,
        })
        await listenThrough(client).catch(() => {})
        await client.end().catch(() => {})
        await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, pause).unref())])
      }
    }

    /** Ends when the connection does. */
    async function listenThrough(client: pg.Client): Promise<void> {
      const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
      // A connection that breaks says so, and then ends.
      client.on('error', () => {})
      client.on('notification', ({ payload }) => onPayload(payload ?? null))
      await client.connect()
      await client.query(`listen ${pg.escapeIdentifier(channel)}`)
      onPayload(null)
      await Promise.race([stopped, ended])
    }
  }
}

/** Listens through the one connection that there is: it hears what it says itself, when the transaction has been committed. */
export function listeningOnEmbedded(pool: pg.Pool): Listen {
  return (channel, onPayload) => {
    let client: pg.PoolClient | null = null
    const onNotification = ({ payload }: pg.Notification): void => onPayload(payload ?? null)
    const listening = listen().catch(() => {})
    return {
      async close() {
        await listening
        client?.off('notification', onNotification)
      },
    }

    async function listen(): Promise<void> {
      const borrowed = await borrow(pool)
      client = borrowed.client
      client.on('notification', onNotification)
      await client.query(`listen ${pg.escapeIdentifier(channel)}`)
      borrowed.giveBack({ isBroken: false })
      onPayload(null)
    }
  }
}
