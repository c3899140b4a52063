import type { EmailAddress } from '../../kernel/email.ts'
import { newId } from '../../kernel/ids.ts'
import type { E164 } from '../../kernel/phone.ts'
import type { SecretKeys } from '../../kernel/secret-keys.ts'
import type { ReadDb, Tx } from '../database.ts'
import { type AddressKind, type ContactAddress, Prisma } from '../generated/client.ts'
import { idArray } from './id-array.ts'
import { revealAddresses } from './rekey-suppressions.ts'
import type { Relation, RelationShape } from './relations.ts'

/** A value of each kind, which was parsed before it came here. */
type Value =
  | { readonly kind: 'phone'; readonly value: E164 }
  | { readonly kind: 'email'; readonly value: EmailAddress }
  | { readonly kind: 'external'; readonly value: string }

/** An address or an external id of a contact: what names it, and what is known about it. Only values that were parsed are stored. */
export type StoredAddress = Value & Readonly<Omit<ContactAddress, 'organizationId' | 'isLiving' | 'isShared' | 'kind' | 'value'>>

/** An address as it will be stored. */
export type NewAddress = Value & Pick<StoredAddress, 'key' | 'extension' | 'label' | 'isPrimary'>

const columns = Prisma.sql`
  a.contact_id as "contactId", a.kind, a.key, a.extension, a.value, a.label, a.is_primary as "isPrimary", a.verified_at as "verifiedAt",
  a.unreachable_since as "unreachableSince", a.unreachable_reason as "unreachableReason", a.created_at as "createdAt"`

/** The primary one first, then the oldest. */
const inOrder = (table: string) => Prisma.raw(`${table}.is_primary desc, ${table}.created_at, ${table}.key, ${table}.extension`)

/** All addresses and external ids of several contacts, living or deleted, in the order of lists. One statement, however many. */
export async function selectAddresses(db: ReadDb, organizationId: string, contactIds: readonly string[]): Promise<StoredAddress[]> {
  if (contactIds.length === 0) return []
  return db.sql<StoredAddress[]>`
    select ${columns} from contact_addresses a
    where a.organization_id = ${organizationId} and a.contact_id = any(${idArray(contactIds)})
    order by a.contact_id, a.kind, ${inOrder('a')}`
}

/** Rows by the contact that they belong to. */
export function groupByContact<Row extends { readonly contactId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) {
    const group = found.get(row.contactId)
    if (group === undefined) found.set(row.contactId, [row])
    else group.push(row)
  }
  return found
}

/** The addresses of several contacts that are not the primary ones, and their external ids. */
export type FurtherAddress = Value & Pick<StoredAddress, 'contactId' | 'key' | 'extension'>

export async function selectFurtherAddresses(
  db: Pick<ReadDb, 'sql'>,
  organizationId: string,
  contactIds: readonly string[],
): Promise<FurtherAddress[]> {
  if (contactIds.length === 0) return []
  return db.sql<FurtherAddress[]>`
    select a.contact_id as "contactId", a.kind, a.key, a.extension, a.value from contact_addresses a
    where a.organization_id = ${organizationId} and a.contact_id = any(${idArray(contactIds)}) and not a.is_primary`
}

/** What an address is compared by. */
export type AddressKey = Pick<StoredAddress, 'kind' | 'key' | 'extension'>

/** Which living contacts have any of these addresses, primary or not. */
export async function selectHolders(
  db: ReadDb,
  organizationId: string,
  keys: readonly AddressKey[],
): Promise<(AddressKey & { readonly contactId: string })[]> {
  if (keys.length === 0) return []
  const [kinds, texts, extensions] = [keys.map(({ kind }) => kind), keys.map(({ key }) => key), keys.map(({ extension }) => extension)]
  return db.sql<(AddressKey & { contactId: string })[]>`
    select k.kind::address_kind as kind, k.key, k.extension, a.contact_id as "contactId"
    from unnest(${idArray(kinds)}, ${idArray(texts)}, ${idArray(extensions)}) k(kind, key, extension)
    cross join lateral (
      select a.contact_id from contact_addresses a
      where a.organization_id = ${organizationId} and a.kind = k.kind::address_kind and a.key = k.key and a.extension = k.extension and a.is_living
      limit 1
    ) a`
}

/** The deleted contacts that had any of these addresses and can be restored. */
export async function selectFormerHolders(db: ReadDb, organizationId: string, keys: readonly AddressKey[]): Promise<string[]> {
  const [kinds, texts, extensions] = [keys.map(({ kind }) => kind), keys.map(({ key }) => key), keys.map(({ extension }) => extension)]
  const rows = await db.sql<{ id: string }[]>`
    select distinct c.id from unnest(${idArray(kinds)}, ${idArray(texts)}, ${idArray(extensions)}) k(kind, key, extension)
    join contact_addresses a on a.organization_id = ${organizationId} and a.kind = k.kind::address_kind and a.key = k.key and a.extension = k.extension
      and not a.is_living
    join contacts c on c.organization_id = ${organizationId} and c.id = a.contact_id and c.deleted_at is not null and c.merged_into_id is null
    order by c.id
    limit 20`
  return rows.map(({ id }) => id)
}

/** A change of the addresses of a contact. What is primary is for the statements that write contacts to say, except that `keep` can end it. */
export type AddressChange = NewAddress & { readonly contactId: string; readonly op: 'add' | 'keep' | 'remove' }

/**
 * Adds, labels and removes addresses of contacts that the transaction has locked. One statement, however many. A contact that gets a blocked address is
 * blocked; in front of it, suppressions of erased persons are found, if addresses are new.
 */
export async function writeAddresses(
  tx: Tx,
  organizationId: string,
  changes: readonly AddressChange[],
  { now, secretKeys }: { readonly now: Date; readonly secretKeys: SecretKeys },
): Promise<void> {
  if (changes.length === 0) return
  const added = changes.filter(({ op, kind }) => op === 'add' && kind !== 'external')
  await revealAddresses(tx, organizationId, secretKeys, added)
  const rows = changes.map((change) => ({ ...change, blockId: newId('block') }))
  const isSame = Prisma.sql`a.organization_id = ${organizationId} and a.contact_id = r."contactId" and a.kind = r.kind and a.key = r.key and a.extension = r.extension`
  await tx.prisma.$executeRaw`
    with given as (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as r(
        "contactId" text, kind address_kind, key text, extension text, value text, label text, "isPrimary" boolean, op text, "blockId" text)
    ),
    removed as (delete from contact_addresses a using given r where ${isSame} and r.op = 'remove'),
    kept as (
      update contact_addresses a set label = r.label, is_primary = r."isPrimary" from given r where ${isSame} and r.op = 'keep'
    ),
    added as (
      insert into contact_addresses (organization_id, kind, key, extension, contact_id, value, label, is_primary, created_at)
      select ${organizationId}, r.kind, r.key, r.extension, r."contactId", r.value, r.label, false, ${now} from given r where r.op = 'add'
      on conflict (organization_id, kind, key, extension, contact_id) do update set value = excluded.value, label = excluded.label
    ),
    blocked as (
      update contacts c set blocked_at = hit.since
      from (
        select distinct on (r."contactId") r."contactId", r."blockId", s.since, s.note, s.created_by
        from given r
        join suppressions s on s.organization_id = ${organizationId} and s.kind = r.kind and s.key = r.key and s.reason = 'block'
          and (s.lifted_at is null or s.since > s.lifted_at)
        where r.op = 'add' and r.kind <> 'external'
        order by r."contactId", s.since desc
      ) hit
      where c.organization_id = ${organizationId} and c.id = hit."contactId" and c.blocked_at is null
      returning c.id, hit."blockId", hit.since, hit.note, hit.created_by
    )
    insert into blocks (organization_id, id, contact_id, reason, blocked_at, blocked_by)
    select ${organizationId}, b."blockId", b.id, b.note, b.since, b.created_by from blocked b`
}

const shape: RelationShape = {
  columns: {
    '': {
      contactId: 'text',
      kind: 'address_kind',
      key: 'text',
      extension: 'text',
      value: 'text',
      label: 'text',
      isPrimary: 'boolean',
      verifiedAt: 'timestamptz',
      unreachableSince: 'timestamptz',
      unreachableReason: 'text',
      createdAt: 'timestamptz',
    },
  },
}

/** The addresses of one kind of each contact of a statement. */
function addressesRelation(kind: AddressKind): Relation {
  return {
    shape,
    rows: ({ organizationId, id }) => Prisma.sql`
      select r.* from contact_addresses r
      where r.organization_id = ${organizationId} and r.contact_id = ${id} and r.kind = ${Prisma.raw(`'${kind}'`)}
      order by ${inOrder('r')}`,
    all: null,
  }
}

export const addressRelations: Readonly<Record<AddressKind, Relation>> = {
  phone: addressesRelation('phone'),
  email: addressesRelation('email'),
  external: addressesRelation('external'),
}
