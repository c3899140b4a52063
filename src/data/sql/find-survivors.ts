import type { ReadDb } from '../database.ts'
import { idArray } from './id-array.ts'

/**
 * The living contacts that merged ones refer to, by the ids of the merged ones; other ids are absent. A contact that was merged into one that was merged
 * in turn refers to the last of them. One statement, however many.
 */
export async function selectSurvivors(
  db: Pick<ReadDb, 'sql'>,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.sql<{ id: string; survivor: string }[]>`
    with recursive chain as (
      select c.id, c.merged_into_id as next from contacts c
      where c.organization_id = ${organizationId} and c.id = any(${idArray(ids)}) and c.merged_into_id is not null
      union
      select chain.id, c.merged_into_id from chain
      join contacts c on c.organization_id = ${organizationId} and c.id = chain.next and c.merged_into_id is not null
    )
    select chain.id, s.id as survivor from chain
    join contacts s on s.organization_id = ${organizationId} and s.id = chain.next and s.deleted_at is null`
  return new Map(rows.map(({ id, survivor }) => [id, survivor]))
}
