import type { Tx } from '../database.ts'
import { Prisma } from '../generated/client.ts'
import { changesWritten, type NewChange, told } from './insert-changes.ts'

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

/** Writes an entry for each subject of a change, and down what those who watch are told of it. One statement, however many. */
export async function insertAuditEntries(
  tx: Tx,
  change: AuditedChange,
  subjects: readonly AuditedSubject[],
  changes: readonly NewChange[],
): Promise<void> {
  const { organizationId } = change.actor
  if (changes.length === 0) await tx.$executeRaw(entriesWritten(change, subjects))
  else
    await tx.$queryRaw`
      with entries as (${entriesWritten(change, subjects)}), changes_written as (${changesWritten(organizationId, change.occurredAt, changes)})
      select ${told(organizationId)}`
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
