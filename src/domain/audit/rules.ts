/** What can be done, by the noun that it is done to. */
export const auditActions = [
  'contact.created',
  'contact.updated',
  'contact.deleted',
  'contact.restored',
  'contact_import.created',
  'contact_import.rolled_back',
  'note.created',
  'note.updated',
  'note.deleted',
] as const

export type AuditAction = (typeof auditActions)[number]
