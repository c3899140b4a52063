import type { Tx } from '../database.ts'

/**
 * The contacts among these, those that they were merged into, and all that were merged into those: they are the same persons. In the order of their
 * ids. One statement.
 */
export async function selectWithMerged(tx: Tx, organizationId: string, contactIds: readonly string[]): Promise<string[]> {
  const rows = await tx.sql<{ id: string }[]>`
    with recursive survivors as (
      select c.id, c.merged_into_id from contacts c where c.organization_id = ${organizationId} and c.id = any(${contactIds}::text[])
      union
      select c.id, c.merged_into_id from survivors s join contacts c on c.organization_id = ${organizationId} and c.id = s.merged_into_id
    ),
    persons as (
      select id from survivors
      union
      select m.id from persons p join contacts m on m.organization_id = ${organizationId} and m.merged_into_id = p.id
    )
    select id from persons order by id`
  return rows.map(({ id }) => id)
}

/** Removes merges in which contacts took part, with the images that they keep, and dismissals of duplicates. One statement each. */
export async function eraseMerges(tx: Tx, organizationId: string, contactIds: readonly string[]): Promise<void> {
  await tx.prisma.$executeRaw`
    delete from contact_merge_rows r using contact_merges m
    where r.organization_id = ${organizationId} and m.organization_id = ${organizationId} and r.merge_id = m.id
      and (m.into_id = any(${contactIds}::text[]) or m.from_ids && ${contactIds}::text[])`
  await tx.prisma.$executeRaw`
    delete from contact_merges m
    where m.organization_id = ${organizationId} and (m.into_id = any(${contactIds}::text[]) or m.from_ids && ${contactIds}::text[])`
  await tx.prisma.$executeRaw`
    delete from duplicate_dismissals d
    where d.organization_id = ${organizationId} and (d.one_id = any(${contactIds}::text[]) or d.other_id = any(${contactIds}::text[]))`
}
