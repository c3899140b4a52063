import type { Change } from '../../data/generated/client.ts'
import type { ContactMatch } from '../../data/sql/contacts-matching.ts'
import { selectFitting } from '../../data/sql/find-fitting-contacts.ts'
import { NotFound } from '../../kernel/errors.ts'
import type { Watch, WatchContext } from '../changes/feed.ts'
import { type ContactChangeKind, contactChangeKinds, isContactChangeKind } from '../changes/rules.ts'
import { requireScope } from '../context.ts'
import { type ContactFilter, parseFilter } from './filter.ts'
import type { ContactFields } from './rules.ts'

/** The changes of one contact, collected over a short time. */
export interface ContactChange {
  readonly contactId: string
  readonly kinds: readonly ContactChangeKind[]
  /** The fields that may have changed, by their names in GraphQL. */
  readonly fields: readonly string[]
  /** When the last of it happened. */
  readonly occurredAt: Date
}

export interface ContactChanged extends ContactChange {
  readonly eventId: string
}

/** A change as those see it who watch the contacts that match a filter. */
export interface FilteredChange extends ContactChange {
  /** Whether the contact matches now; if not, it may have matched before. */
  readonly matches: boolean
}

export interface ContactsChanged {
  readonly eventId: string
  readonly changes: readonly FilteredChange[]
}

export interface WatchOptions {
  /** Which kinds of change to report. Default: all. */
  readonly kinds?: readonly ContactChangeKind[] | null | undefined
  /** The id of the last event that is known. */
  readonly after: string | null
}

/** Watches one contact. One that is deleted can be watched: it may be restored. @throws NotFound, InvalidInput, EventIdExpired */
export async function watchContact(context: WatchContext, id: string, { kinds, after }: WatchOptions): Promise<Watch<ContactChanged>> {
  requireScope(context, 'contacts:read')
  const { organizationId } = context.actor
  await requireKnownContact(context, id)
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
  const match = parseFilter(filter)
  const wanted = new Set<string>(kinds ?? contactChangeKinds)
  const { db } = context
  const select = async (changes: readonly Change[], eventId: string): Promise<ContactsChanged | null> => {
    const changed = perContact(changes.filter(({ kind }) => wanted.has(kind)))
    if (changed.length === 0) return null
    const ids = changed.map(({ contactId }) => contactId)
    const fitting = new Map((await selectFitting(db, organizationId, match, ids)).map(({ id, isLiving }) => [id, isLiving]))
    const told = changed.flatMap((change) => {
      const isLiving = fitting.get(change.contactId)
      if (isLiving === true) return [{ ...change, matches: true }]
      const hasLeft =
        isLiving === false
          ? change.kinds.some((kind) => kind === 'contact.deleted' || kind === 'contact.merged')
          : mayHaveLeft(match, change)
      return hasLeft ? [{ ...change, matches: false }] : []
    })
    return told.length === 0 ? null : { eventId, changes: told }
  }
  return context.feed.watch(organizationId, { key: `contacts ${JSON.stringify(match)} ${[...wanted].join()}`, select }, after)
}

/** @throws NotFound unless the organization has or had such a contact */
export async function requireKnownContact({ db, actor }: WatchContext, id: string): Promise<void> {
  const { organizationId } = actor
  const contact = await db.contact.findUnique({ where: { organizationId_id: { organizationId, id } }, select: { id: true } })
  if (contact === null) throw new NotFound('contact', id)
}

/** What happened to each contact, in the order in which something happened to them first. */
function perContact(changes: readonly Change[]): ContactChange[] {
  const byContact = new Map<string, { kinds: Set<ContactChangeKind>; fields: Set<string>; occurredAt: Date }>()
  for (const { contactId, kind, fields, occurredAt } of changes) {
    if (contactId === null || !isContactChangeKind(kind)) continue
    const known = byContact.get(contactId) ?? { kinds: new Set(), fields: new Set(), occurredAt }
    byContact.set(contactId, known)
    known.kinds.add(kind)
    for (const field of fields) known.fields.add(field)
    known.occurredAt = occurredAt
  }
  return [...byContact].map(([contactId, { kinds, fields, occurredAt }]) => ({
    contactId,
    kinds: [...kinds],
    fields: [...fields],
    occurredAt,
  }))
}

/** Whether a contact that does not match now may have done so before: whether anything of it has changed that the filter looks at. */
function mayHaveLeft(match: ContactMatch, { fields }: ContactChange): boolean {
  const seen = fieldsSeen(match)
  return fields.some((field) => seen.some((name) => name === field))
}

function fieldsSeen(match: ContactMatch): (keyof ContactFields)[] {
  return [
    ...(match.words.length > 0 ? searched : []),
    ...(match.lifecycleStages !== null ? (['lifecycleStage'] as const) : []),
    // Without a country of its own, a contact has that of its phone number.
    ...(match.countryCodes !== null ? (['countryCode', 'phone'] as const) : []),
    ...(match.tagKeys !== null ? (['tags'] as const) : []),
    ...(match.hasPhone !== null ? (['phone'] as const) : []),
    ...(match.hasEmail !== null ? (['email'] as const) : []),
  ]
}

const searched = ['firstName', 'lastName', 'displayName', 'company', 'email', 'phone', 'phoneExtension'] as const
