import type { Tx } from '../database.ts'
import type { Erasure } from '../generated/client.ts'

export interface NewErasure {
  readonly id: string
  readonly contactId: string
  /** The kind and the hash of each address, with a space between. */
  readonly addresses: readonly string[]
}

/** Puts erasures on record, and opens those again that were completed before the database was restored from a backup. One statement. */
export async function insertErasures(
  tx: Tx,
  organizationId: string,
  erasures: readonly NewErasure[],
  { reason, by, now }: { readonly reason: string; readonly by: string; readonly now: Date },
): Promise<void> {
  await tx.prisma.$executeRaw`
    insert into erasures as e (organization_id, id, contact_id, reason, erased_by, erased_at, addresses)
    select ${organizationId}, r.id, r."contactId", ${reason}, ${by}, ${now}, r.addresses
    from json_to_recordset(${JSON.stringify(erasures)}::json) as r(id text, "contactId" text, addresses text[])
    order by r."contactId"
    on conflict (organization_id, contact_id) do update
    set completed_at = null, addresses = array(select distinct a from unnest(e.addresses || excluded.addresses) a order by a)`
}

/** An address that is on record about a contact. */
export interface AddressOnRecord {
  readonly contactId: string
  readonly kind: 'phone' | 'email' | 'external'
  readonly key: string
  /** As it was given; the key where that is not known. */
  readonly value: string
  /** Whether the contact has it now; otherwise it had it once. */
  readonly isOwn: boolean
  /** Whether another living contact has it. */
  readonly isShared: boolean
}

/** Every address that is on record about contacts: those that they have, and those in their consent and on the suppression list. One statement. */
export async function selectAddressesOnRecord(tx: Tx, organizationId: string, contactIds: readonly string[]): Promise<AddressOnRecord[]> {
  return tx.sql<AddressOnRecord[]>`
    select a.contact_id as "contactId", a.kind, a.key, max(a.value) as value, bool_or(a.is_own) as "isOwn", exists (
        select from contact_addresses o
        where o.organization_id = ${organizationId} and o.kind = a.kind and o.key = a.key and o.is_living and o.contact_id <> all(${contactIds}::text[])
      ) as "isShared"
    from (
      select contact_id, kind, key, value, true as is_own from contact_addresses
      where organization_id = ${organizationId} and contact_id = any(${contactIds}::text[])
      union all
      select contact_id, address_kind, address_key, address_key, false from consent_records
      where organization_id = ${organizationId} and contact_id = any(${contactIds}::text[]) and address_key is not null
      union all
      select contact_id, kind, key, key, false from suppressions
      where organization_id = ${organizationId} and contact_id = any(${contactIds}::text[]) and key not like 'hash:%'
    ) a
    group by a.contact_id, a.kind, a.key`
}

/** Takes what names a person out of entries of the suppression list that came from contacts. One statement. */
export async function detachSuppressions(tx: Tx, organizationId: string, contactIds: readonly string[]): Promise<void> {
  await tx.prisma.$executeRaw`
    update suppressions s set contact_id = null, record_id = null, note = null, lift_reason = null
    where s.organization_id = ${organizationId} and s.contact_id = any(${contactIds}::text[])`
}

/**
 * Erasures that are not complete and did not start just now, of every organization: a process ended on the way. A time in the future was written
 * before the clock was set back.
 */
export async function selectOpenErasures(
  tx: Tx,
  { before, now }: { readonly before: Date; readonly now: Date },
): Promise<Pick<Erasure, 'organizationId' | 'contactId'>[]> {
  return tx.sql`
    select e.organization_id as "organizationId", e.contact_id as "contactId" from erasures e
    where e.completed_at is null and (e.erased_at < ${before} or e.erased_at > ${now})
    order by e.organization_id, e.erased_at
    limit 1000`
}
