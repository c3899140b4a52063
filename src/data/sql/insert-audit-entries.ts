import type { Tx } from '../database.ts'

/** What the entries of one change have in common. */
export interface AuditedChange {
  readonly actor: { readonly organizationId: string; readonly keyId: string; readonly name: string }
  readonly requestId: string | null
  readonly action: string
  readonly fields: readonly string[]
  readonly occurredAt: Date
}

export interface AuditedSubject {
  readonly entryId: string
  readonly id: string
  readonly contactId: string | null
}

/** Writes an entry for each subject of a change, in one statement. */
export async function insertAuditEntries(tx: Tx, change: AuditedChange, subjects: readonly AuditedSubject[]): Promise<void> {
  const { actor, requestId, action, fields, occurredAt } = change
  const [entryIds, ids, contactIds] = [
    subjects.map(({ entryId }) => entryId),
    subjects.map(({ id }) => id),
    subjects.map(({ contactId }) => contactId),
  ]
  await tx.$executeRaw`
    insert into audit_entries
      (organization_id, id, occurred_at, action, subject_id, contact_id, fields, actor_id, actor_name, request_id)
    select ${actor.organizationId}, entry_id, ${occurredAt}, ${action}, subject_id, contact_id, ${fields}::text[], ${actor.keyId},
      ${actor.name}, ${requestId}
    from unnest(${entryIds}::text[], ${ids}::text[], ${contactIds}::text[]) entry(entry_id, subject_id, contact_id)`
}
