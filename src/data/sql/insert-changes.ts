import type { Tx } from '../database.ts'
import { Prisma } from '../generated/client.ts'

/** The channel on which subscribers are notified of new changes of an organization. */
export const changesChannel = 'contact_changes'

export interface NewChange {
  readonly kind: string
  readonly contactId: string | null
  readonly subjectId: string | null
  readonly fields: readonly string[]
}

/** Records changes, and notifies subscribers when the transaction commits. One statement, however many. */
export async function insertChanges(tx: Tx, organizationId: string, occurredAt: Date, changes: readonly NewChange[]): Promise<void> {
  await tx.sql`
    with written as (${changesWritten(organizationId, occurredAt, changes)})
    select ${notification(organizationId)}`
}

/** The part of a statement that writes changes down. */
export function changesWritten(organizationId: string, occurredAt: Date, changes: readonly NewChange[]): Prisma.Sql {
  return Prisma.sql`
    insert into changes (organization_id, kind, contact_id, subject_id, fields, occurred_at)
    select ${organizationId}, c.kind, c."contactId", c."subjectId", c.fields, ${occurredAt}
    from json_to_recordset(${JSON.stringify(changes)}::json) as c(kind text, "contactId" text, "subjectId" text, fields text[])`
}

/** The part of a statement that notifies subscribers. */
export function notification(organizationId: string): Prisma.Sql {
  return Prisma.sql`pg_notify(${changesChannel}, ${organizationId})::text`
}
