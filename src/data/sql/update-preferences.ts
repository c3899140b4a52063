import type { Tx } from '../database.ts'
import type { ConsentRecord } from '../generated/client.ts'

/**
 * Lets new ledger entries decide where they outweigh what decided so far: the later wish, and of two of the same moment the refusal
 * (`opted_out` comes after `opted_in` in the type). The contacts must be locked.
 * @param records of one organization, at most one per contact and channel, already in the ledger
 * @returns the contacts for which one of them decides now
 */
export async function settlePreferences(tx: Tx, records: readonly ConsentRecord[]): Promise<Set<string>> {
  const [first] = records
  if (first === undefined) return new Set()
  const rows = await tx.$queryRaw<{ contactId: string }[]>`
    insert into channel_preferences (organization_id, contact_id, channel, state, record_id, recorded_at)
    select ${first.organizationId}, r.contact_id, r.channel::channel, r.state::consent_state, r.id, r.recorded_at
    from unnest(
      ${records.map((record) => record.contactId)}::text[], ${records.map((record) => record.channel)}::text[],
      ${records.map((record) => record.state)}::text[], ${records.map((record) => record.id)}::text[],
      ${records.map((record) => record.recordedAt)}::timestamptz[]
    ) r(contact_id, channel, state, id, recorded_at)
    on conflict (organization_id, contact_id, channel) do update
    set state = excluded.state, record_id = excluded.record_id, recorded_at = excluded.recorded_at
    where (excluded.recorded_at, excluded.state) > (channel_preferences.recorded_at, channel_preferences.state)
    returning contact_id as "contactId"`
  return new Set(rows.map(({ contactId }) => contactId))
}
