import { newId } from '../../kernel/ids.ts'
import type { Tx } from '../database.ts'
import type { AddressKind, Block, SuppressionReason } from '../generated/client.ts'
import type { BlockEnd } from './end-blocks.ts'
import { endedOnRecord } from './write-consent.ts'

/** An address for the suppression list. */
export interface NewSuppression {
  readonly id: string
  readonly kind: AddressKind
  readonly key: string
  /** The name of a channel; empty: every channel of the address. */
  readonly channel: string
  /** Empty: no topic alone. */
  readonly topicId: string
  readonly reason: SuppressionReason
  readonly note: string | null
  /** When it was said. Default: now. */
  readonly since?: Date | null
}

export interface Signed {
  readonly by: string
  readonly now: Date
}

const ofSuppression = { channel: 'r.channel', topicId: 'r."topicId"' }

/**
 * Puts addresses on the suppression list, each channel and reason once; those that were lifted are suppressed again. One statement, however many.
 * @returns the ids of the rows that were written or changed
 */
export async function insertSuppressions(
  tx: Tx,
  organizationId: string,
  rows: readonly NewSuppression[],
  { by, now }: Signed,
): Promise<string[]> {
  if (rows.length === 0) return []
  const written = await tx.sql<{ id: string }[]>`
    insert into suppressions as s (organization_id, id, kind, key, channel, topic_id, reason, since, ended_at, note, contact_id,
      created_by, created_at)
    select distinct on (r.kind, r.key, r.channel, r."topicId", r.reason) ${organizationId}, r.id, r.kind, r.key, r.channel, r."topicId", r.reason,
      least(coalesce(r.since, ${now}::timestamptz), ${now}::timestamptz), ${endedOnRecord(organizationId, ofSuppression)}, r.note,
      (select a.contact_id from contact_addresses a
        where a.organization_id = ${organizationId} and a.kind = r.kind and a.key = r.key and a.is_living order by a.contact_id limit 1),
      ${by}, ${now}::timestamptz
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as r(id text, kind address_kind, key text, channel text, "topicId" text, reason suppression_reason, note text, since timestamptz)
    order by r.kind, r.key, r.channel, r."topicId", r.reason, r.since desc nulls first
    on conflict (organization_id, kind, key, channel, topic_id, reason) do update
    set since = greatest(s.since, excluded.since), ended_at = greatest(s.ended_at, excluded.ended_at), lifted_at = null, lifted_by = null,
      lift_reason = null, note = coalesce(excluded.note, s.note), created_by = excluded.created_by, created_at = excluded.created_at
    where s.lifted_at is not null or (s.ended_at is not null and excluded.since > s.since)
    returning s.id`
  return written.map(({ id }) => id)
}

/** Lifts suppressions that hold. One statement. @returns the ids of those that held until now, and of living contacts that have their addresses */
export async function liftSuppressions(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
  { at, by, reason }: BlockEnd,
): Promise<{ readonly id: string; readonly contactIds: string[] }[]> {
  return tx.sql`
    update suppressions s set lifted_at = greatest(${at}::timestamptz, s.since), lifted_by = ${by}, lift_reason = ${reason}
    where s.organization_id = ${organizationId} and s.id = any(${ids}::text[]) and (s.lifted_at is null or s.since > s.lifted_at)
    returning s.id, array(
      select a.contact_id from contact_addresses a
      where a.organization_id = ${organizationId} and a.kind = s.kind and a.key = s.key and a.is_living) as "contactIds"`
}

/** Keeps blocks with all addresses of the contacts: they outlive the contacts. Two statements. */
export async function suppressBlocked(
  tx: Tx,
  organizationId: string,
  blocks: readonly Pick<Block, 'id' | 'contactId' | 'reason' | 'blockedAt' | 'blockedBy'>[],
): Promise<void> {
  const contactIds = blocks.map(({ contactId }) => contactId)
  const where = { organizationId, contactId: { in: contactIds }, kind: { in: ['phone' as const, 'email' as const] } }
  const addresses = await tx.prisma.contactAddress.findMany({ where, select: { contactId: true, kind: true, key: true } })
  const byContact = new Map(blocks.map((block) => [block.contactId, block]))
  const rows = addresses.map((address) => ({ ...byContact.get(address.contactId), ...address, suppressionId: newId('suppression') }))
  await tx.prisma.$executeRaw`
    insert into suppressions as s (organization_id, id, kind, key, reason, since, note, contact_id, record_id, created_by, created_at)
    select distinct on (r.kind, r.key) ${organizationId}, r."suppressionId", r.kind, r.key, 'block', r."blockedAt",
      r.reason, r."contactId", r.id, r."blockedBy", r."blockedAt"
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(
      id text, "contactId" text, kind address_kind, key text, reason text, "blockedAt" timestamptz, "blockedBy" text, "suppressionId" text)
    order by r.kind, r.key, r.id
    on conflict (organization_id, kind, key, channel, topic_id, reason) do update
    set since = greatest(s.since, excluded.since), note = excluded.note, contact_id = excluded.contact_id, record_id = excluded.record_id,
      lifted_at = null, lifted_by = null, lift_reason = null`
}

/** Ends what {@link suppressBlocked} has kept, at the present addresses of the contacts and at those that they had when they were blocked. */
export async function liftBlocked(
  tx: Tx,
  organizationId: string,
  contactIds: readonly string[],
  { at, by, reason }: BlockEnd,
): Promise<void> {
  await tx.prisma.$executeRaw`
    update suppressions s set lifted_at = greatest(${at}::timestamptz, s.since), lifted_by = ${by}, lift_reason = ${reason}
    where s.organization_id = ${organizationId} and s.reason = 'block' and s.lifted_at is null
      and (s.contact_id = any(${contactIds}::text[]) or exists (
        select from contact_addresses a
        where a.organization_id = ${organizationId} and a.contact_id = any(${contactIds}::text[]) and a.kind = s.kind and a.key = s.key))`
}
