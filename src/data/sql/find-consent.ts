import type { ReadDb } from '../database.ts'
import {
  type AddressKind,
  type Channel,
  type ConsentOrigin,
  type ConsentState,
  type LawfulBasis,
  Prisma,
  type SuppressionReason,
} from '../generated/client.ts'
import { idArray } from './id-array.ts'

/** What JSON makes of the times of a row. */
type Read<Row> = { readonly [Field in keyof Row]: Row[Field] extends Date | null ? string | Extract<Row[Field], null> : Row[Field] }

interface Entry {
  readonly id: string
  readonly channel: Channel
  readonly topicId: string | null
  readonly addressKey: string | null
  readonly state: ConsentState
  readonly origin: ConsentOrigin
  readonly proven: boolean | null
  readonly purpose: string | null
  readonly lawfulBasis: LawfulBasis | null
  readonly recordedAt: Date
  readonly validUntil: Date | null
}

interface Suppressed {
  readonly reason: SuppressionReason
  readonly channel: Channel | null
  readonly topicId: string | null
  readonly since: Date
  readonly endedAt: Date | null
  readonly liftedAt: Date | null
  readonly recordId: string | null
}

interface Address {
  readonly kind: AddressKind
  readonly key: string
  readonly extension: string
  readonly value: string
  readonly isPrimary: boolean
  readonly createdAt: Date
  readonly verifiedAt: Date | null
  readonly unreachableSince: Date | null
}

export interface ConsentOfContact {
  readonly entries: readonly Entry[]
  readonly addresses: readonly (Address & { readonly suppressions: readonly Suppressed[] })[]
}

interface Row {
  readonly contactId: string
  readonly entries: readonly Read<Entry>[]
  readonly addresses: readonly (Read<Address> & { readonly suppressions: readonly Read<Suppressed>[] })[]
}

/** The ledger of each of several contacts, and its addresses with what the suppression list has about them. One statement, however many. */
export async function selectConsent(
  db: ReadDb,
  organizationId: string,
  contactIds: readonly string[],
): Promise<Map<string, ConsentOfContact>> {
  if (contactIds.length === 0) return new Map()
  const rows = await db.sql<Row[]>`
    select w.id as "contactId",
      coalesce((
        select json_agg(json_build_object('id', r.id, 'channel', r.channel, 'topicId', r.topic_id, 'addressKey', r.address_key, 'state', r.state,
          'origin', r.origin, 'proven', r.proven, 'purpose', r.purpose, 'lawfulBasis', r.lawful_basis, 'recordedAt', r.recorded_at,
          'validUntil', r.valid_until))
        from consent_records r where r.organization_id = ${organizationId} and r.contact_id = w.id
      ), '[]') as entries,
      coalesce((
        select json_agg(json_build_object('kind', a.kind, 'key', a.key, 'extension', a.extension, 'value', a.value, 'isPrimary', a.is_primary,
          'createdAt', a.created_at, 'verifiedAt', known.verified_at, 'unreachableSince', known.unreachable_since, 'suppressions', ${suppressions(organizationId)}))
        from contact_addresses a
        cross join lateral (
          -- Whether messages arrive is known of the address, whichever contact had it then.
          select max(o.verified_at) as verified_at, max(o.unreachable_since) as unreachable_since from contact_addresses o
          where o.organization_id = ${organizationId} and o.kind = a.kind and o.key = a.key
        ) known
        where a.organization_id = ${organizationId} and a.contact_id = w.id and a.kind <> 'external'
      ), '[]') as addresses
    from unnest(${idArray(contactIds)}) w(id)`
  return new Map(
    rows.map(({ contactId, entries, addresses }) => [contactId, { entries: entries.map(entryOf), addresses: addresses.map(addressOf) }]),
  )
}

function suppressions(organizationId: string): Prisma.Sql {
  return Prisma.sql`coalesce((
    select json_agg(json_build_object('reason', s.reason, 'channel', nullif(s.channel, ''), 'topicId', nullif(s.topic_id, ''), 'since', s.since,
      'endedAt', s.ended_at, 'liftedAt', s.lifted_at, 'recordId', s.record_id))
    from suppressions s where s.organization_id = ${organizationId} and s.kind = a.kind and s.key = a.key
  ), '[]')`
}

function entryOf({ recordedAt, validUntil, ...entry }: Row['entries'][number]): Entry {
  return { ...entry, recordedAt: new Date(recordedAt), validUntil: time(validUntil) }
}

function addressOf({ createdAt, verifiedAt, unreachableSince, suppressions, ...address }: Row['addresses'][number]) {
  return {
    ...address,
    createdAt: new Date(createdAt),
    verifiedAt: time(verifiedAt),
    unreachableSince: time(unreachableSince),
    suppressions: suppressions.map(({ since, endedAt, liftedAt, ...entry }) => ({
      ...entry,
      since: new Date(since),
      endedAt: time(endedAt),
      liftedAt: time(liftedAt),
    })),
  }
}

function time(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}
