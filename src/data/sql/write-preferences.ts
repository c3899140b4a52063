import type { Tx } from '../database.ts'
import { type Channel, type ConsentState, Prisma } from '../generated/client.ts'
import { type Audit, auditing } from './insert-audit-entries.ts'

/** What holds for a contact on a channel. */
export interface PreferenceRow {
  readonly contactId: string
  readonly channel: Channel
  readonly state: ConsentState
  readonly recordId: string | null
  readonly recordedAt: Date
  readonly validUntil: Date | null
}

/**
 * Replaces what lists show for contacts by these rows, in one statement.
 * @param contactIds all contacts that were judged: rows that none of `rows` stands for are removed
 * @param audit what is recorded in the same statement; null for nothing
 */
export async function writePreferences(
  tx: Tx,
  organizationId: string,
  contactIds: readonly string[],
  rows: readonly PreferenceRow[],
  audit: Audit | null,
): Promise<void> {
  const audited = audit === null ? null : auditing(audit, null)
  await tx.sql`
    with given as (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as r(
        "contactId" text, channel channel, state consent_state, "recordId" text, "recordedAt" timestamptz, "validUntil" timestamptz)
    ),
    gone as (
      delete from channel_preferences p
      where p.organization_id = ${organizationId} and p.contact_id = any(${contactIds}::text[])
        and not exists (select from given g where g."contactId" = p.contact_id and g.channel = p.channel)
    ),
    kept as (
      insert into channel_preferences (organization_id, contact_id, channel, state, record_id, recorded_at, valid_until)
      select ${organizationId}, g."contactId", g.channel, g.state, g."recordId", g."recordedAt", g."validUntil" from given g
      order by g."contactId", g.channel
      on conflict (organization_id, contact_id, channel) do update
      set state = excluded.state, record_id = excluded.record_id, recorded_at = excluded.recorded_at, valid_until = excluded.valid_until
    )${audited === null ? Prisma.empty : Prisma.sql`, ${audited.parts}`}
    select ${audited?.notification ?? Prisma.sql`null::text`}`
}
