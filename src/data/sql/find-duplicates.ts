import type { ReadDb } from '../database.ts'
import { Prisma } from '../generated/client.ts'
import { idArray } from './id-array.ts'

/** What addresses of one person have in common though they differ: the expression of the index "contact_addresses_alike". */
function alike(alias: string): Prisma.Sql {
  return Prisma.raw(`(case ${alias}.kind
    when 'email' then replace(split_part(split_part(${alias}.key, '@', 1), '+', 1), '.', '') || '@' || split_part(${alias}.key, '@', 2)
    when 'phone' then right(${alias}.key, 7)
    else substr(${alias}.key, strpos(${alias}.key, ':') + 1) end)`)
}

/** How many contacts are compared with one, of each kind of resemblance. */
const most = Prisma.raw('50')

/** Living contacts that have an address like one of a contact's, or its name; at most 50 of each. Both are looked up in an index. */
export async function selectAlike(
  db: ReadDb,
  organizationId: string,
  contactIds: readonly string[],
): Promise<{ id: string; otherId: string }[]> {
  if (contactIds.length === 0) return []
  return db.sql<{ id: string; otherId: string }[]>`
    select w.id, found.id as "otherId" from unnest(${idArray(contactIds)}) w(id)
    cross join lateral (
      select o.contact_id as id from contact_addresses m
      cross join lateral (
        select o.contact_id from contact_addresses o
        where o.organization_id = ${organizationId} and o.is_living and ${alike('o')} = ${alike('m')} and o.kind = m.kind and o.contact_id <> m.contact_id
        limit ${most}
      ) o
      where m.organization_id = ${organizationId} and m.contact_id = w.id
      union
      select n.id from contacts c
      cross join lateral (
        select n.id from contacts n
        where n.organization_id = ${organizationId} and n.deleted_at is null and n.name_key = c.name_key and n.id <> c.id
        limit ${most}
      ) n
      where c.organization_id = ${organizationId} and c.id = w.id and (c.display_name is not null or c.first_name is not null or c.last_name is not null)
    ) found`
}

/** A group of living contacts that have something in common, and its position in the list of all such groups. */
export interface AlikeGroup {
  readonly key: string
  readonly ids: readonly string[]
}

/** The next groups behind a position: those that have addresses alike, in the order of what they have in common, then those that have one name. */
export async function selectAlikeGroups(
  db: ReadDb,
  organizationId: string,
  { by, after, limit }: { readonly by: 'address' | 'name'; readonly after: string; readonly limit: number },
): Promise<AlikeGroup[]> {
  if (by === 'name') {
    return db.sql<AlikeGroup[]>`
      select c.name_key as key, (array_agg(c.id order by c.id))[1:20] as ids from contacts c
      where c.organization_id = ${organizationId} and c.deleted_at is null and c.name_key > ${after}
      group by c.name_key having count(*) > 1 order by c.name_key limit ${limit}`
  }
  return db.sql<AlikeGroup[]>`
    select ${alike('a')} as key, (array_agg(distinct a.contact_id))[1:20] as ids from contact_addresses a
    where a.organization_id = ${organizationId} and a.is_living and ${alike('a')} > ${after}
    group by 1 having count(distinct a.contact_id) > 1 order by 1 limit ${limit}`
}
