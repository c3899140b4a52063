import type { ReadDb } from '../../data/database.ts'
import type { Change } from '../../data/generated/client.ts'
import type { ContactMatch } from '../../data/sql/contacts-matching.ts'
import { selectMatching } from '../../data/sql/find-matching-contacts.ts'
import { type ContactChangeKind, isContactChangeKind } from '../changes/rules.ts'
import type { ContactFields } from '../contacts/rules.ts'
import { isEveryone } from './extent.ts'

/** What happened to one contact within some time. */
export interface ContactChange {
  readonly contactId: string
  readonly kinds: readonly ContactChangeKind[]
  /** The fields that may have changed, by their names in GraphQL. */
  readonly fields: readonly string[]
  /** When the last of it happened. */
  readonly occurredAt: Date
}

/** A change as a reader of the contacts that match a filter sees it. */
export interface FilteredChange extends ContactChange {
  /** Whether the contact matches now; if not, it may have matched before. */
  readonly matches: boolean
}

/** What happened to each contact, in the order in which something happened to them first. */
export function perContact(changes: readonly Change[]): ContactChange[] {
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

/** Those changes after which a contact matches, and those after which it may have ceased to match. One statement. */
export async function filterChanges(
  db: ReadDb,
  organizationId: string,
  match: ContactMatch,
  changed: readonly ContactChange[],
): Promise<FilteredChange[]> {
  if (changed.length === 0) return []
  const ids = changed.map(({ contactId }) => contactId)
  const fitting = new Map((await selectMatching(db, organizationId, match, ids)).map(({ id, isLiving }) => [id, isLiving]))
  return changed.flatMap((change): FilteredChange[] => {
    const isLiving = fitting.get(change.contactId)
    // Only a contact that is not in the database at all is not among those that match an empty filter.
    const isGone = change.kinds.some((kind) => tombstones.has(kind)) || (isLiving === undefined && isEveryone(match))
    if (isLiving !== true && isGone) return [{ ...change, matches: false }]
    if (isLiving === true) return [{ ...change, matches: true }]
    const hasLeft = isLiving === false ? change.kinds.includes('contact.deleted') : mayHaveLeft(match, change)
    return hasLeft ? [{ ...change, matches: false }] : []
  })
}

/** After these nothing is left to find out whether the contact matched. */
const tombstones = new Set<string>(['contact.erased', 'contact.merged'])

/** Whether a contact that does not match now may have matched before: whether anything has changed that the filter looks at. */
function mayHaveLeft(match: ContactMatch, { kinds, fields }: ContactChange): boolean {
  const seen = seenBy(match)
  return fields.some((field) => seen.fields.has(field)) || kinds.some((kind) => seen.nouns.some((noun) => kind.startsWith(noun)))
}

interface Seen {
  readonly fields: ReadonlySet<string>
  /** Beginnings of the kinds of changes that matter whichever fields they name. */
  readonly nouns: readonly string[]
}

function seenBy(match: ContactMatch): Seen {
  const nested = [...match.and, ...(match.or ?? []), ...(match.not === null ? [] : [match.not])].map(seenBy)
  return {
    fields: new Set<string>([...fieldsSeen(match), ...nested.flatMap(({ fields }) => [...fields])]),
    nouns: [...nounsSeen(match), ...nested.flatMap(({ nouns }) => nouns)],
  }
}

function nounsSeen({ isBlocked, consent, activity, updatedAfter, updatedBefore }: ContactMatch): string[] {
  return [
    ...(isBlocked === null ? [] : ['contact.blocked', 'contact.unblocked']),
    // Consent depends on the contact's addresses, and on messages that opt out.
    ...(consent === null ? [] : ['preference.', 'activity.']),
    ...(activity === null ? [] : ['activity.']),
    ...(updatedAfter === null && updatedBefore === null ? [] : ['contact.']),
  ]
}

function looksAt(isAsked: boolean, ...fields: (keyof ContactFields)[]): (keyof ContactFields)[] {
  return isAsked ? fields : []
}

function fieldsSeen(match: ContactMatch): (keyof ContactFields)[] {
  return [
    ...looksAt(match.words.length > 0, ...searched),
    ...looksAt(match.lifecycleStages !== null, 'lifecycleStage'),
    // Where no country was given, it is the phone number's.
    ...looksAt(match.countryCodes !== null, 'countryCode', 'phone'),
    ...looksAt(match.tagKeys !== null || match.allTagKeys !== null || match.noTagKeys !== null, 'tags'),
    ...looksAt(match.companies !== null || match.hasCompany !== null, 'company'),
    ...looksAt(match.languages !== null, 'language'),
    ...looksAt(match.timezones !== null, 'timezone'),
    ...looksAt(match.hasName !== null, 'firstName', 'lastName', 'displayName'),
    ...looksAt(match.hasPhone !== null, 'phone'),
    ...looksAt(match.hasEmail !== null, 'email'),
    ...looksAt(match.attributes.length > 0, 'customAttributes'),
    ...looksAt(match.consent !== null, 'phone', 'email'),
  ]
}

const searched = ['firstName', 'lastName', 'displayName', 'company', 'email', 'phone', 'phoneExtension'] as const
