import type { Change } from '../../data/generated/client.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import type { WatchContext } from '../changes/feed.ts'
import { type ContactChangeKind, contactChangeKinds } from '../changes/rules.ts'
import { requireScope } from '../context.ts'
import { filterChanges, type FilteredChange, perContact } from './filter-changes.ts'
import { type ContactFilter, resolveFilter } from './filter.ts'

/** Which changes are wanted. */
export interface ChangesRequest {
  readonly filter?: ContactFilter | null | undefined
  /** Default: every kind. */
  readonly kinds?: readonly ContactChangeKind[] | null | undefined
  /** The id of an event; null: none is read, and the present event is answered. */
  readonly after?: string | null | undefined
  /** How many contacts at most, 1 to 1,000. Default: 100. */
  readonly first?: number | null | undefined
}

export interface ContactChanges {
  /** One for each contact. */
  readonly changes: readonly FilteredChange[]
  /** To read on from. */
  readonly eventId: string
  readonly hasMore: boolean
  /** Events before this time cannot be read on from. */
  readonly keptSince: Date
}

const maxChanges = 1000
export const defaultChanges = 100
/** How many statements look for changes that are wanted among those that are not, before the reader is sent on. */
const maxReads = 10

/**
 * What happened to the contacts that match a filter since an event, folded to one change for each contact. Event ids are those of subscriptions.
 * A reader that calls again with the last `eventId` misses nothing; it may meet a change twice where it read the contacts themselves meanwhile.
 * @throws InvalidInput, EventIdExpired
 */
export async function findContactChanges(context: WatchContext, request: ChangesRequest): Promise<ContactChanges> {
  requireScope(context, 'contacts:read')
  const { feed, actor } = context
  const { organizationId } = actor
  const first = parseFirst(request.first)
  const match = await resolveFilter(context, request.filter ?? {})
  const after = request.after ?? null
  if (after === null) return { changes: [], eventId: await feed.presentEventId(organizationId), hasMore: false, keptSince: feed.keptSince }
  const wanted = new Set<string>(request.kinds ?? contactChangeKinds)
  const found: Change[] = []
  let [eventId, hasMore] = [after, true]
  for (let reads = 0, room = first; hasMore && room > 0 && reads < maxReads; reads += 1) {
    const read = await feed.read(organizationId, eventId, room)
    eventId = read.eventId
    hasMore = read.hasMore
    found.push(...read.changes.filter(({ kind, contactId }) => contactId !== null && wanted.has(kind)))
    room = first - new Set(found.map(({ contactId }) => contactId)).size
  }
  return { changes: await filterChanges(feed.db, organizationId, match, perContact(found)), eventId, hasMore, keptSince: feed.keptSince }
}

function parseFirst(first: number | null | undefined): number {
  if (first === null || first === undefined) return defaultChanges
  if (Number.isInteger(first) && first >= 1 && first <= maxChanges) return first
  throw new InvalidInput(`A page has 1 to ${maxChanges.toLocaleString('en')} changes.`, {
    field: 'first',
    value: first,
    expected: `an integer from 1 to ${maxChanges.toLocaleString('en')}`,
  })
}
