import type { Tx } from '../database.ts'
import { Prisma } from '../generated/client.ts'
import type { ContactTable } from './personal-tables.ts'

/** How many rows a statement removes at most. */
export const rowsAtOnce = 5000

/**
 * Removes rows of contacts that are being erased from one table, and adds them to the counts of the erasures. One statement, for at most
 * {@link rowsAtOnce} rows. @returns how many
 */
export async function eraseRows(tx: Tx, organizationId: string, { table }: ContactTable, contactIds: readonly string[]): Promise<number> {
  const name = Prisma.raw(table)
  const rows = await tx.sql<{ count: number }[]>`
    with gone as (
      delete from ${name} t
      where t.organization_id = ${organizationId} and t.ctid = any(array(
        select d.ctid from ${name} d
        where d.organization_id = ${organizationId} and d.contact_id = any(${contactIds}::text[])
        limit ${rowsAtOnce}
      ))
      returning t.contact_id
    ),
    ${counted(organizationId, table)}
    select count(*)::int as count from gone`
  return rows[0]?.count ?? 0
}

/** The address of an erased contact and its hash. */
export interface HashedAddress {
  readonly kind: string
  readonly key: string
  readonly hash: string
}

/** Moves entries of the consent ledger to the proof that stays, in which addresses are hashed. One statement, for at most {@link rowsAtOnce}. @returns how many */
export async function keepConsentAsProof(
  tx: Tx,
  organizationId: string,
  contactIds: readonly string[],
  hashes: readonly HashedAddress[],
): Promise<number> {
  const rows = await tx.sql<{ count: number }[]>`
    with given as (select distinct * from json_to_recordset(${JSON.stringify(hashes)}::json) as r(kind address_kind, key text, hash text)),
    entries as materialized (
      select r.* from consent_records r
      where r.organization_id = ${organizationId} and r.contact_id = any(${contactIds}::text[])
      limit ${rowsAtOnce}
    ),
    gone as (
      delete from consent_records r using entries
      where r.organization_id = ${organizationId} and r.id = entries.id
      returning r.id, r.contact_id
    ),
    proof as (
      insert into erased_consents (organization_id, id, erasure_id, channel, topic_id, state, origin, lawful_basis, text_version, recorded_at,
        created_at, valid_until, address_kind, address_hash)
      select ${organizationId}, g.id, e.id, g.channel, g.topic_id, g.state, g.origin, g.lawful_basis, g.text_version, g.recorded_at, g.created_at,
        g.valid_until, g.address_kind, given.hash
      from entries g
      join erasures e on e.organization_id = ${organizationId} and e.contact_id = g.contact_id
      left join given on given.kind = g.address_kind and given.key = g.address_key
      on conflict do nothing
    ),
    ${counted(organizationId, 'consent_records')}
    select count(*)::int as count from gone`
  return rows[0]?.count ?? 0
}

/**
 * Adds the rows `gone` to the counts of the erasures of their contacts. Citus allows an update only immutable functions of columns, which
 * `jsonb_build_object` is not.
 */
function counted(organizationId: string, table: string): Prisma.Sql {
  return Prisma.sql`
    per_contact as (select contact_id, count(*) as rows from gone group by contact_id),
    counted as (
      update erasures e
      set counts = jsonb_set(e.counts, array[${table}::text], (coalesce((e.counts ->> ${table}::text)::int, 0) + p.rows)::text::jsonb)
      from per_contact p
      where e.organization_id = ${organizationId} and e.contact_id = p.contact_id
    )`
}

/** Removes the contacts themselves. Their rows in other tables must be gone. One statement. */
export async function eraseContactRows(tx: Tx, organizationId: string, contactIds: readonly string[], now: Date): Promise<void> {
  await tx.prisma.$executeRaw`
    with gone as (delete from contacts c where c.organization_id = ${organizationId} and c.id = any(${contactIds}::text[]))
    update erasures e set completed_at = ${now}
    where e.organization_id = ${organizationId} and e.contact_id = any(${contactIds}::text[]) and e.completed_at is null`
}
