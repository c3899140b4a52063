import type { Worker } from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'

/** How long the first process waits for the figures of a worker, in milliseconds. One that says nothing for so long is left out. */
const longestWait = 2000

/** A worker wants the figures of all. */
const clusterRequest = z.object({ clusterMetrics: z.string() })
/** It is given them. */
const clusterAnswer = z.object({ clusterMetrics: z.string(), texts: z.array(z.string()) })
/** The first process wants those of one worker, and is given them. */
const workerRequest = z.object({ figures: z.string() })
const workerAnswer = z.object({ figures: z.string(), text: z.string() })

/** The first process collects the figures of the workers for the one that was asked for them. */
export async function answerClusterRequest(worker: Worker, message: unknown, workers: Iterable<Worker>): Promise<void> {
  const { success, data } = clusterRequest.safeParse(message)
  if (!success) return
  const texts = await Promise.all(Array.from(workers, metricsOf))
  if (worker.isConnected()) worker.send({ ...data, texts: texts.filter((text) => text !== null) } satisfies z.output<typeof clusterAnswer>)
}

function metricsOf(worker: Worker): Promise<string | null> {
  const figures = randomUUID()
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(null), longestWait)
    worker.on('message', listen)
    if (worker.isConnected()) worker.send({ figures } satisfies z.output<typeof workerRequest>)

    function listen(message: unknown): void {
      const { data } = workerAnswer.safeParse(message)
      if (data?.figures === figures) finish(data.text)
    }

    function finish(text: string | null): void {
      clearTimeout(timer)
      worker.off('message', listen)
      resolve(text)
    }
  })
}

/** The part of a worker: sends its own metrics on request. @returns asks for those of all, in Prometheus' text format */
export function shareMetrics(own: () => Promise<string>): () => Promise<string> {
  const waiting = new Map<string, (text: string) => void>()
  process.on('message', (message) => {
    const { data: all } = clusterAnswer.safeParse(message)
    const { data: one } = workerRequest.safeParse(message)
    if (all !== undefined) waiting.get(all.clusterMetrics)?.(mergeMetrics(all.texts))
    if (all !== undefined) waiting.delete(all.clusterMetrics)
    if (one !== undefined) void own().then((text) => process.send?.({ ...one, text } satisfies z.output<typeof workerAnswer>))
  })
  return () =>
    new Promise((resolve) => {
      const clusterMetrics = randomUUID()
      waiting.set(clusterMetrics, resolve)
      process.send?.({ clusterMetrics } satisfies z.output<typeof clusterRequest>)
    })
}

/** One text of several: what each metric means stands there once, and the figures of all below it. */
export function mergeMetrics(texts: readonly string[]): string {
  const metrics = new Map<string, string[]>()
  for (const block of texts.flatMap((text) => text.trimEnd().split('\n\n'))) {
    const lines = block.split('\n')
    const meaning = lines.filter((line) => line.startsWith('#')).join('\n')
    const figures = metrics.get(meaning) ?? []
    metrics.set(meaning, figures)
    figures.push(...lines.filter((line) => !line.startsWith('#')))
  }
  return `${Array.from(metrics, ([meaning, figures]) => [meaning, ...figures].join('\n')).join('\n\n')}\n`
}
