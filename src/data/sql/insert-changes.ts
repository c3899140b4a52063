import type { Tx } from '../database.ts'

/** The channel on which those who watch hear that an organization has changes that they have not read. */
export const changesChannel = 'contact_changes'

export interface NewChange {
  readonly kind: string
  readonly contactId: string | null
  readonly subjectId: string | null
  readonly fields: readonly string[]
}

/** Writes changes down, and lets those who watch know when the transaction commits. One statement, however many. */
export async function insertChanges(tx: Tx, organizationId: string, occurredAt: Date, changes: readonly NewChange[]): Promise<void> {
  await tx.$queryRaw`
    with written as (
      insert into changes (organization_id, kind, contact_id, subject_id, fields, occurred_at)
      select ${organizationId}, c.kind, c."contactId", c."subjectId", c.fields, ${occurredAt}
      from json_to_recordset(${JSON.stringify(changes)}::json) as c(kind text, "contactId" text, "subjectId" text, fields text[])
    )
    select pg_notify(${changesChannel}, ${organizationId})::text`
}
