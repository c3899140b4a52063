import type { Tx } from '../database.ts'
import { type AddressKind, type ConsentRecord, Prisma } from '../generated/client.ts'

/** An entry for the ledger, and the ids for what the suppression list may need of it: one for each channel that it holds for. */
export interface EntryToRecord extends ConsentRecord {
  readonly suppressionIds: readonly string[]
}

/** What messages have shown about an address. */
export interface Reach {
  readonly contactId: string
  readonly kind: AddressKind
  readonly key: string
  /** When a message last arrived, and last bounced; null: none did. */
  readonly reachedAt: Date | null
  readonly bouncedAt: Date | null
  readonly reason: string | null
}

export interface ConsentWritten {
  /** The ids of the entries that are new: the others are on record already. */
  readonly recorded: readonly string[]
  /** Living contacts that have an address that was opted out. */
  readonly holders: readonly string[]
}

/**
 * Adds entries to the ledger, and to the suppression list what holds for their addresses, whichever contact has them; updates what is known about the
 * reachability of addresses. One statement, however many. Every write keeps the latest of two times, so the order of entries makes no difference.
 */
export async function insertConsent(
  tx: Tx,
  organizationId: string,
  entries: readonly EntryToRecord[],
  reached: readonly Reach[],
  now: Date,
): Promise<ConsentWritten> {
  if (entries.length === 0 && reached.length === 0) return { recorded: [], holders: [] }
  const rows = await tx.sql<{ recorded: string[]; holders: string[] }[]>`
    with given as (select * from ${recordset(entries)}),
    recorded as (
      insert into consent_records (organization_id, id, contact_id, channel, state, source, lawful_basis, purpose, text_version, proof_url, recorded_at,
        recorded_by, created_at, topic_id, address_kind, address_key, valid_until, external_id, dedupe_key, origin, message_id, proven)
      select ${organizationId}, g.id, g."contactId", g.channel, g.state, g.source, g."lawfulBasis", g.purpose, g."textVersion", g."proofUrl", g."recordedAt",
        g."recordedBy", g."createdAt", g."topicId", g."addressKind", g."addressKey", g."validUntil", g."externalId", g."dedupeKey", g.origin, g."messageId", g.proven
      from given g order by g."contactId", g."dedupeKey"
      on conflict (organization_id, contact_id, dedupe_key) do nothing
      returning id
    ),
    refusals as (
      select distinct on (kind, key, of_channel, topic_id, reason)
        g.*, g."addressKind" as kind, g."addressKey" as key, shared.channel::text as of_channel, coalesce(g."topicId", '') as topic_id,
        (case g.origin when 'keyword' then 'keyword' when 'complaint' then 'complaint' else 'opt_out' end)::suppression_reason as reason,
        g."suppressionIds"[shared.position] as suppression_id
      from given g cross join lateral ${sharing} shared(channel, position)
      where g.state = 'opted_out' and g."addressKey" is not null
      order by kind, key, of_channel, topic_id, reason, g."recordedAt" desc
    ),
    endings as (
      select g."addressKind" as kind, g."addressKey" as key, shared.channel::text as channel, coalesce(g."topicId", '') as topic_id,
        g.state = 'unknown' as is_start, max(g."recordedAt") as at
      from given g cross join lateral ${sharing} shared(channel, position)
      where (g.state = 'unknown' or shared.channel = g.channel) and g."addressKey" is not null and ((g.state = 'opted_in' and g.proven and ${isLicence(given)}) or g.state = 'unknown')
      group by 1, 2, 3, 4, 5
    ),
    suppressed as (${suppressed(organizationId, now, { isNew: true })}),
    suppressed_again as (${suppressed(organizationId, now, { isNew: false })}),
    ended as (
      update suppressions s set ended_at = greatest(s.ended_at, e.at)
      from (
        select kind, key, channel, topic_id, reason, max(at) as at
        from endings cross join unnest('{keyword,opt_out}'::suppression_reason[]) reason
        where reason = 'keyword' or not is_start
        group by 1, 2, 3, 4, 5
      ) e
      where s.organization_id = ${organizationId} and s.kind = e.kind and s.key = e.key and s.channel = e.channel and s.topic_id = e.topic_id
        and s.reason = e.reason
        and not exists (select from refusals r where r.kind = s.kind and r.key = s.key and r.of_channel = s.channel
          and r.topic_id = s.topic_id and r.reason = s.reason)
    ),
    ${reachUpdated(organizationId, reached, now)}
    select array(select id from recorded) as recorded,
      array(select distinct a.contact_id from contact_addresses a join refusals r on r.kind = a.kind and r.key = a.key
        where a.organization_id = ${organizationId} and a.is_living) as holders`
  return rows[0] ?? { recorded: [], holders: [] }
}

/**
 * The part of a statement that puts refusals on the suppression list: those of entries that are new, or those of the others. A statement that
 * arrives after its address was lifted holds whenever it was made; one that was on record before the lift does not return. Citus does not let
 * `do update` look at other rows, so the two are apart.
 */
function suppressed(organizationId: string, now: Date, { isNew }: { readonly isNew: boolean }): Prisma.Sql {
  const liftedAt = isNew ? 'null' : 'case when excluded.since >= s.lifted_at then null else s.lifted_at end'
  return Prisma.sql`
    insert into suppressions as s (organization_id, id, kind, key, channel, topic_id, reason, since, ended_at, contact_id, record_id, created_by, created_at)
    select ${organizationId}, r.suppression_id, r.kind, r.key, r.of_channel, r.topic_id, r.reason, r."recordedAt",
      greatest(
        (select max(e.at) from endings e where e.kind = r.kind and e.key = r.key and e.channel = r.of_channel and e.topic_id = r.topic_id
          and (r.reason = 'keyword' or (r.reason = 'opt_out' and not e.is_start))),
        ${endedOnRecord(organizationId, { channel: 'r.of_channel', topicId: 'r.topic_id' })}),
      r."contactId", r.id, r."recordedBy", ${now}
    from refusals r
    where r.id ${Prisma.raw(isNew ? 'in' : 'not in')} (select n.id from recorded n)
    on conflict (organization_id, kind, key, channel, topic_id, reason) do update
    set since = greatest(s.since, excluded.since), ended_at = greatest(s.ended_at, excluded.ended_at), lifted_at = ${Prisma.raw(liftedAt)},
      contact_id = case when excluded.since > s.since then excluded.contact_id else s.contact_id end,
      record_id = case when excluded.since > s.since then excluded.record_id else s.record_id end`
}

/** The channels that an entry `g` holds for. */
const sharing = Prisma.sql`
  unnest(case when g.channel in ('rcs', 'sms') then '{rcs,sms}'::channel[] else array[g.channel] end) with ordinality`

/** The same as in the rules. */
function isLicence({ topic, purpose, basis }: { topic: string; purpose: string; basis: string }): Prisma.Sql {
  return Prisma.raw(
    `(${topic} is not null or ${purpose} is null) and (${basis} is null or ${basis} in ('consent', 'legitimate_interests'))`,
  )
}

const given = { topic: 'g."topicId"', purpose: 'g.purpose', basis: 'g."lawfulBasis"' }
const onRecord = { topic: 'k.topic_id', purpose: 'k.purpose', basis: 'k.lawful_basis' }

/**
 * When an entry of the ledger has ended a refusal `r` that arrives late.
 * @param columns where `r` has its channel, and its topic, which is empty for none
 */
export function endedOnRecord(organizationId: string, columns: { readonly channel: string; readonly topicId: string }): Prisma.Sql {
  const [channel, topicId] = [Prisma.raw(columns.channel), Prisma.raw(columns.topicId)]
  return Prisma.sql`(
    select max(k.recorded_at) from consent_records k
    where k.organization_id = ${organizationId} and k.address_key = r.key and k.address_kind = r.kind and k.state <> 'opted_out'
      and coalesce(k.topic_id, '') = ${topicId}
      and ((r.reason in ('keyword', 'opt_out') and k.state = 'opted_in' and k.proven is distinct from false and k.channel::text = ${channel}
          and ${isLicence(onRecord)})
        or (r.reason = 'keyword' and k.state = 'unknown' and k.origin = 'keyword'
          and (k.channel::text = ${channel} or (k.channel in ('rcs', 'sms') and ${channel} in ('rcs', 'sms'))))))`
}

/** A message that arrives makes an address reachable, one that bounces later unreachable. Arrivals within an hour of each other are one. */
function reachUpdated(organizationId: string, reached: readonly Reach[], now: Date): Prisma.Sql {
  return Prisma.sql`
    reach as (
      update contact_addresses a
      set verified_at = greatest(a.verified_at, r."reachedAt"),
        unreachable_reason = case when r."bouncedAt" > coalesce(a.unreachable_since, '-infinity') then r.reason else a.unreachable_reason end,
        unreachable_since = greatest(a.unreachable_since, r."bouncedAt")
      from json_to_recordset(${JSON.stringify(reached)}::json) as r("contactId" text, kind address_kind, key text, "reachedAt" timestamptz,
        "bouncedAt" timestamptz, reason text)
      where a.organization_id = ${organizationId} and a.contact_id = r."contactId" and a.kind = r.kind and a.key = r.key
        and (r."bouncedAt" is not null or a.verified_at is null or r."reachedAt" - a.verified_at > interval '1 hour' or a.unreachable_since >= a.verified_at)
      returning a.contact_id, r."bouncedAt" is not null or a.unreachable_since is not null as is_news
    ),
    revised as (
      update contacts c set revision = c.revision + 1, updated_at = ${now}
      where c.organization_id = ${organizationId} and c.id in (select contact_id from reach where is_news)
    )`
}

function recordset(entries: readonly EntryToRecord[]): Prisma.Sql {
  return Prisma.sql`json_to_recordset(${JSON.stringify(entries)}::json) as r(
    id text, "contactId" text, channel channel, state consent_state, source text, "lawfulBasis" lawful_basis, purpose text, "textVersion" text,
    "proofUrl" text, "recordedAt" timestamptz, "recordedBy" text, "createdAt" timestamptz, "topicId" text, "addressKind" address_kind,
    "addressKey" text, "validUntil" timestamptz, "externalId" text, "dedupeKey" text, origin consent_origin, "messageId" text, proven boolean,
    "suppressionIds" text[])`
}
