import cluster, { type Worker } from 'node:cluster'
import type { Logger } from 'pino'
import { AggregatorRegistry } from 'prom-client'

/** How long a worker that has died is mourned: twice as long each time, unless it has lived for a while. */
const shortestPause = 500
const longestPause = 30_000
/** After how long a worker counts as one that can live. */
const longLife = 60_000

type Figures = Pick<AggregatorRegistry<never>, 'clusterMetrics'>

/** What a worker asks, and what it is answered. */
interface MetricsMessage {
  readonly metrics: { readonly id: number; readonly text?: string }
}

/**
 * Starts processes that serve on one port, and another for each that dies. SIGTERM and SIGINT stop them all in order; SIGHUP replaces each
 * by a new one, which serves before the old one stops.
 * @returns when all of them serve
 */
export async function startWorkers(count: number, log: Logger): Promise<void> {
  const retiring = new Set<Worker>()
  const figures = new AggregatorRegistry()
  let isStopping = false
  let deaths = 0

  const start = async (): Promise<void> => {
    const worker = cluster.fork()
    const born = Date.now()
    worker.on('message', (message: unknown) => void answer(worker, message, figures))
    const serves = new Promise<boolean>((resolve) => {
      worker.once('listening', () => resolve(true))
      worker.once('exit', () => resolve(false))
    })
    const isServing = await serves
    if (!isServing) return mourn(worker, born)
    worker.once('exit', () => void mourn(worker, born))
  }
  const mourn = async (worker: Worker, born: number): Promise<void> => {
    if (isStopping || retiring.delete(worker)) return
    deaths = Date.now() - born > longLife ? 0 : deaths + 1
    const pause = Math.min(longestPause, shortestPause * 2 ** deaths)
    log.error({ worker: worker.process.pid, code: worker.process.exitCode, signal: worker.process.signalCode, ms: pause }, 'a worker died')
    await new Promise((resolve) => setTimeout(resolve, pause))
    if (!isStopping) await start()
  }
  const replace = async (): Promise<void> => {
    for (const worker of living()) {
      await start()
      if (isStopping) return
      retiring.add(worker)
      await end(worker)
      log.info({ worker: worker.process.pid }, 'a worker was replaced')
    }
  }
  const stop = async (): Promise<void> => {
    if (isStopping) {
      for (const worker of living()) worker.process.kill('SIGKILL')
      process.exit(1)
    }
    isStopping = true
    // One may just be starting.
    while (living().length > 0) await Promise.all(living().map(end))
    process.exit(0)
  }

  // Those that cannot serve say themselves why; if it is all of the first ones, it is for whoever started them to mend.
  cluster.on('exit', giveUpWithoutAny)
  await Promise.all(Array.from({ length: count }, start))
  cluster.off('exit', giveUpWithoutAny)
  let replacing = Promise.resolve()
  process.on('SIGHUP', () => {
    replacing = replacing.then(replace)
  })
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

function giveUpWithoutAny(): void {
  if (living().length === 0) process.exit(1)
}

function living(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker?.isDead() === false)
}

/**
 * Lets a worker answer what it has been asked, and end. First it is given no more connections: one that is on its way to a worker that
 * ends is nobody's, and whoever opened it waits for ever.
 */
function end(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    if (worker.isDead()) return resolve()
    worker.once('exit', () => resolve())
    worker.disconnect()
    worker.process.kill('SIGTERM')
  })
}

async function answer(worker: Worker, message: unknown, figures: Figures): Promise<void> {
  if (!isMetricsMessage(message)) return
  const text = await figures.clusterMetrics().catch(() => '')
  if (worker.isConnected()) worker.send({ metrics: { id: message.metrics.id, text } } satisfies MetricsMessage)
}

function isMetricsMessage(message: unknown): message is MetricsMessage {
  return typeof message === 'object' && message !== null && 'metrics' in message
}

/** Asks for the figures of all workers together, as one of them. */
export function createMetricsOfAll(): () => Promise<string> {
  let asked = 0
  const waiting = new Map<number, (text: string) => void>()
  // Answers when it is asked for the figures of this one.
  const own = new AggregatorRegistry()
  process.on('message', (message: unknown) => {
    if (!isMetricsMessage(message)) return
    waiting.get(message.metrics.id)?.(message.metrics.text ?? '')
    waiting.delete(message.metrics.id)
  })
  return () =>
    new Promise((resolve) => {
      asked += 1
      waiting.set(asked, resolve)
      if (process.send === undefined) void own.metrics().then(resolve)
      else process.send({ metrics: { id: asked } } satisfies MetricsMessage)
    })
}
