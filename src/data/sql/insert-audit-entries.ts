import type { Tx } from '../database.ts'
import { Prisma } from '../generated/client.ts'
import { changesWritten, type NewChange, notification } from './insert-changes.ts'

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

/** What is recorded of a change: an audit entry for each subject, and the change for subscribers. */
export interface Audit {
  readonly change: AuditedChange
  readonly subjects: readonly AuditedSubject[]
  readonly changes: readonly NewChange[]
}

/** Writes it down. One statement, however many. */
export async function insertAuditEntries(tx: Tx, audit: Audit): Promise<void> {
  const { parts, notification } = auditing(audit, null)
  await tx.sql`with ${parts} select ${notification}`
}

/**
 * The same as parts of a statement that makes the change itself.
 * @param done the part whose rows are what was changed: if there are none, nothing is written down. Null where it was changed already
 */
export function auditing({ change, subjects, changes }: Audit, done: 'note' | null): { parts: Prisma.Sql; notification: Prisma.Sql } {
  const { organizationId } = change.actor
  const ifDone = done === null ? Prisma.empty : Prisma.sql` where exists (select from ${Prisma.raw(done)})`
  const entries = Prisma.sql`entries as (${entriesWritten(change, subjects)}${ifDone})`
  if (changes.length === 0) return { parts: entries, notification: Prisma.sql`null::text` }
  const written = changesWritten(organizationId, change.occurredAt, changes)
  return { parts: Prisma.sql`${entries}, changes_written as (${written}${ifDone})`, notification: notification(organizationId) }
}

function entriesWritten(change: AuditedChange, subjects: readonly AuditedSubject[]): Prisma.Sql {
  const { actor, requestId, action, fields, occurredAt } = change
  const [entryIds, ids, contactIds] = [
    subjects.map(({ entryId }) => entryId),
    subjects.map(({ id }) => id),
    subjects.map(({ contactId }) => contactId),
  ]
  return Prisma.sql`
    insert into audit_entries
      (organization_id, id, occurred_at, action, subject_id, contact_id, fields, actor_id, actor_name, request_id)
    select ${actor.organizationId}, entry_id, ${occurredAt}, ${action}, subject_id, contact_id, ${fields}::text[], ${actor.keyId},
      ${actor.name}, ${requestId}
    from unnest(${entryIds}::text[], ${ids}::text[], ${contactIds}::text[]) entry(entry_id, subject_id, contact_id)`
}
