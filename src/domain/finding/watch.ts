import type { Change } from '../../data/generated/client.ts'
import { NotFound } from '../../kernel/errors.ts'
import type { Watch, WatchContext } from '../changes/feed.ts'
import { type ContactChangeKind, contactChangeKinds } from '../changes/rules.ts'
import { findSurvivor } from '../contacts/queries.ts'
import { requireScope } from '../context.ts'
import { type ContactChange, type FilteredChange, filterChanges, perContact } from './filter-changes.ts'
import { type ContactFilter, resolveFilter } from './filter.ts'

export interface ContactChanged extends ContactChange {
  readonly eventId: string
}

export interface ContactsChanged {
  readonly eventId: string
  readonly changes: readonly FilteredChange[]
}

export interface WatchOptions {
  /** The kinds of change to report. Default: all. */
  readonly kinds?: readonly ContactChangeKind[] | null | undefined
  /** The id of the last event that is known. */
  readonly after: string | null
}

/** Watches one contact. One that is deleted can be watched: it may be restored. @throws NotFound, InvalidInput, EventIdExpired */
export async function watchContact(context: WatchContext, given: string, { kinds, after }: WatchOptions): Promise<Watch<ContactChanged>> {
  requireScope(context, 'contacts:read')
  const { organizationId } = context.actor
  const id = await knownContact(context, given)
  const wanted = new Set<string>(kinds ?? contactChangeKinds)
  const select = (changes: readonly Change[], eventId: string): ContactChanged | null => {
    const [change] = perContact(changes.filter(({ contactId, kind }) => contactId === id && wanted.has(kind)))
    return change === undefined ? null : { ...change, eventId }
  }
  return context.feed.watch(organizationId, { key: `contact ${id} ${[...wanted].join()}`, select }, after)
}

/**
 * Watches the contacts that match a filter: gets every change of one that matches after it, and of every change after which one does
 * not match any more. One that may have matched before and one that certainly has are not distinguished. @throws InvalidInput, EventIdExpired
 */
export async function watchContacts(
  context: WatchContext,
  filter: ContactFilter,
  { kinds, after }: WatchOptions,
): Promise<Watch<ContactsChanged>> {
  requireScope(context, 'contacts:read')
  const { organizationId } = context.actor
  const match = await resolveFilter(context, filter)
  const wanted = new Set<string>(kinds ?? contactChangeKinds)
  const { db } = context
  const select = async (changes: readonly Change[], eventId: string): Promise<ContactsChanged | null> => {
    const matching = await filterChanges(db, organizationId, match, perContact(changes.filter(({ kind }) => wanted.has(kind))))
    return matching.length === 0 ? null : { eventId, changes: matching }
  }
  return context.feed.watch(organizationId, { key: `contacts ${JSON.stringify(match)} ${[...wanted].join()}`, select }, after)
}

/** The contact to watch: this one, deleted or not, or the one that it was merged into. @throws NotFound unless the organization has or had it */
export async function knownContact(context: WatchContext, id: string): Promise<string> {
  const { organizationId } = context.actor
  const contact = await context.db.prisma.contact.findUnique({
    where: { organizationId_id: { organizationId, id } },
    select: { mergedIntoId: true },
  })
  if (contact === null) throw new NotFound('contact', id)
  return contact.mergedIntoId === null ? id : ((await findSurvivor(context, id)) ?? id)
}
