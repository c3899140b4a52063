/** What can be done, by the noun that it is done to. */
export const auditActions = [
  'contact.created',
  'contact.updated',
  'contact.deleted',
  'contact.restored',
  'contact.blocked',
  'contact.unblocked',
  // For each contact whose activities a batch has created or changed.
  'activities.recorded',
  'note.created',
  'note.updated',
  'note.deleted',
] as const

export type AuditAction = (typeof auditActions)[number]
