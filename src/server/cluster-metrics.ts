import type { Worker } from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'

/** How long the first process waits for the figures of a worker, in milliseconds. One that says nothing for so long is left out. */
const patience = 2000

/** A worker wants the figures of all. */
const wish = z.object({ figuresOfAll: z.string() })
/** It is given them. */
const fulfilment = z.object({ figuresOfAll: z.string(), texts: z.array(z.string()) })
/** The first process wants those of one worker, and is given them. */
const question = z.object({ figures: z.string() })
const answer = z.object({ figures: z.string(), text: z.string() })

/** The first process collects the figures of the workers for the one that was asked for them. */
export async function answerForAll(worker: Worker, message: unknown, workers: Iterable<Worker>): Promise<void> {
  const { success, data } = wish.safeParse(message)
  if (!success) return
  const texts = await Promise.all(Array.from(workers, figuresOf))
  if (worker.isConnected()) worker.send({ ...data, texts: texts.filter((text) => text !== null) } satisfies z.output<typeof fulfilment>)
}

function figuresOf(worker: Worker): Promise<string | null> {
  const figures = randomUUID()
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(null), patience)
    worker.on('message', listen)
    if (worker.isConnected()) worker.send({ figures } satisfies z.output<typeof question>)

    function listen(message: unknown): void {
      const { data } = answer.safeParse(message)
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
export function tellFigures(own: () => Promise<string>): () => Promise<string> {
  const waiting = new Map<string, (text: string) => void>()
  process.on('message', (message) => {
    const { data: all } = fulfilment.safeParse(message)
    const { data: one } = question.safeParse(message)
    if (all !== undefined) waiting.get(all.figuresOfAll)?.(mergeFigures(all.texts))
    if (all !== undefined) waiting.delete(all.figuresOfAll)
    if (one !== undefined) void own().then((text) => process.send?.({ ...one, text } satisfies z.output<typeof answer>))
  })
  return () =>
    new Promise((resolve) => {
      const figuresOfAll = randomUUID()
      waiting.set(figuresOfAll, resolve)
      process.send?.({ figuresOfAll } satisfies z.output<typeof wish>)
    })
}

/** One text of several: what each metric means stands there once, and the figures of all below it. */
export function mergeFigures(texts: readonly string[]): string {
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
