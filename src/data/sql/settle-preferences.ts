import type { Tx } from '../database.ts'
import type { ConsentRecord } from '../generated/client.ts'

/**
 * Lets new ledger entries decide where they outweigh what decided so far: the later wish, and of two of the same moment the refusal
 * (`opted_out` comes after `opted_in` in the type). The contact must be locked.
 * @param records of one contact, at most one per channel, already in the ledger
 */
export async function settlePreferences(tx: Tx, records: readonly ConsentRecord[]): Promise<void> {
  const [first] = records
  if (first === undefined) return
  await tx.$executeRaw`
    insert into channel_preferences (organization_id, contact_id, channel, state, record_id, recorded_at)
    select ${first.organizationId}, ${first.contactId}, r.channel::channel, r.state::consent_state, r.id, r.recorded_at
    from unnest(
      ${records.map((record) => record.channel)}::text[], ${records.map((record) => record.state)}::text[],
      ${records.map((record) => record.id)}::text[], ${records.map((record) => record.recordedAt)}::timestamptz[]
    ) r(channel, state, id, recorded_at)
    on conflict (organization_id, contact_id, channel) do update
    set state = excluded.state, record_id = excluded.record_id, recorded_at = excluded.recorded_at
    where (excluded.recorded_at, excluded.state) > (channel_preferences.recorded_at, channel_preferences.state)`
}
