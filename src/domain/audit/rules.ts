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
  'contact_import.created',
  'contact_import.rolled_back',
  'note.created',
  'note.updated',
  'note.deleted',
  'preference.set',
  'frequency_cap_rule.created',
  'frequency_cap_rule.updated',
  'frequency_cap_rule.deleted',
  'setting.updated',
] as const

export type AuditAction = (typeof auditActions)[number]
