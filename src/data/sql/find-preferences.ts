import type { ReadDb } from '../database.ts'
import { type ConsentRecord, Prisma } from '../generated/client.ts'

/** Every column of a ledger entry, under the names that Prisma gives them. */
export const consentColumns = Prisma.sql`
  r.organization_id as "organizationId", r.id, r.contact_id as "contactId", r.channel, r.state, r.source,
  r.lawful_basis as "lawfulBasis", r.purpose, r.text_version as "textVersion", r.proof_url as "proofUrl",
  r.recorded_at as "recordedAt", r.recorded_by as "recordedBy", r.created_at as "createdAt"`

/** The ledger entries that decide, for each of several contacts; one statement. */
export async function selectDecisiveRecords(db: ReadDb, organizationId: string, contactIds: readonly string[]): Promise<ConsentRecord[]> {
  return db.$queryRaw<ConsentRecord[]>`
    select ${consentColumns}
    from channel_preferences p
    join consent_records r on r.organization_id = p.organization_id and r.id = p.record_id
    where p.organization_id = ${organizationId} and p.contact_id = any(${contactIds}::text[])`
}
