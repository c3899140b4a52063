import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import { type AddressKind, Prisma, type Suppression, type SuppressionReason } from '../generated/client.ts'
import { keyset } from './keyset.ts'

export interface SuppressionMatch {
  readonly reasons: readonly SuppressionReason[] | null
  readonly addresses: readonly { readonly kind: AddressKind; readonly key: string }[] | null
}

/** One page of the suppressions that hold, the latest first, with their number. One statement. */
export async function selectSuppressions(
  db: ReadDb,
  organizationId: string,
  { reasons, addresses }: SuppressionMatch,
  request: PageRequest,
): Promise<{ rows: Suppression[]; total: number | null }> {
  const page = keyset({ key: Prisma.sql`s.created_at`, id: Prisma.sql`s.id`, direction: 'desc' }, request)
  const keys = addresses?.map(({ kind, key }) => `${kind} ${key}`)
  const matching = Prisma.sql`s.organization_id = ${organizationId} and (s.lifted_at is null or s.since > s.lifted_at)
    and (s.ended_at is null or s.since >= s.ended_at)
    ${reasons === null ? Prisma.empty : Prisma.sql`and s.reason = any(${reasons}::text[]::suppression_reason[])`}
    ${keys === undefined ? Prisma.empty : Prisma.sql`and s.kind::text || ' ' || s.key = any(${keys}::text[])`}`
  const total = request.total
    ? Prisma.sql`(select count(*)::int from (select from suppressions s where ${matching} limit ${maxTotal + 1}) m)`
    : Prisma.sql`null::int`
  // Joined to the left, so that the total is there when the page is empty.
  const rows = await db.sql<(Suppression & { total: number | null })[]>`
    select t.total, s.* from (select ${total} as total) t
    left join lateral (
      select s.organization_id as "organizationId", s.id, s.kind, s.key, s.channel, s.topic_id as "topicId", s.reason, s.since,
        s.ended_at as "endedAt", s.lifted_at as "liftedAt", s.lifted_by as "liftedBy", s.lift_reason as "liftReason", s.note,
        s.contact_id as "contactId", s.record_id as "recordId", s.created_by as "createdBy", s.created_at as "createdAt"
      from suppressions s
      where ${matching} and ${page.condition}
      order by ${page.orderBy} limit ${page.limit}
    ) s on true`
  return { rows: rows.filter((row) => row.id !== null), total: rows[0]?.total ?? null }
}
