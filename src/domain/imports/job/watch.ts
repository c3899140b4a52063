import type { Change, ImportJob } from '../../../data/generated/client.ts'
import { cancellable } from '../../../kernel/cancellable.ts'
import type { Watch, WatchContext } from '../../changes/feed.ts'
import { getImportJob } from '../queries.ts'

export interface ImportProgress {
  readonly eventId: string
  readonly job: ImportJob
}

/**
 * Watches an import: delivers its progress at once and whenever there is more, until it has ended. A client that reconnects has missed nothing
 * that matters, so there is nothing to go on after. @throws NotFound
 */
export async function watchImport(context: WatchContext, id: string): Promise<Watch<ImportProgress>> {
  await getImportJob(context, id)
  const select = async (changes: readonly Change[], eventId: string): Promise<ImportProgress | null> =>
    changes.some(({ subjectId }) => subjectId === id) ? { eventId, job: await getImportJob(context, id) } : null
  const watch = await context.feed.watch(context.actor.organizationId, { key: `import ${id}`, select }, null)
  // Read after watching has started, so that no change is missed.
  const job = await getImportJob(context, id)
  return { ...watch, events: cancellable(untilEnded({ eventId: watch.eventId, job }, watch.events), () => void watch.events.return()) }
}

async function* untilEnded(
  first: ImportProgress,
  later: AsyncGenerator<ImportProgress, void, undefined>,
): AsyncGenerator<ImportProgress, void, undefined> {
  try {
    yield first
    for (let { job } = first; job.isOpen;) {
      const next = await later.next()
      if (next.done === true) return
      yield next.value
      ;({ job } = next.value)
    }
  } finally {
    await later.return()
  }
}
