import { selectTimeline, timelineRelation, timelineShape } from '../../data/sql/find-timeline.ts'
import type { Relation } from '../../data/sql/relations.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { type List, type Page, type PageRequest, pageOf, type Position } from '../../kernel/page.ts'
import { type Activity, type ActivityKind, activityKinds } from '../activities/describe.ts'
import { getContact } from '../contacts/queries.ts'
import { type ReadContext, requireScope } from '../context.ts'

/** Which entries are wanted. Silence and null ask for nothing. */
export interface TimelineFilter {
  /** Any of these kinds. */
  readonly kinds?: readonly ActivityKind[] | null | undefined
  /** At or after this time. */
  readonly from?: Date | null | undefined
  /** Before this time. */
  readonly to?: Date | null | undefined
}

/** The list that a page of one contact's timeline belongs to. A cursor is a position in time: it is valid for every filter. */
export function timelineList(contactId: string): List {
  return { name: `timeline:${contactId}`, key: 'time' }
}

export function timelinePosition(activity: Pick<Activity, 'occurredAt' | 'id'>): Position {
  return { key: activity.occurredAt, id: activity.id }
}

/** A page of everything that happened with a contact: the four kinds merged, newest first. @throws NotFound, InvalidInput */
export async function findTimeline(
  context: ReadContext,
  contactId: string,
  filter: TimelineFilter,
  page: PageRequest,
): Promise<Page<Activity>> {
  await getContact(context, contactId)
  const pages = await timelineByContact(context, [contactId], filter, page)
  return pages.get(contactId) ?? pageOf([], page, 0)
}

/**
 * The same page of each contact's timeline: by time, newest first, and entries of the same time by id. The
 * contacts must have been read through a scope. One statement, however many.
 * @throws InvalidInput
 */
export async function timelineByContact(
  context: ReadContext,
  contactIds: readonly string[],
  filter: TimelineFilter,
  page: PageRequest,
): Promise<Map<string, Page<Activity>>> {
  requireScope(context, 'contacts:read')
  const query = { ...parseTimelineFilter(filter), page }
  const found = await selectTimeline(context.db, context.actor.organizationId, contactIds, query)
  return new Map([...found].map(([contactId, { entries, total }]) => [contactId, pageOf(entries, page, total)]))
}

/** @throws InvalidInput */
export function parseTimelineFilter({ kinds, from = null, to = null }: TimelineFilter) {
  if (kinds?.length === 0) {
    throw new InvalidInput('A timeline without any kind of entry has no entries.', {
      field: 'kinds',
      expected: `some of ${activityKinds.join(', ')}, or nothing for all of them`,
    })
  }
  if (from !== null && to !== null && from > to) {
    throw new InvalidInput(`The time from ${from.toISOString()} to ${to.toISOString()} ends before it begins.`, {
      field: 'from',
      value: from.toISOString(),
      expected: 'a time before to',
    })
  }
  return { kinds: activityKinds.filter((kind) => kinds?.includes(kind) ?? true), from, to }
}

/** Timelines that are read along with their contacts: the same page of each contact's. */
export const timelinesOfContacts = {
  shape: timelineShape,
  /** @throws InvalidInput */
  relation(context: ReadContext, filter: TimelineFilter, page: PageRequest): Relation {
    requireScope(context, 'contacts:read')
    return timelineRelation({ ...parseTimelineFilter(filter), page })
  },
}
