import type { Tx } from '../database.ts'
import { idArray } from './id-array.ts'

/** The migration from which on what the release before this one writes has to be adopted. */
const migration = '20261129210016_adopt_previous_release'

/** When this database got the tables that the release before does not keep. Null if it is not one of ours. */
export async function selectUpgradedAt(db: Pick<Tx, 'sql'>): Promise<Date | null> {
  const rows = await db.sql<{ at: Date | null }[]>`
    select finished_at as at from _prisma_migrations where migration_name = ${migration} and finished_at is not null`
  return rows[0]?.at ?? null
}

/**
 * Those of some contacts that are not in the tables of this release as they are on record: a process of the release before wrote them. Contacts that have
 * been merged into others are left out. One statement.
 * @param since when this release's tables were made
 */
export async function selectUnadopted(
  db: Pick<Tx, 'sql'>,
  organizationId: string,
  { contactIds, since }: { readonly contactIds: readonly string[]; readonly since: Date },
): Promise<string[]> {
  const rows = await db.sql<{ id: string }[]>`
    select c.id
    from unnest(${idArray(contactIds)}) given(id)
    cross join lateral (select c.* from contacts c where c.organization_id = ${organizationId} and c.id = given.id limit 1) c
    cross join lateral (
      select max(a.value || ' ' || a.extension) filter (where a.is_primary and a.kind = 'phone') as phone,
        max(a.key) filter (where a.is_primary and a.kind = 'email') as email,
        coalesce(bool_or(a.is_living <> (c.deleted_at is null)), false) as is_wrong
      from contact_addresses a where a.organization_id = ${organizationId} and a.contact_id = c.id
    ) a
    where c.merged_into_id is null and (
      a.is_wrong or c.phone || ' ' || c.phone_extension is distinct from a.phone or c.email_key is distinct from a.email
      or (c.search_version > 0 and c.search_text <> '' and c.search_text not like ' %')
      or exists (
        select from consent_records r
        where r.organization_id = ${organizationId} and r.contact_id = c.id and r.dedupe_key is null and r.created_at >= ${since})
      or exists (
        select from blocks b
        where b.organization_id = ${organizationId} and b.contact_id = c.id and greatest(b.blocked_at, b.unblocked_at) >= ${since}))`
  return rows.map(({ id }) => id)
}

/**
 * Brings a contact into the tables of this release, unless it has been merged into another one since; what it is found by has to be worked out
 * again. At most two statements, in one transaction.
 */
export async function adoptContact(tx: Tx, organizationId: string, id: string): Promise<void> {
  const present = await tx.prisma.$executeRaw`
    update contacts c set search_version = case when c.search_text = '' or c.search_text like ' %' then c.search_version else 0 end
    where c.organization_id = ${organizationId} and c.id = ${id} and c.merged_into_id is null`
  if (present > 0) await tx.sql`select adopt_previous_release(${organizationId}, ${[id]}::text[])::text as done`
}
