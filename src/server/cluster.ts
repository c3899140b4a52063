import cluster, { type Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { answerClusterRequest } from './cluster-metrics.ts'

/** How long nothing is started in place of a worker that has died, in milliseconds; twice as long with each that dies soon. */
const shortestPause = 500
const longestPause = 30_000
/** After how long a worker counts as one that can live. */
const longLife = 30_000
/** After how many early exits, with no worker serving, the primary process gives up. */
const maxEarlyExits = 5

/** How long a worker may take to end, in milliseconds. It gives what is under way 30 seconds. */
const longestEnd = 45_000

/** The message to a worker that has been replaced: other workers accept new connections. */
const retire = 'retire'

/**
 * Starts processes that serve on one port, and another for each that dies. SIGTERM and SIGINT stop them all in order; SIGHUP replaces each
 * by a new one, which serves before the old one ends.
 *
 * They accept connections themselves, from one socket. Where the first process accepts and passes connections on, as Node does of itself, one
 * that is on its way to a worker that ends is lost, and its client waits for ever.
 * @returns when they serve
 */
export async function startWorkers(count: number, log: Logger): Promise<void> {
  cluster.schedulingPolicy = cluster.SCHED_NONE
  const workers = new Workers(log)
  await workers.start(count)
  let replacing = Promise.resolve()
  process.on('SIGHUP', () => {
    replacing = replacing.then(() => workers.replace())
  })
}

class Workers {
  readonly #log: Logger
  /** Who serves, by number: one that takes the place of another has its number. */
  readonly #serving = new Map<number, Worker>()
  readonly #retired = new Set<Worker>()
  #isStopping = false
  #earlyExits = 0

  constructor(log: Logger) {
    this.#log = log
    process.on('SIGTERM', () => void this.#stop())
    process.on('SIGINT', () => void this.#stop())
  }

  /** Those that cannot serve say themselves why; if all of the first ones fail, the operator has to correct the cause. */
  async start(count: number): Promise<void> {
    const numbers = Array.from({ length: count }, (_, index) => index + 1)
    const first = await Promise.all(numbers.map(async (number) => ({ number, isServing: await this.#fork(number) })))
    if (this.#serving.size === 0 && !this.#isStopping) process.exit(1)
    for (const { number, isServing } of first) if (!isServing) void this.#startAgain(number)
  }

  /** Replaces each by a new one. Where the new one cannot serve, the old ones stay. */
  async replace(): Promise<void> {
    for (const [number, old] of new Map(this.#serving)) {
      if (this.#isStopping) return
      this.#retired.add(old)
      if (!(await this.#fork(number))) {
        this.#retired.delete(old)
        this.#log.error('a new worker cannot serve: the others are not replaced')
        // It may have died meanwhile, when another worker was to replace it.
        if (old.isDead()) void this.#startAgain(number)
        return
      }
      await end(old, () => old.send(retire))
      this.#log.info({ worker: number }, 'a worker was replaced')
    }
  }

  /** Starts a worker. @returns whether it serves, when that is known */
  async #fork(number: number): Promise<boolean> {
    const worker = cluster.fork({ WORKER_NUMBER: String(number) })
    const born = performance.now()
    worker.on('message', (message: unknown) => void answerClusterRequest(worker, message, this.#serving.values()))
    return new Promise((resolve) => {
      worker.once('listening', () => {
        this.#serving.set(number, worker)
        worker.once('exit', () => this.#mourn(number, worker, born))
        resolve(true)
      })
      worker.once('exit', () => resolve(false))
    })
  }

  #mourn(number: number, worker: Worker, born: number): void {
    if (this.#serving.get(number) === worker) this.#serving.delete(number)
    if (this.#retired.delete(worker) || this.#isStopping) return
    if (performance.now() - born > longLife) this.#earlyExits = 0
    const { exitCode: code, signalCode: signal } = worker.process
    this.#log.error({ worker: number, code, signal }, 'a worker died')
    void this.#startAgain(number)
  }

  async #startAgain(number: number): Promise<void> {
    for (;;) {
      this.#earlyExits += 1
      if (this.#earlyExits >= maxEarlyExits && this.#serving.size === 0) {
        this.#log.fatal('no worker can serve')
        process.exit(1)
      }
      await sleep(Math.min(longestPause, shortestPause * 2 ** (this.#earlyExits - 1)))
      if (this.#isStopping || (await this.#fork(number))) return
    }
  }

  async #stop(): Promise<void> {
    if (this.#isStopping) {
      for (const worker of living()) worker.process.kill('SIGKILL')
      process.exit(1)
    }
    this.#isStopping = true
    // One may just be starting.
    while (living().length > 0) await Promise.all(living().map((worker) => end(worker, () => worker.process.kill('SIGTERM'))))
    process.exit(0)
  }
}

function living(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker?.isDead() === false)
}

/** Asks a worker to end, and kills it if it does not. */
function end(worker: Worker, requestEnd: () => void): Promise<void> {
  return new Promise((resolve) => {
    if (worker.isDead()) return resolve()
    const killTimer = setTimeout(() => worker.process.kill('SIGKILL'), longestEnd)
    worker.once('exit', () => {
      clearTimeout(killTimer)
      resolve()
    })
    requestEnd()
  })
}

/** Does something when this process, a worker, has been replaced by another. */
export function onRetirement(act: () => void): void {
  process.on('message', (message) => {
    if (message === retire) act()
  })
}

/** Which one a worker is, by the environment that it was started in. */
export function workerNumber(env: Readonly<Record<string, string | undefined>>): string {
  return env['WORKER_NUMBER'] ?? ''
}
