import { channels } from '../../kernel/channels.ts'
import type { ReadDb } from '../database.ts'
import { type ChannelPreference, type ConsentRecord, Prisma } from '../generated/client.ts'
import { idArray } from './id-array.ts'
import type { Relation, RelationShape } from './relations.ts'

type StoredPreference = Omit<ChannelPreference, 'organizationId'>

/** Every column of a ledger entry, under the names that Prisma gives them. */
export const consentColumns = Prisma.sql`
  r.organization_id as "organizationId", r.id, r.contact_id as "contactId", r.channel, r.state, r.source,
  r.lawful_basis as "lawfulBasis", r.purpose, r.text_version as "textVersion", r.proof_url as "proofUrl",
  r.recorded_at as "recordedAt", r.recorded_by as "recordedBy", r.created_at as "createdAt", r.topic_id as "topicId",
  r.address_kind as "addressKind", r.address_key as "addressKey", r.valid_until as "validUntil", r.external_id as "externalId",
  r.dedupe_key as "dedupeKey", r.origin, r.message_id as "messageId", r.proven`

/** Whether a row of \`channel_preferences p\` holds: an opt-in may have ended. */
export const isStillValid = Prisma.sql`(p.valid_until is null or p.valid_until > now())`

/** The recorded preferences of several contacts, in one statement. */
export async function selectPreferences(db: ReadDb, organizationId: string, contactIds: readonly string[]): Promise<StoredPreference[]> {
  return db.sql<StoredPreference[]>`
    select p.contact_id as "contactId", p.channel, p.state, p.record_id as "recordId", p.recorded_at as "recordedAt", p.valid_until as "validUntil"
    from channel_preferences p
    where p.organization_id = ${organizationId} and p.contact_id = any(${idArray(contactIds)}) and ${isStillValid}`
}

/** Ledger entries by their ids; one statement. */
export async function selectConsentRecordsByIds(db: ReadDb, organizationId: string, ids: readonly string[]): Promise<ConsentRecord[]> {
  return db.sql<ConsentRecord[]>`
    select ${consentColumns} from consent_records r
    where r.organization_id = ${organizationId} and r.id = any(${idArray(ids)})`
}

/** Always all channels: where nothing is stored, the state is unknown. */
export const preferenceShape: RelationShape = {
  columns: { '': { channel: 'channel', state: 'consent_state', recordId: 'text', recordedAt: 'timestamptz', validUntil: 'timestamptz' } },
  fixed: { column: 'channel', values: channels, defaults: { state: 'unknown' } },
}

/** The preferences of each contact of a statement. */
export const preferencesRelation: Relation = {
  shape: preferenceShape,
  rows: ({ organizationId, id }) => Prisma.sql`channel_preferences r
    where r.organization_id = ${organizationId} and r.contact_id = ${id} and (r.valid_until is null or r.valid_until > now())`,
  all: null,
}
