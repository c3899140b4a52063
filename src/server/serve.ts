import type { Server } from 'node:http'
import { type AppServices, createApp } from '../app.ts'
import { Closing } from './graceful-shutdown.ts'
import type { Config } from '../config.ts'
import { recordingKeyUses } from '../domain/api-keys/key-uses.ts'
import { createHttpServer } from '../http/http-server.ts'
import { presentContactsById } from '../http/rest/contact-presentation.ts'
import { startImportWorker } from './import-worker.ts'
import { startMaintenance } from './maintenance.ts'
import { startWebhookWorker } from './webhook-worker.ts'

export interface Serving {
  /** Ends in order: not ready any more, the requests under way answered, the database closed. */
  stop(): Promise<void>
  /** The same, where other processes go on to serve on the port: they take who comes, and the port is as ready as they are. */
  leaveToOthers(): Promise<void>
}

/** Serves on a port, and does the background work. */
export async function serve(
  { host, port, retention }: Pick<Config, 'host' | 'port' | 'retention'>,
  services: AppServices,
): Promise<Serving> {
  const { db } = services.database
  const { now, log } = services
  const keyUses = recordingKeyUses({ db, now, onError: (error) => log.error({ err: error }, 'recording the use of API keys failed') })
  const app = createApp({ ...services, onAuthenticated: keyUses.note })
  const server = createHttpServer(app)
  const closing = new Closing(server)
  await listen(server, port, host)
  const stopMaintenance = startMaintenance({ ...services, db, retention })
  const stopImports = startImportWorker({ ...services, db })
  const { listen: subscribe } = services.database
  const stopWebhooks = startWebhookWorker({ ...services, ...app.webhooks, db, listen: subscribe, presentContacts: presentContactsById })
  const end = async (close: () => Promise<void>): Promise<void> => {
    stopMaintenance()
    const workEnds = Promise.all([stopImports(), stopWebhooks()])
    await close()
    await workEnds
    await keyUses.stop()
    await app.close()
  }
  return {
    stop() {
      app.drain()
      return end(() => closing.close())
    },
    leaveToOthers() {
      const left = end(() => closing.leaveToOthers())
      app.endSubscriptions()
      return left
    },
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}
