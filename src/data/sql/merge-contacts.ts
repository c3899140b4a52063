import type { Tx } from '../database.ts'
import { Prisma } from '../generated/client.ts'

/** What belongs to a contact and goes with it, by the names of the tables. */
export const movedTables = [
  'messages',
  'calls',
  'tickets',
  'events',
  'notes',
  'lifecycle_transitions',
  'blocks',
  'consent_records',
  'send_reservations',
  'suggestion_outcomes',
] as const
export type MovedTable = (typeof movedTables)[number]

/** A merge, and the contacts that it moves rows between. */
export interface Moving {
  readonly organizationId: string
  readonly mergeId: string
  readonly intoId: string
  readonly fromIds: readonly string[]
}

/**
 * Gives the contact that stays what belongs to the others, and remembers whose each row was. One statement for each table, however many rows.
 * @returns how many rows of each table have moved
 */
export async function moveRows(tx: Tx, moving: Moving): Promise<Record<MovedTable, number>> {
  const counts: Partial<Record<MovedTable, number>> = {}
  for (const table of movedTables) counts[table] = await moveTable(tx, table, moving)
  return counts as Record<MovedTable, number> // proof: the loop has set every table
}

function moveTable(tx: Tx, table: MovedTable, { organizationId, mergeId, intoId, fromIds }: Moving): Promise<number> {
  const name = Prisma.raw(table)
  return tx.prisma.$executeRaw`
    with old as (
      select t.id, t.contact_id from ${name} t
      where t.organization_id = ${organizationId} and t.contact_id = any(${[...fromIds]}::text[])${movable(table, organizationId, intoId)}
    ),
    moved as (
      update ${name} t set contact_id = ${intoId} from old where t.organization_id = ${organizationId} and t.id = old.id
    )
    insert into contact_merge_rows (organization_id, merge_id, kind, row_id, contact_id)
    select ${organizationId}, ${mergeId}, ${table}, old.id, old.contact_id from old`
}

/** Of statements that several contacts have made in the same way, and of blocks that hold for several, one is enough. */
function movable(table: MovedTable, organizationId: string, intoId: string): Prisma.Sql {
  if (table === 'consent_records') {
    return Prisma.sql` and (t.dedupe_key is null or not exists (
        select from consent_records o
        where o.organization_id = ${organizationId} and o.dedupe_key = t.dedupe_key
          and (o.contact_id = ${intoId} or (o.contact_id < t.contact_id and o.contact_id in (
            select m.id from contacts m where m.organization_id = ${organizationId} and m.merged_into_id = ${intoId})))))`
  }
  if (table === 'blocks') {
    return Prisma.sql` and (t.unblocked_at is not null or not exists (
        select from blocks o
        where o.organization_id = ${organizationId} and o.unblocked_at is null
          and (o.contact_id = ${intoId} or (o.contact_id < t.contact_id and o.contact_id in (
            select m.id from contacts m where m.organization_id = ${organizationId} and m.merged_into_id = ${intoId})))))`
  }
  return Prisma.empty
}

/** Gives rows back that a merge has moved, as far as the contact that stayed still has them. One statement for each table. */
export async function returnRows(tx: Tx, { organizationId, mergeId, intoId }: Omit<Moving, 'fromIds'>): Promise<void> {
  for (const table of movedTables) {
    await tx.prisma.$executeRaw`
      update ${Prisma.raw(table)} t set contact_id = r.contact_id from contact_merge_rows r
      where r.organization_id = ${organizationId} and r.merge_id = ${mergeId} and r.kind = ${table}
        and t.organization_id = ${organizationId} and t.id = r.row_id and t.contact_id = ${intoId}`
  }
  // Refusals that only the merge has put on record.
  await tx.prisma.$executeRaw`
    delete from consent_records c
    where c.organization_id = ${organizationId} and c.contact_id = ${intoId} and c.origin = 'merge' and c.external_id = ${mergeId}`
  await tx.prisma.$executeRaw`delete from contact_merge_rows r where r.organization_id = ${organizationId} and r.merge_id = ${mergeId}`
}

/** How many rows the contact that stayed has got since a merge, by table. */
export async function countSince(
  tx: Tx,
  { organizationId, mergeId, intoId }: Omit<Moving, 'fromIds'>,
  since: Date,
): Promise<{ table: string; count: number }[]> {
  const tables = ['messages', 'calls', 'tickets', 'events', 'notes', 'consent_records'] as const
  const counts = tables.map(
    (table) => Prisma.sql`
      select ${table} as "table", count(*)::int as count from ${Prisma.raw(table)} t
      where t.organization_id = ${organizationId} and t.contact_id = ${intoId} and t.created_at > ${since}
        and not exists (
          select from contact_merge_rows r
          where r.organization_id = ${organizationId} and r.merge_id = ${mergeId} and r.kind = ${table} and r.row_id = t.id)`,
  )
  const rows = await tx.sql<{ table: string; count: number }[]>`${Prisma.join(counts, ' union all ')}`
  return rows.filter(({ count }) => count > 0)
}

/** Lets the ids of contacts refer to another one, and gives that one their addresses. The contacts must be locked. Two statements. */
export async function setMerged(tx: Tx, { organizationId, intoId, fromIds }: Moving, now: Date): Promise<void> {
  const ids = [...fromIds]
  await tx.prisma.$executeRaw`
    update contacts c set merged_into_id = ${intoId}, deleted_at = ${now}, updated_at = ${now}, revision = c.revision + 1
    where c.organization_id = ${organizationId} and c.id = any(${ids}::text[])`
  await tx.prisma.$executeRaw`
    with mine as (
      select distinct on (a.kind, a.key, a.extension) a.kind, a.key, a.extension, a.contact_id from contact_addresses a
      where a.organization_id = ${organizationId} and a.contact_id = any(${ids}::text[])
        and not exists (
          select from contact_addresses o
          where o.organization_id = ${organizationId} and o.contact_id = ${intoId} and o.kind = a.kind and o.key = a.key and o.extension = a.extension)
      order by a.kind, a.key, a.extension, a.contact_id
    ),
    others as (
      update contact_addresses a set is_living = false
      where a.organization_id = ${organizationId} and a.contact_id = any(${ids}::text[])
        and not exists (
          select from mine where mine.contact_id = a.contact_id and mine.kind = a.kind and mine.key = a.key and mine.extension = a.extension)
    )
    update contact_addresses a set contact_id = ${intoId}, is_primary = false from mine
    where a.organization_id = ${organizationId} and a.contact_id = mine.contact_id and a.kind = mine.kind and a.key = mine.key
      and a.extension = mine.extension`
}

/** Lets merged contacts live again. */
export async function reviveMerged(tx: Tx, { organizationId, intoId, fromIds }: Moving, now: Date): Promise<void> {
  await tx.prisma.$executeRaw`
    update contacts c set merged_into_id = null, deleted_at = null, updated_at = ${now}, revision = c.revision + 1
    where c.organization_id = ${organizationId} and c.id = any(${[...fromIds]}::text[]) and c.merged_into_id = ${intoId}`
}

/** An address as it was before a merge. */
export interface AddressBefore {
  readonly contactId: string
  readonly kind: string
  readonly key: string
  readonly extension: string
  readonly value: string
  readonly label: string | null
  readonly isPrimary: boolean
  readonly verifiedAt: string | null
  readonly unreachableSince: string | null
  readonly unreachableReason: string | null
  readonly createdAt: string
  readonly isShared: boolean
}

/**
 * Gives contacts the addresses back that they had before a merge, with what has become known about them since. Those that another contact has by now are
 * refused by the database.
 */
export async function returnAddresses(
  tx: Tx,
  { organizationId, intoId }: Pick<Moving, 'organizationId' | 'intoId'>,
  addresses: readonly AddressBefore[],
): Promise<void> {
  await tx.prisma.$executeRaw`
    with given as (
      select * from json_to_recordset(${JSON.stringify(addresses)}::json) as r("contactId" text, kind address_kind, key text, extension text,
        value text, label text, "isPrimary" boolean, "verifiedAt" timestamptz, "unreachableSince" timestamptz, "unreachableReason" text,
        "createdAt" timestamptz, "isShared" boolean)
    ),
    taken as (
      delete from contact_addresses a using given r
      where a.organization_id = ${organizationId} and a.contact_id in (${intoId}, r."contactId") and a.kind = r.kind and a.key = r.key
        and a.extension = r.extension
      returning r."contactId" as contact_id, a.key, a.extension, a.verified_at, a.unreachable_since, a.unreachable_reason
    )
    insert into contact_addresses (organization_id, kind, key, extension, contact_id, value, label, is_primary, is_living, verified_at,
      unreachable_since, unreachable_reason, created_at, is_shared)
    select ${organizationId}, r.kind, r.key, r.extension, r."contactId", r.value, r.label, r."isPrimary", true,
      greatest(r."verifiedAt", max(t.verified_at)), greatest(r."unreachableSince", max(t.unreachable_since)),
      coalesce(max(t.unreachable_reason), r."unreachableReason"), r."createdAt", r."isShared"
    from given r
    left join taken t on t.contact_id = r."contactId" and t.key = r.key and t.extension = r.extension
    group by r.kind, r.key, r.extension, r."contactId", r.value, r.label, r."isPrimary", r."verifiedAt", r."unreachableSince", r."unreachableReason",
      r."createdAt", r."isShared"`
}

/** Addresses of contacts as {@link returnAddresses} takes them. */
export async function selectAddressesBefore(tx: Tx, organizationId: string, ids: readonly string[]): Promise<AddressBefore[]> {
  const rows = await tx.sql<{ row: AddressBefore }[]>`
    select json_build_object('contactId', a.contact_id, 'kind', a.kind, 'key', a.key, 'extension', a.extension, 'value', a.value, 'label', a.label,
      'isPrimary', a.is_primary, 'verifiedAt', a.verified_at, 'unreachableSince', a.unreachable_since, 'unreachableReason', a.unreachable_reason,
      'createdAt', a.created_at, 'isShared', a.is_shared) as row
    from contact_addresses a where a.organization_id = ${organizationId} and a.contact_id = any(${[...ids]}::text[])
    order by a.contact_id, a.kind, a.key, a.extension`
  return rows.map(({ row }) => row)
}
