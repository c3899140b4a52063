import type { Change } from '../../data/generated/client.ts'
import type { Watch, WatchContext } from '../changes/feed.ts'
import { knownContact } from '../finding/watch.ts'
import { requireScope } from '../context.ts'

/** An entry of a timeline that is new, or of which something new is known. */
export interface TimelineEntryChange {
  readonly id: string
  readonly isNew: boolean
}

export interface TimelineAdded {
  readonly eventId: string
  readonly entries: readonly TimelineEntryChange[]
}

/** Watches what is recorded of a contact: messages, calls, tickets and events. @throws NotFound, InvalidInput, EventIdExpired */
export async function watchTimeline(context: WatchContext, given: string, after: string | null): Promise<Watch<TimelineAdded>> {
  requireScope(context, 'contacts:read')
  const contactId = await knownContact(context, given)
  const select = (changes: readonly Change[], eventId: string): TimelineAdded | null => {
    const changed = new Map<string, TimelineEntryChange>()
    for (const { contactId: id, subjectId, kind } of changes) {
      if (id !== contactId || subjectId === null || !kind.startsWith('activity.')) continue
      changed.set(subjectId, { id: subjectId, isNew: kind === 'activity.recorded' || changed.get(subjectId)?.isNew === true })
    }
    return changed.size === 0 ? null : { eventId, entries: [...changed.values()] }
  }
  return context.feed.watch(context.actor.organizationId, { key: `timeline ${contactId}`, select }, after)
}
