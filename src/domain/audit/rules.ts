import type { AuditSearch } from '../../data/sql/find-audit-entries.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { idKind, parseId } from '../../kernel/ids.ts'
import { shorten, textFault } from '../../kernel/text.ts'

/** What can be done to a contact, by the noun that it is done to; subscribers get the same names. */
export const contactActions = [
  'contact.created',
  'contact.updated',
  'contact.deleted',
  'contact.restored',
  'contact.merged',
  'contact.unmerged',
  'contact.blocked',
  'contact.unblocked',
  'contact.erased',
  'note.created',
  'note.updated',
  'note.deleted',
  'preference.set',
] as const

/** What can be done. */
export const auditActions = [
  ...contactActions,
  // For each contact whose activities a batch has created or changed.
  'activities.recorded',
  'activity.resolved',
  'suggestion_outcome.recorded',
  'contact_import.created',
  'contact_import.rolled_back',
  'frequency_cap_rule.created',
  'frequency_cap_rule.updated',
  'frequency_cap_rule.deleted',
  'setting.updated',
  'reservation.created',
  'reservation.released',
  'suppression.added',
  'suppression.lifted',
  'attribute_definition.created',
  'attribute_definition.updated',
  'topic.created',
  'topic.updated',
  'webhook_endpoint.created',
  'webhook_endpoint.updated',
  'webhook_endpoint.deleted',
  'webhook_endpoint.switched_off',
  'webhook_secret.rotated',
  'webhook_delivery.replayed',
] as const

export type AuditAction = (typeof auditActions)[number]

/** Accepts what is searched for in the log: an id that cannot be one is a mistake, and must not find everything or break. @throws InvalidInput */
export function parseSearch(search: AuditSearch): AuditSearch {
  const { contactId, subjectId, actorId, from, to } = search
  if (isGiven(contactId)) parseId('contact', contactId, 'contactId')
  if (isGiven(subjectId) && idKind(subjectId) === null)
    throw noId('subjectId', subjectId, 'the id of a contact, a note or whatever was changed')
  if (isGiven(actorId) && idKind(actorId) !== 'apiKey' && !isSubject(actorId))
    throw noId('actorId', actorId, 'the id of an API key, or jwt: and the subject of a token')
  if (from && to && from >= to) throw new InvalidInput('`from` is not before `to`.', { field: 'from', expected: 'a time before `to`' })
  return search
}

function isGiven(text: string | null | undefined): text is string {
  return text !== null && text !== undefined
}

/** Who calls with a token, as the log names them. */
function isSubject(text: string): boolean {
  return text.startsWith('jwt:') && textFault(text, { max: 1000 }) === null
}

function noId(field: string, text: string, expected: string): InvalidInput {
  return new InvalidInput('The audit log knows no such id.', { field, value: shorten(text), expected })
}
